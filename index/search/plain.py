"""Queries of plain words, quotes and filters: read at once, since nearly all are so.

What it reads, `query` reads as the same; everything else it leaves to that.
"""

import re
from typing import NamedTuple

from index.search.lexer import Value
from index.text.fold import fold
from index.text.words import LONGEST

# A word of letters of one script: for these, one run of letters is one word, whatever surrounds it.
# Each run is taken whole: no other way of reading it is tried.
_WORD = "(?:[A-Za-zÀ-ÖØ-öø-ɏ]++|[Ѐ-ҁҊ-ԯ]++)"
_ITEM = re.compile(
    rf"({_WORD})(\*?)(?: +|$)"
    rf'|"({_WORD}(?: {_WORD})*)"(?: +|$)'
    r"|(lang|date|after|before|is):([A-Za-z0-9_.-]+)(?: +|$)"
)
_ALONE = re.compile(_WORD)
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_MOST = 1024
"""Items of a query that is read here: fewer than those of which there may be too many."""


class Item(NamedTuple):
    """One item: folded words (in order, if they are several), or a filter with its value."""

    words: tuple[str, ...]
    raw: str
    starred: bool = False
    field: str = ""
    value: Value | None = None


def lone_word(text: str) -> str | None:
    """The one plain word that `text` is, folded, if it is one."""
    if _ALONE.fullmatch(text) and text not in _OPERATORS:
        return fold(text)[:LONGEST]
    return None


def items(text: str) -> tuple[list[Item], bool] | None:
    """The items of `text`, and whether any of them is enough; None where it is not as plain."""
    found: list[Item] = []
    operators: list[int] = []
    at, end = 0, len(text)
    if end > _MOST:
        return None
    while at < end:
        match = _ITEM.match(text, at)
        if match is None:
            return None
        word, star, quoted, field, value = match.groups()
        if word:
            if word not in _OPERATORS:
                found.append(Item((fold(word)[:LONGEST],), word + star, bool(star)))
            elif word + star == "OR":
                operators.append(len(found))
            else:
                return None
        elif quoted:
            words = tuple([fold(part)[:LONGEST] for part in quoted.split(" ")])
            found.append(Item(words, f'"{quoted}"'))
        else:
            begin = match.start(5)
            found.append(Item((), value, False, field, Value(value, value, begin, match.end(5))))
        at = match.end()
    if not found:
        return None
    if not operators:
        return found, False
    between = operators == list(range(1, len(found)))
    return (found, True) if between and all(item.value is None for item in found) else None
