"""Phrases by which junk gives itself away, read from the data files of all languages at once.

A file holds sections `[category]` with a phrase a line: `^` before it asks that it begin its line,
`=` that it be the whole line (digits aside); `*` after a word allows any ending.
The categories `cites` and `outlet` are read by `index.clean.attribution`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

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


class Lexicon:
    """The phrases of all languages, found in time proportional to the words of a line."""

    def __init__(self) -> None:
        self._exact: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        for name in files():
            for category, entry in sections(name):
                if category in CATEGORIES:
                    self._add(CATEGORIES.index(category), entry)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._known: dict[str, list[_Phrase]] = {}

    def _add(self, category: int, entry: str) -> None:
        anchor = entry[0] if entry[0] in "^=" else ""
        pieces = entry.removeprefix(anchor).split()
        words: list[str] = []
        open_ends: list[bool] = []
        for piece in pieces:
            parts = tokens(piece)
            words += parts
            open_ends += [False] * len(parts)
            if parts and piece.endswith("*"):
                open_ends[-1] = True
        if not words:
            return
        phrase = _Phrase(tuple(words), tuple(open_ends), anchor, category)
        table = self._stems if open_ends[0] else self._exact
        table.setdefault(words[0], []).append(phrase)

    def _beginning(self, word: str) -> list[_Phrase]:
        known = self._known.get(word)
        if known is None:
            known = list(self._exact.get(word, ()))
            for length in self._lengths:
                if length > len(word):
                    break
                known += self._stems.get(word[:length], ())
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[word] = known
        return known

    def hits(self, line: list[str]) -> list[Hit]:
        """The phrases in the words of a line."""
        found = []
        known = self._known
        for start, word in enumerate(line):
            phrases = known.get(word)
            if phrases is None:
                phrases = self._beginning(word)
            for phrase in phrases:
                hit = _match(phrase, line, start)
                if hit is not None:
                    found.append(hit)
        return found


def _match(phrase: _Phrase, line: list[str], start: int) -> Hit | None:
    size = len(phrase.words)
    if start + size > len(line):
        return None
    for offset in range(1, size):
        word, want = line[start + offset], phrase.words[offset]
        if word != want and not (phrase.open_ends[offset] and word.startswith(want)):
            return None
    rest = len(line) - start - size
    if phrase.anchor and start and not all(word.isdecimal() for word in line[:start]):
        return None
    whole = rest == 0 or all(word.isdecimal() for word in line[start + size :])
    if phrase.anchor == "=" and not whole:
        return None
    if start and whole:
        whole = all(word.isdecimal() for word in line[:start])
    return Hit(phrase.category, start, size, whole)


@cache
def lexicon() -> Lexicon:
    """The one lexicon of this process, read at first use."""
    return Lexicon()
