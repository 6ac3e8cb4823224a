"""Phrases by which junk gives itself away, read from the data files of all languages at once.

A file holds sections `[category]` with a phrase a line: `^` before it asks that it begin its line,
`=` that it be the whole line (digits aside); `*` after a word allows any ending.
The categories `cites` and `outlet` are read by `index.clean.attribution`.
"""

from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np

import assets
from index.clean.forms import DIGIT, classes
from index.clean.wording import Words, head_of, tokens

CATEGORIES: Final = (
    "related", "teaser", "comment", "share", "newsletter", "nav", "legal", "cookie", "bio",
    "byline", "date", "credit", "source", "end", "section", "top",
)  # fmt: skip

_TERMS: Final = (CATEGORIES.index("legal"), CATEGORIES.index("cookie"))
"""What long lines of prose are looked through for: terms and notices go on and on."""
_KEPT: Final = 50_000
"""Words remembered with the phrases they may begin."""


class Hit(NamedTuple):
    """A phrase of `category` found in a line; `whole` where it is all of it, digits aside."""

    category: int
    start: int
    size: int
    whole: bool


Hits: TypeAlias = tuple[Hit, ...]
"""Those of one line."""


def by_lines(found: list[tuple[int, Hit]], size: int) -> list[Hits]:
    """The phrases of each of `size` lines, of all those that were found."""
    hits: list[Hits] = [()] * size
    for row, hit in found:
        hits[row] = (*hits[row], hit)
    return hits


class _Phrase(NamedTuple):
    size: int
    """Its words."""
    anchor: str
    category: int
    hint: str
    """A word of it without an open end, the longest after the first: "" where there is none."""
    second: str
    """Its second word, unless that may end as it likes: "" where there is none."""
    rest: tuple[tuple[str, bool], ...]
    """The words after the first, and after such a second one, and whether each has an open end."""


class _Begun(NamedTuple):
    """The phrases that a word may begin: by their second word, and those that have no certain one.

    One of the `hints` must be in a text that holds any of them.
    """

    hints: frozenset[str]
    second: dict[str, list[_Phrase]]
    others: list[_Phrase]


class _Known(NamedTuple):
    """The phrases that a word may begin: all, and those that may stand anywhere in a line."""

    every: _Begun
    free: _Begun


def sections(name: str) -> list[tuple[str, str]]:
    """(category, entry) of one lexicon file, comments (`#`) and blank lines left out."""
    found = []
    category = ""
    for raw in (assets.LEXICONS / name).read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            category = line[1:-1]
        else:
            found.append((category, line))
    return found


def files() -> list[str]:
    """The names of the lexicon files, in order."""
    return sorted(path.name for path in assets.LEXICONS.glob("*.txt"))


_Table: TypeAlias = dict[str, list[_Phrase]]


class Lexicon:
    """The phrases of all languages, found in time proportional to the words of a line."""

    def __init__(self) -> None:
        self._exact: tuple[_Table, _Table] = ({}, {})
        self._stems: tuple[_Table, _Table] = ({}, {})
        for name in files():
            for category, entry in sections(name):
                if category in CATEGORIES:
                    self._add(CATEGORIES.index(category), entry)
        self._lengths = sorted({len(stem) for table in self._stems for stem in table})
        self._first = set().union(*self._exact)
        open_ended: dict[int, tuple[str, ...]] = {}
        for stem in sorted(set().union(*self._stems)):
            open_ended[head_of(stem)] = (*open_ended.get(head_of(stem), ()), stem)
        self._open = open_ended
        self._heads = np.array(sorted(open_ended), dtype=np.int64)
        self._known: dict[str, _Known] = {}
        """What was found of the words that were met."""

    def _add(self, category: int, entry: str) -> None:
        anchor = entry[0] if entry[0] in "^=" else ""
        words: list[str] = []
        open_ends: list[bool] = []
        for piece in entry.removeprefix(anchor).split():
            parts = tokens(piece)
            words += parts
            open_ends += [False] * len(parts)
            if parts and piece.endswith("*"):
                open_ends[-1] = True
        if not words:
            return
        others = tuple(zip(words[1:], open_ends[1:], strict=True))
        certain = ["" if open_end else word for word, open_end in others]
        hint = max(certain, key=len, default="")
        second = certain[0] if certain else ""
        rest = others[1:] if second else others
        phrase = _Phrase(len(words), anchor, category, hint, second, rest)
        table = (self._stems if open_ends[0] else self._exact)[anchor != ""]
        held = table.setdefault(words[0], [])
        if phrase not in held:
            held.append(phrase)

    def _beginning(self, word: str) -> _Known:
        """The phrases that `word` may begin; they are noted for the next time."""
        found: list[_Phrase] = []
        for exact, stems in zip(self._exact, self._stems, strict=True):
            found += exact.get(word, ())
            for length in self._lengths:
                if length > len(word):
                    break
                found += stems.get(word[:length], ())
        free = [one for one in found if not one.anchor]
        known = _Known(_begun(word, found), _begun(word, free))
        self._known[word] = known
        return known

    def _possible(self, words: Words) -> dict[int, _Known]:
        """For lexemes the phrases each may begin, unless a word of all of them is missing."""
        if len(self._known) >= _KEPT:
            self._known.clear()
        known, places, lexemes = self._known, words.places, words.lexemes
        begin = places.keys() & self._first
        at = np.searchsorted(self._heads, words.heads)
        likely = self._heads[np.minimum(at, len(self._heads) - 1)] == words.heads
        open_ended = self._open
        rows = np.flatnonzero(likely)
        for place, head in zip(rows.tolist(), words.heads[rows].tolist(), strict=True):
            if lexemes[place].startswith(open_ended[head]):
                begin.add(lexemes[place])
        possible = {}
        for word in begin:
            found = known[word] if word in known else self._beginning(word)
            if not places.keys().isdisjoint(found.every.hints):
                possible[places[word]] = found
        return possible

    def find(self, words: Words, longest: int) -> list[tuple[int, Hit]]:
        """The phrases of lines of at most `longest` words, each with its line, in their order.

        Of longer lines, how terms begin.
        """
        hits: list[tuple[int, Hit]] = []
        if not len(words.ids):
            return hits
        size = len(words.lexemes)
        number = (classes(words.initials()) & DIGIT) != 0
        for place in np.flatnonzero(number).tolist():
            number[place] = words.lexemes[place].isdecimal()
        # A phrase that must begin its line may come after numbers.
        told = np.concatenate([[0], np.cumsum(~number[words.entries])])
        first = told[:-1] == told[words.starts][words.line]
        possible = self._possible(words)
        any_place, at_start = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        at_start[list(possible)] = True
        said = words.places.keys()
        free = [place for place, one in possible.items() if not said.isdisjoint(one.free.hints)]
        any_place[free] = True
        asked = any_place[words.entries] | (at_start[words.entries] & first)
        long = (words.counts > longest)[words.line]
        asked &= ~long | first
        places = np.flatnonzero(asked)
        row = words.line[places]
        start = words.starts[row]
        end = start + words.counts[row]
        following = words.entries.take(places + 1, mode="clip")
        each = (
            *(places, row, start, end, words.entries[places], following),
            *(first[places], long[places]),
        )
        lexemes = words.lexemes
        for at, line, begin, past_line, lexeme, after, leads, prose in zip(
            *(one.tolist() for one in each), strict=True
        ):
            _, second, others = possible[lexeme][not leads]
            word = lexemes[after]
            for phrase in [*others, *second[word]] if word in second else others:
                past = at + phrase.size
                if past > past_line:
                    continue
                if prose and phrase.category not in _TERMS:
                    continue
                if phrase.rest and not _goes_on(phrase, words, past):
                    continue
                ends_line = bool(told[past] == told[past_line])
                if ends_line or phrase.anchor != "=":
                    hit = Hit(phrase.category, at - begin, phrase.size, ends_line and leads)
                    hits.append((line, hit))
        return hits


def _begun(word: str, phrases: list[_Phrase]) -> _Begun:
    second: dict[str, list[_Phrase]] = {}
    for phrase in phrases:
        if phrase.second:
            second.setdefault(phrase.second, []).append(phrase)
    others = [phrase for phrase in phrases if not phrase.second]
    return _Begun(frozenset(phrase.hint or word for phrase in phrases), second, others)


def _goes_on(phrase: _Phrase, words: Words, past: int) -> bool:
    """Whether the words before the one at `past` are the last ones of the phrase."""
    said = words.entries[past - len(phrase.rest) : past].tolist()
    return all(
        words.lexemes[place] == asked or (open_end and words.lexemes[place].startswith(asked))
        for place, (asked, open_end) in zip(said, phrase.rest, strict=True)
    )


@cache
def lexicon() -> Lexicon:
    """The one lexicon of this process, read at first use."""
    return Lexicon()
