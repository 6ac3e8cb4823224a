"""The words of a text's lines, as one row of numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.clean.forms import LONGEST, SINGLE, WORD, Floats, classes

Ints: TypeAlias = npt.NDArray[np.int64]

# A word, or one character of a script that writes no spaces between words.
_DENSE: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN: Final = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|©")
_BREAK: Final = "\0"
"""Stands between lines: no safe text holds it."""
_FEW: Final = 4
_NEWLINE: Final = ord("\n")
_SPACE: Final = ord(" ")
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
    themselves, with `_BREAK` before each line.
    """

    said: list[str]
    kinds: list[str]
    ids: Ints
    line: Ints
    starts: Ints
    counts: Ints
    lengths: Floats
    places: Mapping[str, int]

    def of(self, line: int) -> list[str]:
        """The words of one line."""
        start = int(self.starts[line]) + line + 1
        return self.said[start : start + int(self.counts[line])]

    def lines(self) -> Iterator[list[str]]:
        """The words of each line."""
        return (self.of(line) for line in range(len(self.counts)))

    def keys(self) -> Ints:
        """A number for each line, the same for lines of the same words in the same order."""
        place = np.arange(len(self.ids)) - self.starts[self.line]
        mixed = (self.ids + 1) * _SALT[place % len(_SALT)]
        running = np.concatenate([[0], np.cumsum(mixed ^ (mixed >> 29))])
        sums: Ints = running[self.starts + self.counts] - running[self.starts]
        return sums


def read_words(lines: list[str]) -> Words:
    """The words of `lines`, which hold no line breaks."""
    found = _split("\n".join(["", *(line[:LONGEST] for line in lines)]).casefold())
    numbers: defaultdict[str, int] = defaultdict(count(-1).__next__)
    ids = np.fromiter(map(numbers.__getitem__, found), dtype=np.int64, count=len(found))
    kinds = list(numbers)[1:]
    begins = ids < 0
    line = (np.cumsum(begins) - 1)[~begins]
    counts = np.bincount(line, minlength=len(lines)).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    lengths = np.fromiter(map(len, kinds), dtype=np.float32, count=len(kinds))
    return Words(found, kinds, ids[~begins], line, starts, counts, lengths, numbers)


def _split(text: str) -> list[str]:
    """The words of caseless `text` as `_TOKEN` finds them, `_BREAK` for each end of a line.

    All other characters become spaces at once: far faster than a pattern on long texts.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    bits = classes(codes)
    shown = np.where((bits & (WORD | SINGLE)) != 0, codes, _SPACE)
    breaks = codes == _NEWLINE
    shown[breaks] = ord(_BREAK)
    alone = (bits & SINGLE) != 0
    singles = shown[alone]
    if len(singles) <= _FEW:
        # In most scripts few characters are words alone: the breaks, and a sign of copyright.
        said = _decoded(shown)
        for single in {_BREAK, *map(chr, singles.tolist())}:
            said = said.replace(single, f" {single} ")
        return said.split()
    alone |= breaks
    # What is a word alone gets a space on either side.
    places = np.arange(len(shown)) + 2 * np.cumsum(alone) - alone
    spaced = np.full(len(shown) + 2 * int(alone.sum()), _SPACE, dtype=np.uint32)
    spaced[places] = shown
    return _decoded(spaced).split()


def _decoded(codes: npt.NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
