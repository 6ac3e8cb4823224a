"""Texts cut at white space, many at once: where their pieces are, and the numbers they have.

All of it is done by whole arrays of bytes: a piece is known by 64 bits of hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbits

import numpy as np

from index.search.segment import Array
from index.text.strings import Strings

LONG = 160
"""Bytes of a piece that is remembered: longer ones are sentences without spaces, or litter."""
_WIDTH = 8
_WIDEST = 3
_LETTER, _SPACE, _MAYBE = 0, 1, 2
# White space as str.split has it: one byte each, or two or three that begin with one of a few.
_CLASSES = bytearray(256)
for _byte in b"\t\n\v\f\r\x1c\x1d\x1e\x1f ":
    _CLASSES[_byte] = _SPACE
for _byte in b"\xc2\xe1\xe2\xe3":
    _CLASSES[_byte] = _MAYBE
_POINTS = (*range(0x2000, 0x200B), 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_WIDE = np.array([int.from_bytes(chr(point).encode()) for point in _POINTS])
_TWO = np.array([0xC285, 0xC2A0])
# What may part the groups of a number: a space, a no-break space, a narrow one, a thin one.
_PARTING = np.array([0x20, 0xC2A0, 0xE280AF, 0xE28089])
_MASKS = np.array([2 ** (8 * size) - 1 for size in range(_WIDTH + 1)], np.uint64)
# Secret and odd: nobody can write two words that are taken for one.
_BEGIN, _FIRST, _SECOND = (np.uint64(randbits(63) << 1 | 1) for _ in range(3))
_HALF, _SHIFT = np.uint64(32), np.uint64(29)


@dataclass(slots=True)
class Split:
    """The pieces of some texts: bytes [starts, ends) of `raw`, and how many each text has."""

    raw: bytes
    starts: Array
    ends: Array
    counts: Array

    def texts(self, places: Array) -> list[str]:
        """Some of the pieces as text."""
        if not len(places):
            return []
        whole = Strings(np.frombuffer(self.raw, np.uint8), self.starts)
        lines = whole.cut(self.starts[places], self.ends[places]).lines()
        return lines.decode("utf-8", "surrogatepass").split("\n")

    def parted(self, places: Array) -> Array:
        """Behind which pieces stands just one character that may part the groups of a number."""
        letters = np.frombuffer(self.raw, np.uint8)
        at = self.ends[places]
        gaps = self.starts[places + 1] - at
        code = letters[at].astype(np.int64)
        for more in (1, 2):
            code = np.where(gaps > more, code << 8 | letters[at + more], code)
        found: Array = (gaps <= _WIDEST) & np.isin(code, _PARTING)
        return found


def split(texts: Sequence[str]) -> Split:
    """Cut texts where `str.split` would."""
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    raw = b"".join((b"\n", b"\n".join(parts), b"\n" * (_WIDTH + 1)))
    classes = np.frombuffer(raw.translate(bytes(_CLASSES)), np.uint8)
    spaces = classes == _SPACE
    if not raw.isascii():
        _mark_wide(np.frombuffer(raw, np.uint8), np.flatnonzero(classes == _MAYBE), spaces)
    edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    bounds = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)) + 1)
    counts = np.diff(np.searchsorted(starts, bounds), prepend=0)
    return Split(raw, starts, ends, counts)


def _mark_wide(letters: Array, places: Array, spaces: Array) -> None:
    """Mark white space of two and three bytes; `places` are where one may begin."""
    if not len(places):
        return
    code = letters[places].astype(np.int64) << 8 | letters[places + 1]
    two = places[np.isin(code, _TWO)]
    three = places[np.isin(code << 8 | letters[places + 2], _WIDE)]
    for found, size in ((two, 2), (three, 3)):
        for at in range(size):
            spaces[found + at] = True


def hashes(found: Split) -> Array:
    """64 bits for each piece, never 0; only of the first `LONG` bytes."""
    raw = found.raw
    # Eight bytes from any place on: what is beyond the piece is masked.
    eights: Array = np.ndarray((len(raw) - _WIDTH + 1,), "<u8", raw, 0, (1,))
    starts = found.starts
    sizes = np.minimum(found.ends - starts, LONG)
    hashed = _mixed(
        (eights[starts] & _MASKS.take(np.minimum(sizes, _WIDTH)))
        ^ (sizes.astype(np.uint64) * _BEGIN)
    )
    at, done = np.flatnonzero(sizes > _WIDTH), _WIDTH
    while len(at):
        left = sizes[at] - done
        more = eights[starts[at] + done] & _MASKS.take(np.minimum(left, _WIDTH))
        hashed[at] = _mixed(hashed[at] ^ more)
        at, done = at[left > _WIDTH], done + _WIDTH
    return np.maximum(hashed, np.uint64(1))


def _mixed(words: Array) -> Array:
    words *= _FIRST
    words ^= words >> _HALF
    words *= _SECOND
    words ^= words >> _SHIFT
    return words


class Numbers:
    """A number for each hash put in: a table looked up by whole arrays."""

    def __init__(self) -> None:
        self._make(12)

    def _make(self, bits: int) -> None:
        self._bits = bits
        self._keys = np.zeros(2**bits, np.uint64)
        self._numbers = np.zeros(2**bits, np.int32)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def of(self, hashed: Array) -> Array:
        """The numbers of hashes, -1 for those not put in."""
        slots = self._slots(hashed)
        held = self._keys.take(slots)
        found = np.where(held == hashed, self._numbers.take(slots), -1)
        left = np.flatnonzero((held != hashed) & (held != 0))
        slots = slots.take(left)
        while len(left):
            slots = (slots + 1) & (len(self._keys) - 1)
            held, wanted = self._keys.take(slots), hashed.take(left)
            same = held == wanted
            found[left[same]] = self._numbers.take(slots[same])
            on = ~same & (held != 0)
            left, slots = left[on], slots[on]
        return found

    def put(self, hashed: Array, numbers: Array) -> None:
        """Give numbers to distinct hashes that have none."""
        if 2 * (self._size + len(hashed)) > len(self._keys):
            old = np.flatnonzero(self._keys)
            hashed = np.concatenate((self._keys[old], hashed))
            numbers = np.concatenate((self._numbers[old], numbers))
            self._make(int(4 * len(hashed)).bit_length())
        self._size += len(hashed)
        slots = self._slots(hashed)
        while len(hashed):
            free = np.flatnonzero(self._keys.take(slots) == 0)
            # Of several that want one place, one gets it.
            self._keys[slots[free]] = hashed[free]
            got = self._keys.take(slots) == hashed
            self._numbers[slots[got]] = numbers[got]
            hashed, numbers = hashed[~got], numbers[~got]
            slots = (slots[~got] + 1) & (len(self._keys) - 1)

    def _slots(self, hashed: Array) -> Array:
        return (hashed >> np.uint64(64 - self._bits)).astype(np.int64)
