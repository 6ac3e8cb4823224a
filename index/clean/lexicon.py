"""Phrases by which junk gives itself away, read from the data files of all languages at once.

A file holds sections `[category]` with a phrase a line: `^` before it asks that it begin its line,
`=` that it be the whole line (digits aside); `*` after a word allows any ending.
The categories `cites` and `outlet` are read by `index.clean.attribution`.
"""

import re
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import assets

CATEGORIES: Final = (
    "related", "teaser", "comment", "share", "newsletter", "nav", "legal", "cookie", "bio",
    "byline", "date", "credit", "source", "end", "section", "top",
)  # fmt: skip

# A word, or one character of a script that writes no spaces between words.
_DENSE = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|©")
_KEPT = 50_000
"""Words remembered with the phrases they may begin."""


def tokens(text: str) -> list[str]:
    """The words of `text`, caseless; each character of Chinese, Japanese or Thai is one."""
    return _TOKEN.findall(text.casefold())


class Hit(NamedTuple):
    """A phrase of `category` found in a line; `whole` where it is all of it, digits aside."""

    category: int
    start: int
    size: int
    whole: bool


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    open_ends: tuple[bool, ...]
    anchor: str
    category: int


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
        self._known: tuple[_Table, _Table] = ({}, {})

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
        phrase = _Phrase(tuple(words), tuple(open_ends), anchor, category)
        table = (self._stems if open_ends[0] else self._exact)[anchor != ""]
        held = table.setdefault(words[0], [])
        if phrase not in held:
            held.append(phrase)

    def _beginning(self, word: str, anchored: bool) -> list[_Phrase]:
        """The phrases that `word` may begin, those that must begin their line or the others."""
        known = self._known[anchored]
        found = list(self._exact[anchored].get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            found += self._stems[anchored].get(word[:length], ())
        if len(known) >= _KEPT:
            known.clear()
        known[word] = found
        return found

    def hits(self, line: list[str]) -> list[Hit]:
        """The phrases in the words of a line."""
        found: list[Hit] = []
        anywhere, at_start = self._known
        beginning = True
        for start, word in enumerate(line):
            if beginning:
                phrases = at_start.get(word)
                if phrases is None:
                    phrases = self._beginning(word, True)
                for phrase in phrases:
                    _match(phrase, line, start, found)
                beginning = word.isdecimal()
            phrases = anywhere.get(word)
            if phrases is None:
                phrases = self._beginning(word, False)
            for phrase in phrases:
                _match(phrase, line, start, found)
        return found


def _match(phrase: _Phrase, line: list[str], start: int, found: list[Hit]) -> None:
    """Add the hit that `phrase` makes at `start`, whose word it begins with, if it does."""
    words = phrase.words
    size = len(words)
    if start + size > len(line):
        return
    for offset in range(1, size):
        word = line[start + offset]
        if word != words[offset] and not (
            phrase.open_ends[offset] and word.startswith(words[offset])
        ):
            return
    whole = all(word.isdecimal() for word in line[start + size :])
    if phrase.anchor == "=" and not whole:
        return
    if whole and start:
        whole = all(word.isdecimal() for word in line[:start])
    found.append(Hit(phrase.category, start, size, whole))


@cache
def lexicon() -> Lexicon:
    """The one lexicon of this process, read at first use."""
    return Lexicon()
