"""The words of the lines of texts, as one row of numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from index.clean.forms import SINGLE, WORD, Floats, Ints, Letters, classes, codes_of
from index.clean.texts import Texts

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

    `said` are the words themselves; `line` is the line of each, `starts` where each line begins
    among them, `counts` the words of each line, `salt` a number for each word by its place in its
    line. `kinds` are the distinct words of each text, `text` says of which each is, `ids` which of
    them each word is, `lengths` how many characters each has, and `numbers` for each text which
    number a word has in it. `lexemes` are the distinct words
    of all texts, `heads` the first two characters of each as one number (`head_of`); `entries`
    says of each word, `entry` of each kind, which of them it is, `places` gives that for a word.
    """

    said: list[str]
    line: Ints
    starts: Ints
    counts: Ints
    salt: Ints
    kinds: list[str]
    text: Ints
    ids: Ints
    lengths: Floats
    numbers: Sequence[Mapping[str, int]]
    lexemes: list[str]
    heads: Ints
    entries: Ints
    entry: Ints
    places: Mapping[str, int]

    def initials(self) -> Ints:
        """The code point with which each lexeme begins."""
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
        ids = self.entries + 1
        if numbers_alike:
            # Of all that words begin with, only digits come before a colon.
            ids[(self.initials() < _COLON)[self.entries]] = 0
        mixed = ids * self.salt
        running = np.concatenate([[0], np.cumsum(mixed ^ (mixed >> 29))])
        sums: Ints = running[self.starts + self.counts] - running[self.starts]
        return sums


def read_words(letters: Letters, texts: Texts | None = None) -> Words:
    """The words of the lines that `letters` are the characters of: of one text, or of `texts`."""
    codes, bits, starts = _caseless(letters)
    alone = (bits & SINGLE) != 0
    inside = (bits & WORD) != 0
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    begins |= alone
    at = np.flatnonzero(begins)
    firsts = np.searchsorted(at, starts)
    found = _split(codes, inside, alone)
    counts = np.diff(firsts, append=len(found))
    line = np.repeat(np.arange(len(counts)), counts)
    salt = _SALT.take((np.arange(len(found)) - firsts[line]) % len(_SALT))
    bounds = [0, len(found)] if texts is None else [*firsts[texts.starts].tolist(), len(found)]
    if len(bounds) == 2:
        ids, places = _numbered(found)
        lexemes = kinds = list(places)
        entries, entry, text = ids, np.arange(len(kinds)), np.zeros(len(kinds), dtype=np.int64)
        numbers = [places]
    else:
        kinds, numbers = [], []
        ids = np.empty(len(found), dtype=np.int64)
        for start, end in pairwise(bounds):
            own, some = _numbered(found[start:end])
            np.add(own, len(kinds), out=ids[start:end])
            kinds += some
            numbers.append(some)
        text = np.repeat(np.arange(len(numbers)), [len(some) for some in numbers])
        entry, places = _numbered(kinds)
        entries, lexemes = entry[ids], list(places)
    lengths = np.fromiter(map(len, lexemes), dtype=np.float32, count=len(lexemes))
    # Where each stands first: of several places the one written last counts.
    where = np.empty(len(lexemes), dtype=np.int64)
    where[entries[::-1]] = at[::-1]
    heads = (codes[where] << _CODE_BITS) | codes[where + 1]
    return Words(
        found, line, firsts, counts, salt, kinds, text, ids, lengths[entry], numbers, lexemes,
        heads, entries, entry, places,
    )  # fmt: skip


def _numbered(words: list[str]) -> tuple[Ints, dict[str, int]]:
    """The number of each word, and of each distinct one, in the order in which they come."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    return np.fromiter(map(numbers.__getitem__, words), dtype=np.int64, count=len(words)), numbers


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
