"""The words of a text's lines, as one row of numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.clean.forms import LONGEST, Floats

Ints: TypeAlias = npt.NDArray[np.int64]

# A word, or one character of a script that writes no spaces between words.
_DENSE: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN: Final = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|©")
_FIRST_DENSE: Final = 0x0E00
_ANY_DENSE: Final = re.compile(f"[{_DENSE}]")
_SPACED_OR_END: Final = re.compile(r"\w+|[©\n]")
"""The same as `_TOKEN_OR_END`, and much faster, where all words are spaced."""
_TOKEN_OR_END: Final = re.compile(rf"[^\W{_DENSE}]+|[{_DENSE}©\n]")
_SALT: Final = np.random.default_rng(1).integers(1, 2**62, 64)


def tokens(text: str) -> list[str]:
    """The words of `text`, caseless; each character of Chinese, Japanese or Thai is one."""
    return _TOKEN.findall(text.casefold())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all lines in a row.

    `kinds` are the distinct words, `ids` the place among them of each word of the text, `line` its
    line, `starts` where each line begins in `ids`, `counts` the words of each line, and `lengths`
    the characters of each kind.
    """

    kinds: list[str]
    ids: Ints
    line: Ints
    starts: Ints
    counts: Ints
    lengths: Floats

    def of(self, line: int) -> list[str]:
        """The words of one line."""
        start = int(self.starts[line])
        return [self.kinds[at] for at in self.ids[start : start + int(self.counts[line])].tolist()]

    def lines(self) -> Iterator[list[str]]:
        """The words of each line."""
        return (self.of(line) for line in range(len(self.counts)))

    def keys(self) -> Ints:
        """A number for each line, the same for lines of the same words in the same order."""
        place = np.arange(len(self.ids)) - self.starts[self.line]
        mixed = (self.ids + 1) * _SALT[place % len(_SALT)]
        sums = np.zeros(len(self.counts), dtype=np.int64)
        np.add.at(sums, self.line, mixed ^ (mixed >> 29))
        return sums


def read_words(lines: list[str]) -> Words:
    """The words of `lines`, which hold no line breaks."""
    joined = "\n".join(["", *(line[:LONGEST] for line in lines)]).casefold()
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    spaced = codes.max() < _FIRST_DENSE or not _ANY_DENSE.search(joined)
    found = (_SPACED_OR_END if spaced else _TOKEN_OR_END).findall(joined)
    places = {word: place - 1 for place, word in enumerate(dict.fromkeys(found))}
    ids = np.fromiter(map(places.__getitem__, found), dtype=np.int64, count=len(found))
    begins = ids < 0
    line = (np.cumsum(begins) - 1)[~begins]
    counts = np.bincount(line, minlength=len(lines)).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    kinds = list(places)[1:]
    lengths = np.fromiter(map(len, kinds), dtype=np.float32, count=len(kinds))
    return Words(kinds, ids[~begins], line, starts, counts, lengths)
