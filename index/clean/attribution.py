"""Which outlets an article names as its source: "Source: …", "Про це пише …"."""

import re
from collections.abc import Callable, Iterator, Set
from functools import cache
from typing import TypeAlias

from index.clean.lexicon import files, sections
from index.clean.wording import tokens

# A name: in quotation marks, or a run of capitalised words.
_QUOTED = r"[\"“”«„‘][^\"“”«»„‘’]{2,60}[\"“”»’]"
_WORD = r"[^\W\d_a-zа-яёіїєґ][\w’'.&-]*"
_RUN = rf"{_WORD}(?:\s(?:(?:of|de|di|the|del|la)\s)?{_WORD}){{0,3}}"
_NAME = rf"(?P<name>{_QUOTED}|{_RUN})"
_OF_A_NAME = re.compile(_NAME)
_SOURCE_WORDS_END = re.compile(r"\s*[;|•·/]|,\s|\s[–—-]\s|\.\s|\s\(|$")
_LONGEST = 60
_SCAN = 600
"""Characters of a paragraph in which a source is looked for."""
_AROUND = 200
Said: TypeAlias = Callable[[Set[str]], Set[str]]
"""Those of some caseless words that a text holds."""
_TAIL = "\"“”«»„‘’' .,:;*"


@cache
def _labels() -> re.Pattern[str]:
    """ "Source:" at the start of a line, in all languages."""
    words = {
        entry.lstrip("^=").rstrip("*:")
        for name in files()
        for category, entry in sections(name)
        if category == "source"
    }
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(
        rf"\W{{0,3}}(?:{'|'.join(map(re.escape, ordered))})\s*[:：]\s*", re.IGNORECASE
    )


@cache
def _citations() -> tuple[tuple[frozenset[str], str], ...]:
    """(words of which one must be there, the pattern of the phrase) for each `cites` entry.

    No words where any may do. There are hundreds of patterns: each is compiled when it is needed.
    """
    found = []
    for file in files():
        entries = sections(file)
        outlets = [
            re.escape(entry).replace(r"\*", r"\w*") for kind, entry in entries if kind == "outlet"
        ]
        outlet = f"(?:{'|'.join(sorted(outlets, key=len, reverse=True))})" if outlets else None
        for kind, entry in entries:
            if kind != "cites" or ("{outlet}" in entry and outlet is None):
                continue
            pieces = [_piece(word, outlet or "") for word in entry.split()]
            literals = [word for word in entry.split() if "{" not in word and "*" not in word]
            pattern = r"\s".join(pieces)
            literal = max(literals, key=len, default="")
            telling = [literal] if literal else [one for kind, one in entries if kind == "outlet"]
            if any("*" in one or " " in one for one in telling):
                telling = []
            needed = frozenset(one.casefold() for one in telling)
            found.append((needed, rf"(?<!\w){pattern}(?!\w)"))
    return tuple(found)


@cache
def _telling() -> dict[str, str]:
    """All words of which a phrase needs one, each with what it begins with as `tokens` reads it."""
    words = frozenset[str]().union(*(needed for needed, _ in _citations()))
    return {word: next(iter(tokens(word)), "") for word in sorted(words)}


@cache
def _begins() -> frozenset[str]:
    """What they begin with."""
    return frozenset(_telling().values())


@cache
def _citing() -> dict[str, set[int]]:
    """Of each such word the places of its phrases among `_citations`; "": of those without any."""
    found: dict[str, set[int]] = {word: set() for word in ("", *_telling())}
    for place, (needed, _) in enumerate(_citations()):
        for word in needed or ("",):
            found[word].add(place)
    return found


@cache
def _anywhere() -> bool:
    """Whether a phrase may stand in a text without any such word."""
    return not all(_telling().values()) or not all(needed for needed, _ in _citations())


_compiled = cache(re.compile)


def _piece(word: str, outlet: str) -> str:
    if word == "{name}":
        return _NAME
    if word == "{outlet}":
        return rf"(?i:{outlet})"
    return f"(?i:{re.escape(word.rstrip('*'))})" + (r"\w*" if word.endswith("*") else "")


def stated_source(line: str) -> str | None:
    """The name after "Source:" at the start of `line`, if there is one."""
    match = _labels().match(line)
    if match is None:
        return None
    rest = line[match.end() : match.end() + 200]
    end = _SOURCE_WORDS_END.search(rest)
    name = rest[: end.start() if end else None].strip(_TAIL)
    return name if 1 < len(name) <= _LONGEST and not name.startswith("http") else None


def cited(paragraphs: list[str], said: Said | None = None) -> list[str]:
    """The outlets that sentences of `paragraphs` name as where they have this from, in order."""
    begun = None if said is None else said(_begins())
    telling = [
        word
        for word, begins in _telling().items()
        if begun is None or not begins or begins in begun
    ]
    if not telling and not _anywhere():
        return []
    texts = [paragraph[:_SCAN] for paragraph in paragraphs]
    lowers = [text.casefold() for text in texts]
    words = {
        word for word in telling if any(word in text and word in text.split() for text in lowers)
    }
    found: set[tuple[int, int, str]] = set()
    wanted = set().union(*(_citing()[word] for word in ("", *words)))
    for needed, pattern in map(_citations().__getitem__, wanted):
        for row, start, end in _near(lowers, needed & words):
            for match in _compiled(pattern).finditer(texts[row], start, end):
                found.add((row, match.start("name"), match["name"].strip(_TAIL)))
    return [name for _, _, name in sorted(found) if 1 < len(name) <= _LONGEST]


def _near(texts: list[str], words: frozenset[str]) -> Iterator[tuple[int, int, int]]:
    """(text, start, end) where a phrase may stand that holds one of `words`: not to search all."""
    if not words:
        yield from ((row, 0, len(text)) for row, text in enumerate(texts))
    for word in words:
        for row, text in enumerate(texts):
            at = text.find(word)
            while at >= 0:
                yield row, max(at - _AROUND, 0), at + _AROUND
                at = text.find(word, at + len(word))


def attribution(sources: list[str], body: list[str], said: Said | None = None) -> tuple[str, ...]:
    """The outlets named: by the lines that state a source, else by the sentences of the body.

    `said` tells which of some caseless words the whole text holds, if it is known: most say nothing
    of the kind, and need not be read again.
    """
    stated = [name for line in sources if (name := stated_source(line))]
    return tuple(dict.fromkeys(stated or cited(body, said)))
