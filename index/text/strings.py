"""Many strings of bytes in two arrays, what is done to all at once, and characters as numbers."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_END = 10
"""Of a line."""
_BEGUN = 0xFFFFFFFF
"""What a CRC-32 begins with, and what is taken off in the end."""


class Pairs(NamedTuple):
    """Numbers of words, and a hash (see `hashed`) of a key that each of them has."""

    places: Array
    hashes: Array


def paired(parts: list[Pairs]) -> Pairs:
    """All pairs of some, one behind the other."""
    if not parts:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    return Pairs(*map(np.concatenate, zip(*parts, strict=True)))


@dataclass(slots=True)
class Strings:
    """Strings of bytes, one behind the other; string n is data[at[n]:at[n + 1]]."""

    data: Array
    at: Array

    @classmethod
    def of_lines(cls, text: str) -> "Strings":
        """The lines of a text in UTF-8; there is at least one."""
        lines = np.frombuffer(f"{text}\n".encode(), np.uint8)
        is_end = lines == _END
        ends = np.flatnonzero(is_end)
        at = np.zeros(len(ends) + 1, np.int64)
        np.subtract(ends, np.arange(len(ends)), out=at[1:])
        return cls(lines[~is_end], at)

    def __len__(self) -> int:
        return len(self.at) - 1

    @property
    def sizes(self) -> Array:
        """The length of each."""
        return np.diff(self.at)

    def lines(self) -> bytes:
        """All of them, with an end of a line between each two."""
        lines = np.full(len(self.data) + len(self), _END, np.uint8)
        lines[np.arange(len(self.data)) + np.repeat(np.arange(len(self)), self.sizes)] = self.data
        return lines[:-1].tobytes()

    def texts(self) -> list[str]:
        """Each as text; other bytes than UTF-8 are replaced."""
        found = self.lines().decode(errors="replace").split("\n") if len(self) else []
        if len(found) != len(self):  # they have ends of lines of their own
            ends = zip(self.at[:-1].tolist(), self.at[1:].tolist(), strict=True)
            found = [self.data[a:b].tobytes().decode(errors="replace") for a, b in ends]
        return found

    def cut(self, begins: Array, ends: Array) -> "Strings":
        """The strings data[begin:end]."""
        sizes = ends - begins
        at = np.concatenate(([0], np.cumsum(sizes)))
        return Strings(self.data[stretches(begins, sizes)], at)

    def chosen(self, numbers: Array) -> "Strings":
        """Those with these numbers."""
        return self.cut(self.at[numbers], self.at[numbers + 1])

    def kept(self, letters: Array) -> "Strings":
        """The strings with only some of their letters: one truth value a letter."""
        before = np.concatenate(([0], np.cumsum(letters)))
        return Strings(self.data[letters], before[self.at])

    def backwards(self) -> "Strings":
        """Each from its last byte to its first."""
        mirrors = self.at[:-1] + self.at[1:] - 1
        at = np.repeat(mirrors, self.sizes) - np.arange(len(self.data))
        return Strings(self.data[at], self.at)

    def begun(self) -> Array:
        """Which letters are the first of their string; one more for what is behind all."""
        found = np.zeros(len(self.data) + 1, bool)
        found[self.at] = True
        return found

    def ended(self, ending: bytes) -> "Strings":
        """Each with the same bytes behind it."""
        size = len(ending)
        at = self.at + np.arange(len(self.at)) * size
        data = np.empty(int(at[-1]), np.uint8)
        data[np.arange(len(self.data)) + np.repeat(np.arange(len(self)) * size, self.sizes)] = (
            self.data
        )
        for place, byte in enumerate(ending):
            data[at[1:] - size + place] = byte
        return Strings(data, at)


def together(parts: list[Strings]) -> Strings:
    """All strings of some, one behind the other."""
    sizes = np.concatenate([part.sizes for part in parts])
    at = np.concatenate(([0], np.cumsum(sizes)))
    return Strings(np.concatenate([part.data for part in parts]), at)


def stretches(begins: Array, sizes: Array) -> Array:
    """The numbers begin..begin+size of each stretch, one after another."""
    sizes = sizes.reshape(-1)
    if len(begins) == 1:
        return np.arange(int(begins[0]), int(begins[0]) + int(sizes[0]))
    before = np.cumsum(sizes) - sizes
    numbers: Array = np.arange(int(sizes.sum())) + np.repeat(begins - before, sizes)
    return numbers


def code_points(text: str) -> Array:
    """The code point of each character, lone surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def hashed(key: str) -> int:
    """The 64 bits a key is known by: CRC-32 forwards, then backwards."""
    letters = key.encode()
    return crc32(letters) << 32 | crc32(letters[::-1])


def hashes(strings: Strings, beginning: bytes) -> Array:
    """`hashed` of many keys that all begin with the same bytes, which the strings leave out."""
    forwards = crcs(strings, crc32(beginning))
    behind = crcs(strings.backwards())
    for byte in reversed(beginning):
        behind = _step(behind ^ np.uint32(_BEGUN), np.uint8(byte)) ^ np.uint32(_BEGUN)
    found: Array = forwards.astype(np.uint64) << np.uint64(32)
    found |= behind
    return found


def crcs(strings: Strings, before: int = 0) -> Array:
    """The CRC-32 of each string, going on from that of what stands `before` them."""
    sizes = strings.sizes
    longest = int(sizes.max(initial=0))
    if longest < 2**16:
        sizes = sizes.astype(np.uint16)  # sorted in a fraction of the time
    order = np.argsort(sizes, kind="stable")[::-1]
    begins = strings.at[order]
    # Of those that are longest first, so many are longer than each size.
    longer = (len(order) - np.cumsum(np.bincount(sizes, minlength=1))).tolist()
    states = np.full(len(order), before ^ _BEGUN, np.uint32)
    for place in range(longest):
        count = longer[place]
        letters = strings.data[begins[:count] + place]
        states[:count] = _step(states[:count], letters)
    found = np.empty(len(order), np.uint32)
    found[order] = states ^ np.uint32(_BEGUN)
    return found


def _step(states: Array, letters: Array | np.uint8) -> Array:
    stepped: Array = _steps()[states.astype(np.uint8) ^ letters]
    stepped ^= states >> np.uint32(8)
    return stepped


@lru_cache(maxsize=1)
def _steps() -> Array:
    """What each byte does to a CRC-32 (ISO 3309): its polynomial, backwards, eight times."""
    steps = []
    for byte in range(256):
        step = byte
        for _ in range(8):
            step = step >> 1 ^ (0xEDB88320 if step & 1 else 0)
        steps.append(step)
    return np.array(steps, np.uint32)
