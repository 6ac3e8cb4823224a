"""The words of the lines of texts, as one row of numbers."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.clean.forms import SINGLE, WORD, Floats, Ints, Letters, classes, codes_of
from index.clean.texts import Texts, running

# A word, or one character of a script that writes no spaces between words.
_DENSE: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN: Final = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|©")
_NEWLINE: Final = ord("\n")
_COLON: Final = ord(":")
_CODE_BITS: Final = 21
_LONGER: Final = 0xFFFFFFFF
_FOLDED: Final = np.zeros(0x110000, dtype=np.int64)
"""The caseless form of each character that was met; `_LONGER` where it is not one of its kind."""
_HASHED: Final = 1 << 15
"""Characters whose words are hashed at once: no word is longer, though caseless it may be three
times as long as it was."""
_ODD: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_ODD, -1, 1 << 64)
_POWERS, _INVERSES = (
    np.cumprod(np.append(1, np.full(_HASHED - 1, base - (1 << 64)))) for base in (_ODD, _INVERSE)
)
"""The powers of an odd number, and of what it gives 1 with, modulo 2**64."""
_SALT: Final = np.random.default_rng(1).integers(1, 2**62, 64)


def tokens(text: str) -> list[str]:
    """The words of `text`, caseless; each character of Chinese, Japanese or Thai is one."""
    return _TOKEN.findall(text.casefold())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all lines in a row.

    `line` is the line of each, `starts` where each line begins among them, `counts` the words of
    each line, `salt` a number for each word by its place in its line. `lexemes` are the distinct
    words, `heads` the first two characters of each as one number (`head_of`), `places` which of
    them a word is, and `entries` which each of the words is. A lexeme of two texts is two kinds:
    `ids` are those of the words; of each kind, `text` is its text, `first` the first of the words
    that is one, and `lengths` its characters. `held` says of each text which lexemes it holds.
    """

    line: Ints
    starts: Ints
    counts: Ints
    salt: Ints
    lexemes: list[str]
    heads: Ints
    places: Mapping[str, int]
    entries: Ints
    ids: Ints
    text: Ints
    first: Ints
    lengths: Floats
    held: npt.NDArray[np.bool_]

    def initials(self) -> Ints:
        """The code point with which each lexeme begins."""
        return self.heads >> _CODE_BITS

    def of(self, line: int) -> list[str]:
        """The words of one line."""
        start = int(self.starts[line])
        some = self.entries[start : start + int(self.counts[line])]
        return [self.lexemes[place] for place in some.tolist()]

    def said(self, text: int, asked: Set[str]) -> set[str]:
        """Those of the words `asked` for that one of the texts holds."""
        held = self.held[text]
        return {word for word in self.places.keys() & asked if held[self.places[word]]}

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
        sums = running(mixed ^ (mixed >> 29))
        found: Ints = sums[self.starts + self.counts] - sums[self.starts]
        return found


def read_words(letters: Letters, texts: Texts | None = None) -> Words:
    """The words of the lines that `letters` are the characters of: of one text, or of `texts`."""
    codes, bits, starts = _caseless(letters)
    alone = (bits & SINGLE) != 0
    inside = (bits & WORD) != 0
    begins, ends = inside.copy(), inside.copy()
    begins[1:] &= ~inside[:-1]
    ends[:-1] &= ~inside[1:]
    at, past = np.flatnonzero(begins | alone), np.flatnonzero(ends | alone) + 1
    firsts = np.searchsorted(at, starts)
    counts = np.diff(firsts, append=len(at))
    line = np.repeat(np.arange(len(counts)), counts)
    salt = _SALT.take((np.arange(len(at)) - firsts[line]) % len(_SALT))
    entries, where = _numbered(_hashes(codes, at, past))
    lexemes = _decoded(codes, at[where], past[where])
    heads = (codes[at[where]] << _CODE_BITS) | codes[at[where] + 1]
    text = np.zeros(len(at), dtype=np.int64) if texts is None else texts.of[line]
    held = np.zeros((1 if texts is None else len(texts.sizes), len(lexemes)), dtype=bool)
    held[text, entries] = True
    of, entry = np.nonzero(held)
    # There is a place for each word in each text: small numbers do.
    numbers = np.cumsum(held.ravel(), dtype=np.int32)
    ids = numbers[text * len(lexemes) + entries].astype(np.int64) - 1
    first = np.empty(len(of), dtype=np.int64)
    # Of several places the one written last counts.
    first[ids[::-1]] = np.arange(len(at))[::-1]
    return Words(
        line,
        firsts,
        counts,
        salt,
        lexemes,
        heads,
        dict(zip(lexemes, range(len(lexemes)), strict=True)),
        entries,
        ids,
        of,
        first,
        (past - at)[where][entry].astype(np.float32),
        held,
    )


def _hashes(codes: Ints, at: Ints, past: Ints) -> Ints:
    """A number for each of the words that begin and end at these places: the same for the same.

    A polynomial of their characters (Karp and Rabin 1987) modulo 2**64: two words of a text are
    taken for one by chance once in 10**12 texts.
    """
    found = np.empty(len(at), dtype=np.int64)
    done = 0
    while done < len(at):
        base = int(at[done])
        some = codes[base : base + _HASHED]
        sums = running(some * _POWERS[: len(some)])
        upto = int(np.searchsorted(past, base + _HASHED, side="right"))
        begin, end = at[done:upto] - base, past[done:upto] - base
        found[done:upto] = (sums[end] - sums[begin]) * _INVERSES.take(begin)
        done = upto
    return found


def _numbered(keys: Ints) -> tuple[Ints, Ints]:
    """The number of each key among the distinct ones, and for each of those a place of it."""
    order = np.argsort(keys)
    ordered = keys[order]
    opens = np.ones(len(keys), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=opens[1:])
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(opens) - 1
    return numbers, order[opens]


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


def _decoded(codes: Ints, at: Ints, past: Ints) -> list[str]:
    """The words that begin and end at these places."""
    every = codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    return [every[start:end] for start, end in zip(at.tolist(), past.tolist(), strict=True)]
