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


_BEGINS: Final = 9
_COUNTED: Final = (1 << _BEGINS) - 1
_COUNTS: Final = np.arange(_BEGINS + 2)[:, None]
_BEGUN: Final = _UPPER | _LETTER
"""The flags that are counted: the first nine and, for capitals and letters that begin a word, two
more bits above those."""


def _lanes(bits: int) -> list[npt.NDArray[np.int64]]:
    """Counts of `bits` bits each, as many in a number as there is room for: summed up at once."""
    flags = np.arange(1 << (_BEGINS + 2), dtype=np.int64)
    many = 62 // bits
    lanes = []
    for first in range(0, _BEGINS + 2, many):
        each = [((flags >> (first + place)) & 1) << (place * bits) for place in range(many)]
        lanes.append(np.sum(each, axis=0))
    return lanes


_LANES: Final = {bits: _lanes(bits) for bits in (10, 12)}
"""For lines of fewer characters than so many bits can count; 12 do for `LONGEST`."""

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
    space = (bits & _SPACE) != 0
    ends = np.empty(len(bits), dtype=bool)
    np.not_equal(bits[1:] & (_SPACE | _QUOTE | _DENSE), 0, out=ends[:-1])
    ends[-1] = True
    told = bits & _COUNTED
    told &= ~np.where(ends, np.uint16(0), np.uint16(_STOP))
    told[1:] |= np.where(space[:-1], bits[1:] & _BEGUN, np.uint16(0)) << np.uint16(_BEGINS)
    told[:1] |= (bits[:1] & _BEGUN) << np.uint16(_BEGINS)
    width = 10 if sizes.max(initial=0) < 1 << 10 else 12
    which = told.astype(np.int64)
    sums = np.array([np.add.reduceat(lane.take(which), starts) for lane in _LANES[width]])
    # How many characters of each line have each bit of `told`.
    lane, shift = np.divmod(_COUNTS, 62 // width)
    sums = (sums[lane[:, 0]] >> (shift * width)) & ((1 << width) - 1)
    count = list(sums.astype(np.float32))
    letters = count[1]
    some_letters = np.maximum(letters, 1)
    length = np.maximum(sizes, 1).astype(np.float32)
    capitals = count[_BEGINS]
    begun = np.maximum(count[_BEGINS + 1], 1)
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
        capitals / begun,
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
    # Beyond the table nothing closes: its last place says so for all.
    places = np.arange(len(codes))
    places[_CLOSES.take(codes, mode="clip")] = -1
    last = np.maximum.reduceat(places, starts)
    end = np.where(last >= 0, codes[last], 0)
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
