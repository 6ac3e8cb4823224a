"""The words of a text's lines, as one row of numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.clean.forms import SINGLE, WORD, Floats, Letters, classes, codes_of

Ints: TypeAlias = npt.NDArray[np.int64]

# A word, or one character of a script that writes no spaces between words.
_DENSE: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN: Final = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|©")
_FEW: Final = 4
_NEWLINE: Final = ord("\n")
_COLON: Final = ord(":")
_SPACE: Final = np.uint32(ord(" "))
_CODE_BITS: Final = 21
_LONGER: Final = 0xFFFFFFFF
_FOLDED: Final = np.zeros(0x110000, dtype=np.int64)
"""The caseless form of each character that was met; `_LONGER` where it is not one of its kind."""
_SALT: Final = np.random.default_rng(1).integers(1, 2**62, 64)


def tokens(text: str) -> list[str]:
    """The words of `text`, caseless; each character of Chinese, Japanese or Thai is one."""
    return _TOKEN.findall(text.casefold())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all lines in a row.

    `kinds` are the distinct words, `places` says of each where it is among them, as does `ids` of
    each word of the text. `line` is its line, `starts` where each line begins in `ids`, `counts`
    the words of each line, and `lengths` the characters of each kind. `said` are the words
    themselves, `heads` the first two characters of each kind as one number (`head_of`), `salt` a
    number for each word by its place in its line.
    """

    said: list[str]
    kinds: list[str]
    ids: Ints
    line: Ints
    starts: Ints
    counts: Ints
    lengths: Floats
    places: Mapping[str, int]
    heads: Ints
    salt: Ints

    def initials(self) -> Ints:
        """The code point with which each kind begins."""
        return self.heads >> _CODE_BITS

    def of(self, line: int) -> list[str]:
        """The words of one line."""
        start = int(self.starts[line])
        return self.said[start : start + int(self.counts[line])]

    def lines(self) -> Iterator[list[str]]:
        """The words of each line."""
        return (self.of(line) for line in range(len(self.counts)))

    def keys(self, *, numbers_alike: bool = False) -> Ints:
        """A number for each line, the same for lines of the same words in the same order."""
        ids = self.ids + 1
        if numbers_alike:
            # Of all that words begin with, only digits come before a colon.
            ids[(self.initials() < _COLON)[self.ids]] = 0
        mixed = ids * self.salt
        running = np.concatenate([[0], np.cumsum(mixed ^ (mixed >> 29))])
        sums: Ints = running[self.starts + self.counts] - running[self.starts]
        return sums


def read_words(letters: Letters) -> Words:
    """The words of the lines that `letters` are the characters of."""
    codes, bits, starts = _caseless(letters)
    alone = (bits & SINGLE) != 0
    inside = (bits & WORD) != 0
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    begins |= alone
    at = np.flatnonzero(begins)
    firsts = np.searchsorted(at, starts)
    found = _split(codes, inside, alone)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    ids = np.fromiter(map(numbers.__getitem__, found), dtype=np.int64, count=len(found))
    kinds = list(numbers)
    counts = np.diff(firsts, append=len(found))
    line = np.repeat(np.arange(len(counts)), counts)
    lengths = np.fromiter(map(len, kinds), dtype=np.float32, count=len(kinds))
    # Where each kind stands first: of several places the one written last counts.
    where = np.empty(len(kinds), dtype=np.int64)
    where[ids[::-1]] = at[::-1]
    heads = (codes[where] << _CODE_BITS) | codes[where + 1]
    salt = _SALT.take((np.arange(len(found)) - firsts[line]) % len(_SALT))
    return Words(found, kinds, ids, line, firsts, counts, lengths, numbers, heads, salt)


def head_of(word: str) -> int:
    """The first two characters of a word as one number."""
    return (ord(word[0]) << _CODE_BITS) | ord(word[1])


def _caseless(
    letters: Letters,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16], npt.NDArray[np.int64]]:
    """Caseless characters, their classes, and where each line begins among them."""
    folded = _FOLDED.take(letters.codes)
    if not folded.min(initial=1):
        for point in set(letters.codes[folded == 0].tolist()):
            _FOLDED[point] = _fold(point)
        folded = _FOLDED.take(letters.codes)
    if folded.max(initial=0) < _LONGER:
        return folded, letters.bits, letters.starts
    codes = codes_of(letters.joined.casefold())
    starts = np.zeros_like(letters.starts)
    starts[1:] = np.flatnonzero(codes == _NEWLINE)[:-1] + 1
    return codes, classes(codes), starts


def _fold(point: int) -> int:
    """The caseless form of a character, or `_LONGER` where it is no character of its class."""
    char = chr(point)
    folded = char.casefold()
    kept = len(folded) == 1 and (char.isalnum() or char == "_") == (
        folded.isalnum() or folded == "_"
    )
    return ord(folded) if kept else _LONGER


def _split(
    codes: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_], alone: npt.NDArray[np.bool_]
) -> list[str]:
    """The words of caseless characters, as `_TOKEN` finds them.

    All that is `inside` no word and is none `alone` becomes spaces at once: far faster than a
    pattern on long texts.
    """
    shown = np.where(inside | alone, codes, _SPACE).astype(np.uint32)
    singles = shown[alone]
    if len(singles) <= _FEW:
        # In most scripts few characters are words alone: a sign of copyright.
        said = _decoded(shown)
        for single in set(map(chr, singles.tolist())):
            said = said.replace(single, f" {single} ")
        return said.split()
    # What is a word alone gets a space on either side.
    places = np.arange(len(shown)) + 2 * np.cumsum(alone) - alone
    spaced = np.full(len(shown) + 2 * len(singles), _SPACE, dtype=np.uint32)
    spaced[places] = shown
    return _decoded(spaced).split()


def _decoded(codes: npt.NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
