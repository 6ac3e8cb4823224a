"""What each line of a text is made of, counted over the whole text at once."""

import unicodedata
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[Any]
"""Numbers with a fraction, or flags: rows are blocks, columns are features."""

LONGEST: Final = 4000
"""Characters of a line that are looked at."""

(
    _UPPER, _LETTER, _DIGIT, _COMMA, _PIPE, _QUOTE, _STOP, _SPACE, _DENSE, _LOWER, _ASKS, _EXCLAIMS,
    _HYPHEN,
) = (1 << bit for bit in range(13))  # fmt: skip
_UNKNOWN = 1 << 15
_STOPS = ".!?…。！？؟।։۔"
_DENSE_STOPS = "。！？"
_QUOTES = '"“”«»„「」『』‘’'
_CLOSING = " '\"”»“’)]』」›"
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
        bits |= _DIGIT
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
    return bits


def _classes(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16]:
    """The class bits of each character; those met for the first time are looked up."""
    bits = _CLASSES[codes]
    if (bits == _UNKNOWN).any():
        for point in np.unique(codes[bits == _UNKNOWN]):
            _CLASSES[point] = _class(chr(point))
        bits = _CLASSES[codes]
    return bits


NAMES: Final = (
    "upper", "digits", "commas", "pipes", "quotes", "sentences", "spaces", "letters", "capitals",
    "dense", "ends_stop", "ends_dots", "ends_colon", "starts_lower", "starts_digit", "starts_quote",
    "address", "question", "exclaims", "hyphen_start", "length",
)  # fmt: skip


def form(lines: list[str]) -> tuple[Floats, Floats]:
    """(features as `NAMES` says, characters of each line) of non-empty lines."""
    cut = [line[:LONGEST] for line in lines]
    sizes = np.array([len(line) for line in cut], dtype=np.int64)
    joined = "\n".join(cut) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    bits = _classes(codes)
    starts = np.zeros(len(cut), dtype=np.int64)
    np.cumsum(sizes[:-1] + 1, out=starts[1:])

    def count(mask: npt.NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(mask.astype(np.int32), starts).astype(np.float32)

    def has(flag: int) -> npt.NDArray[np.bool_]:
        mask: npt.NDArray[np.bool_] = (bits & flag) != 0
        return mask

    space = has(_SPACE)
    after_space = np.empty_like(space)
    after_space[0] = True
    after_space[1:] = space[:-1]
    before_space = np.empty_like(space)
    before_space[-1] = True
    before_space[:-1] = space[1:] | has(_QUOTE)[1:] | has(_DENSE)[1:]
    letter, upper, stop = has(_LETTER), has(_UPPER), has(_STOP)
    letters = count(letter)
    some_letters = np.maximum(letters, 1)
    length = np.maximum(sizes, 1).astype(np.float32)
    capitals = count(upper & after_space)
    begun = np.maximum(count(letter & after_space), 1)
    first = bits[starts]
    every = np.bitwise_or.reduceat(bits, starts)
    tails = [line.rstrip(_CLOSING)[-3:] for line in cut]
    columns = [
        count(upper) / some_letters,
        count(has(_DIGIT)) / length,
        count(has(_COMMA)) / np.maximum(letters / 6, 1),
        np.minimum(count(has(_PIPE)), 10),
        np.minimum(count(has(_QUOTE)), 6),
        np.minimum(count(stop & before_space), 8),
        count(space) / length,
        letters / length,
        capitals / begun,
        count(has(_DENSE)) / some_letters,
        _flags([tail[-1:] in _STOPS and tail != "" for tail in tails]),
        _flags([tail.endswith(("…", "...", "[…", "[...")) for tail in tails]),
        _flags([tail.endswith((":", "：")) for tail in tails]),
        (first & _LOWER) != 0,
        (first & _DIGIT) != 0,
        (first & _QUOTE) != 0,
        _flags(["@" in line or "http" in line or "www." in line or ".com" in line for line in cut]),
        (every & _ASKS) != 0,
        (every & _EXCLAIMS) != 0,
        (first & _HYPHEN) != 0,
        np.log1p(length),
    ]
    return np.stack(columns, axis=1).astype(np.float32), length


def _flags(values: list[bool]) -> Floats:
    return np.array(values, dtype=np.float32)
