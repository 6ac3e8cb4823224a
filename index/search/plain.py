"""Queries of plain words, quotes and filters: read at once, since nearly all are so.

What it reads, `query` reads as the same; everything else it leaves to that.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.search.lexer import Value
from index.text.fold import fold
from index.text.words import LONGEST

# A word of letters of one script: for these, one run of letters is one word, whatever surrounds it.
_WORD = "(?:[A-Za-z]+|[A-Za-zÀ-ÖØ-öø-ɏ]+|[Ѐ-ҁҊ-ԯ]+)"
_ITEM = re.compile(
    rf"(?P<word>{_WORD})(?P<star>\*?)(?: +|$)"
    rf'|"(?P<quoted>{_WORD}(?: {_WORD})*)"(?: +|$)'
    r"|(?P<field>lang|date|after|before|is):(?P<value>[A-Za-z0-9_.-]+)(?: +|$)"
)
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


_OR = Item((), "OR")


def items(text: str) -> tuple[list[Item], bool] | None:
    """The items of `text`, and whether any of them is enough; None where it is not as plain."""
    found = list(_items(text)) if len(text) <= _MOST else []
    if not found or None in found:
        return None
    if _OR not in found:
        return found, False  # type: ignore[return-value]
    words = found[::2]
    parted = len(found) % 2 and found[1::2] == [_OR] * (len(words) - 1)
    return (words, True) if parted and _OR not in words and all(map(_is_word, words)) else None  # type: ignore[return-value,arg-type]


def _is_word(item: Item) -> bool:
    return item.value is None


def _items(text: str) -> Iterator[Item | None]:
    """Item after item, and a None where one is not plain."""
    at, end = 0, len(text)
    while at < end:
        match = _ITEM.match(text, at)
        word = match and match["word"]
        if match is None or (word in _OPERATORS and word + match["star"] != "OR"):
            yield None
            return
        if word == "OR":
            yield _OR
        elif word:
            yield Item((fold(word)[:LONGEST],), word + match["star"], bool(match["star"]))
        elif quoted := match["quoted"]:
            words = tuple(fold(part)[:LONGEST] for part in quoted.split(" "))
            yield Item(words, f'"{quoted}"')
        else:
            value, begin = match["value"], match.start("value")
            said = Value(value, value, begin, begin + len(value))
            yield Item((), value, field=match["field"], value=said)
        at = match.end()
