"""What each line of a text is made of, counted over the whole text at once."""

import unicodedata
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.text.strings import code_points

Floats: TypeAlias = npt.NDArray[Any]
"""Numbers with a fraction, or flags: rows are blocks, columns are features."""
Ints: TypeAlias = npt.NDArray[np.int64]

LONGEST: Final = 4000
"""Characters of a line that are looked at."""

(
    _UPPER, _LETTER, DIGIT, _COMMA, _PIPE, _QUOTE, _STOP, _SPACE, _DENSE, _LOWER, _ASKS, _EXCLAIMS,
    _HYPHEN, WORD, SINGLE,
) = (1 << bit for bit in range(15))  # fmt: skip
"""What a character is; `WORD` and `SINGLE` are those of words, and those that are words alone; a
`DIGIT` is decimal."""
_UNKNOWN = 1 << 15
_STOPS = ".!?…。！？؟।։۔"
_DOT, _ELLIPSIS, *_COLONS = (ord(sign) for sign in ".…:：")
_ADDRESSES: Final = ("@", "http", "www.", ".com")
_QUOTES = '"“”«»„「」『』‘’'
_CLOSES: Final = np.zeros(0x10000, dtype=bool)
"""What may stand after the end of a sentence, and the end of a line."""
_CLOSES[[ord(sign) for sign in "\n '\"”»“’)]』」›"]] = True
_IDEOGRAPHS: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
)  # fmt: skip
"""Characters of the scripts that write no spaces between words."""
_CLASSES = np.full(0x110000, _UNKNOWN, dtype=np.uint16)


def _class(char: str) -> int:
    bits = 0
    category = unicodedata.category(char)
    if category[0] in "LM":
        bits |= _LETTER
        bits |= _UPPER if category in ("Lu", "Lt") else 0
        bits |= _LOWER if category == "Ll" else 0
        bits |= _DENSE if 0x2E80 <= ord(char) <= 0xFAFF or 0x0E00 <= ord(char) <= 0x0EFF else 0
    elif category == "Nd":
        bits |= DIGIT
    elif char in ",;，、،；؛":
        bits |= _COMMA
    elif char in "|›»•·>»/→":
        bits |= _PIPE
    elif char in _STOPS:
        bits |= _STOP
    elif char.isspace():
        bits |= _SPACE
    if char in _QUOTES:
        bits |= _QUOTE
    if char in "?？؟":
        bits |= _ASKS
    elif char in "!！":
        bits |= _EXCLAIMS
    elif char in "-–—•*·►▪●#":
        bits |= _HYPHEN
    if char == "©" or any(low <= ord(char) <= high for low, high in _IDEOGRAPHS):
        bits |= SINGLE
    elif char.isalnum() or char == "_":
        bits |= WORD
    return bits


def classes(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint16]:
    """The class bits of each character; those met for the first time are looked up."""
    bits: npt.NDArray[np.uint16] = _CLASSES.take(codes)
    if bits.max(initial=0) >= _UNKNOWN:
        for point in set(codes[bits == _UNKNOWN].tolist()):
            _CLASSES[point] = _class(chr(point))
        bits = _CLASSES.take(codes)
    return bits


def codes_of(text: str) -> npt.NDArray[np.int64]:
    """The code points of a text: as numbers of which arrays are asked soonest."""
    return code_points(text).astype(np.int64)


_COUNTED: Final = 9
"""So many flags, the first ones, are counted."""
_BITS, _MANY = 12, 5
"""Bits of a count, which do for `LONGEST`, and the counts that are held, and summed up, at once."""
_FLAGS: Final = (np.arange(1 << _COUNTED) >> np.arange(_COUNTED)[:, None]) & 1
_LANE, _SHIFT = np.divmod(np.arange(_COUNTED), _MANY)
_LANES: Final = [
    np.sum((_FLAGS << (_SHIFT * _BITS)[:, None])[lane == _LANE], axis=0) for lane in set(_LANE)
]

NAMES: Final = (
    "upper", "digits", "commas", "pipes", "quotes", "sentences", "spaces", "letters", "capitals",
    "dense", "ends_stop", "ends_dots", "ends_colon", "starts_lower", "starts_digit", "starts_quote",
    "address", "question", "exclaims", "hyphen_start", "length",
)  # fmt: skip


class Letters(NamedTuple):
    """The characters of all lines in a row, a line break after each line.

    `lines` are cut to `LONGEST` characters; `sizes` and `starts` say how many characters each has
    and where it begins in `joined`, whose characters are `codes`, of the classes `bits`.
    """

    lines: list[str]
    joined: str
    codes: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint16]
    sizes: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


def read_letters(lines: list[str]) -> Letters:
    """The characters of non-empty lines without line breaks in them."""
    joined = "\n".join(lines) + "\n"
    sizes = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
    if sizes.max(initial=0) > LONGEST:
        return read_letters([line[:LONGEST] for line in lines])
    codes = codes_of(joined)
    starts = np.zeros(len(lines), dtype=np.int64)
    np.cumsum(sizes[:-1] + 1, out=starts[1:])
    return Letters(lines, joined, codes, classes(codes), sizes, starts)


def form(text: Letters) -> Floats:
    """The features that `NAMES` tells, of each line."""
    _, joined, _, bits, sizes, starts = text
    told = (bits & ((1 << _COUNTED) - 1)).astype(np.int64)
    stops = np.flatnonzero((bits & _STOP) != 0)
    told[stops[(bits[stops + 1] & (_SPACE | _QUOTE | _DENSE)) == 0]] -= _STOP
    sums = np.array([np.add.reduceat(lane.take(told), starts) for lane in _LANES])
    # How many characters of each line have each flag.
    sums = (sums[_LANE] >> (_SHIFT * _BITS)[:, None]) & ((1 << _BITS) - 1)
    count = list(sums.astype(np.float32))
    begins = np.append(0, np.flatnonzero((bits[:-1] & _SPACE) != 0) + 1)
    begun = bits[begins]
    capitals, begun = (
        np.diff(np.searchsorted(some, starts), append=len(some)).astype(np.float32)
        for some in (begins[(begun & _UPPER) != 0], begins[(begun & _LETTER) != 0])
    )
    letters = count[1]
    some_letters = np.maximum(letters, 1)
    length = np.maximum(sizes, 1).astype(np.float32)
    first = bits[starts]
    every = np.bitwise_or.reduceat(bits, starts)
    ends_stop, ends_dots, ends_colon = _endings(text)
    columns = [
        count[0] / some_letters,
        count[2] / length,
        count[3] / np.maximum(letters / 6, 1),
        np.minimum(count[4], 10),
        np.minimum(count[5], 6),
        np.minimum(count[6], 8),
        count[7] / length,
        letters / length,
        capitals / np.maximum(begun, 1),
        count[8] / some_letters,
        ends_stop,
        ends_dots,
        ends_colon,
        (first & _LOWER) != 0,
        (first & DIGIT) != 0,
        (first & _QUOTE) != 0,
        _addresses(joined, starts),
        (every & _ASKS) != 0,
        (every & _EXCLAIMS) != 0,
        (first & _HYPHEN) != 0,
        np.log1p(length),
    ]
    return np.ascontiguousarray(np.array(columns, dtype=np.float32).T)


def _endings(text: Letters) -> tuple[Floats, Floats, Floats]:
    """Which lines end in a full stop, in dots, in a colon, marks that close a quotation aside."""
    codes, starts = text.codes, text.starts
    last = starts + text.sizes - 1
    rows = np.arange(len(starts))
    while len(rows):
        # Beyond the table nothing closes: its last place says so for all.
        rows = rows[_CLOSES.take(codes[last[rows]], mode="clip")]
        last[rows] -= 1
        rows = rows[last[rows] >= starts[rows]]
    end = np.where(last >= starts, codes[last], 0)
    stop = (end != 0) & ((text.bits[last] & _STOP) != 0)
    three = (end == _DOT) & (last - 2 >= starts)
    two, one = codes[np.maximum(last - 2, 0)], codes[np.maximum(last - 1, 0)]
    three &= (one == _DOT) & (two == _DOT)
    return stop, three | (end == _ELLIPSIS), (end == _COLONS[0]) | (end == _COLONS[1])


def _addresses(joined: str, starts: Ints) -> Floats:
    """Which lines hold a mail or web address; most texts have few, many none."""
    found = np.zeros(len(starts), dtype=np.float32)
    for sign in _ADDRESSES:
        at = joined.find(sign)
        while at >= 0:
            line = int(np.searchsorted(starts, at, side="right"))
            found[line - 1] = 1
            # Each line is asked once.
            at = joined.find(sign, int(starts[line])) if line < len(starts) else -1
    return found
