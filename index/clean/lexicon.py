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


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    open_ends: tuple[bool, ...]
    anchor: str
    category: int
    hint: str
    """A word of it without an open end, the longest after the first: "" where there is none."""
    second: str
    """Its second word, unless that may end as it likes: "" where there is none."""


class _Likely(NamedTuple):
    """The phrases that a word may begin: all, and those that may stand anywhere in a line."""

    phrases: list[_Phrase]
    free: list[_Phrase]


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
_Hinted: TypeAlias = list[tuple[str, _Phrase]]


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
        self._first = frozenset().union(*self._exact)
        open_ended: dict[int, tuple[str, ...]] = {}
        for stem in sorted(set().union(*self._stems)):
            open_ended[head_of(stem)] = (*open_ended.get(head_of(stem), ()), stem)
        self._open = open_ended
        self._heads = np.array(sorted(open_ended), dtype=np.int64)
        self._known: dict[str, tuple[frozenset[str], _Hinted, _Hinted]] = {}
        """Of the words that were met the hints, and the phrases that each may begin."""

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
        rest = [
            "" if open_end else word
            for word, open_end in zip(words[1:], open_ends[1:], strict=True)
        ]
        hint = max(rest, key=len, default="")
        second = rest[0] if rest else ""
        phrase = _Phrase(tuple(words), tuple(open_ends), anchor, category, hint, second)
        table = (self._stems if open_ends[0] else self._exact)[anchor != ""]
        held = table.setdefault(words[0], [])
        if phrase not in held:
            held.append(phrase)

    def _beginning(self, word: str) -> tuple[frozenset[str], _Hinted, _Hinted]:
        """The hints of the phrases that `word` may begin, these, and those that stand anywhere.

        They are noted for the next time.
        """
        found: list[_Phrase] = []
        for exact, stems in zip(self._exact, self._stems, strict=True):
            found += exact.get(word, ())
            for length in self._lengths:
                if length > len(word):
                    break
                found += stems.get(word[:length], ())
        hinted = [(one.hint, one) for one in found]
        free = [(hint, one) for hint, one in hinted if not one.anchor]
        self._known[word] = known = (frozenset(hint for hint, _ in hinted), hinted, free)
        return known

    def _possible(self, words: Words, leading: set[int]) -> dict[int, _Likely]:
        """For lexemes the phrases each may begin, unless a word of theirs is missing.

        `leading` are the lexemes that begin a line: others begin no phrase that has to.
        """
        if len(self._known) >= _KEPT:
            self._known.clear()
        known, places, lexemes = self._known, words.places, words.lexemes
        there = {"", *lexemes}
        begin = there & self._first
        at = np.searchsorted(self._heads, words.heads)
        likely = self._heads[np.minimum(at, len(self._heads) - 1)] == words.heads
        open_ended = self._open
        rows = np.flatnonzero(likely)
        for place, head in zip(rows.tolist(), words.heads[rows].tolist(), strict=True):
            if lexemes[place].startswith(open_ended[head]):
                begin.add(lexemes[place])
        possible = {}
        for word in begin:
            hints, every, anywhere = known[word] if word in known else self._beginning(word)
            if there.isdisjoint(hints):
                continue
            place = places[word]
            if place in leading and len(every) > len(anywhere):
                free = [one for hint, one in anywhere if hint in there]
                possible[place] = _Likely([one for hint, one in every if hint in there], free)
            elif anywhere:
                free = [one for hint, one in anywhere if hint in there]
                if free:
                    possible[place] = _Likely(free, free)
        return possible

    def find(self, words: Words, longest: int) -> list[Hits]:
        """The phrases in each line of at most `longest` words; of longer ones, how terms begin."""
        hits: list[Hits] = [()] * len(words.counts)
        if not len(words.ids):
            return hits
        size = len(words.lexemes)
        number = (classes(words.initials()) & DIGIT) != 0
        for place in np.flatnonzero(number).tolist():
            number[place] = words.lexemes[place].isdecimal()
        # A phrase that must begin its line may come after numbers.
        told = np.concatenate([[0], np.cumsum(~number[words.entries])])
        first = told[:-1] == told[words.starts][words.line]
        possible = self._possible(words, set(words.entries[first].tolist()))
        any_place, at_start = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        at_start[list(possible)] = True
        any_place[[place for place, (_, free) in possible.items() if free]] = True
        asked = any_place[words.entries] | (at_start[words.entries] & first)
        long = (words.counts > longest)[words.line]
        asked &= ~long | first
        starts, ends = words.starts.tolist(), (words.starts + words.counts).tolist()
        said, lexemes, told_before = words.entries.tolist(), words.lexemes, told.tolist()
        places = np.flatnonzero(asked)
        each = (places, words.line[places], words.entries[places], first[places], long[places])
        for at, row, lexeme, leads, prose in zip(*(one.tolist() for one in each), strict=True):
            end = ends[row]
            following = lexemes[said[at + 1]] if at + 1 < end else ""
            for phrase in possible[lexeme][not leads]:
                past = at + len(phrase.words)
                if (phrase.second and phrase.second != following) or past > end:
                    continue
                if prose and phrase.category not in _TERMS:
                    continue
                if not _goes_on(phrase, [lexemes[place] for place in said[at + 1 : past]]):
                    continue
                ends_line = told_before[past] == told_before[end]
                if ends_line or phrase.anchor != "=":
                    hit = Hit(phrase.category, at - starts[row], past - at, ends_line and leads)
                    hits[row] = (*hits[row], hit)
        return hits


def _goes_on(phrase: _Phrase, following: list[str]) -> bool:
    """Whether the words that follow its first are the others of the phrase."""
    others = zip(following, phrase.words[1:], phrase.open_ends[1:], strict=True)
    return all(
        word == asked or (open_end and word.startswith(asked)) for word, asked, open_end in others
    )


@cache
def lexicon() -> Lexicon:
    """The one lexicon of this process, read at first use."""
    return Lexicon()
