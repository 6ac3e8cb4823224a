"""What a word being typed in a query may become: fields, languages, sources, tags, words."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from index.archive import Archive
from index.language import display_names
from index.model import Query
from index.search.fields import FIELDS, FLAGS
from index.text.fold import fold

Json = dict[str, object]
_MOST = 12
_BY_USE = (
    "lang", "date", "source", "title", "after", "before", "is", "tag", "author", "body", "script",
)  # fmt: skip
_FIELDS_SHOWN = 3
_WORD = re.compile(r'(?:[^\s"()]|"[^"]*(?:"|$))+')
_LAST = re.compile(r'(?:[^,"]|"[^"]*(?:"|$))*$')
_BARE_END = re.compile(r'[^\s()",]*')
_FIELD = re.compile(r"-?([^\W\d]+):(.*)$", re.DOTALL)
_PERIODS = ("today", "7d", "30d", "12m", "undated")
"""Values of `date:` that mean the same in every language of the interface."""


class _Item(NamedTuple):
    insert: str
    label: str
    articles: int | None = None


def complete(archive: Archive, text: str, at: int, locale: str) -> Json:
    """What may take the place of text[start:end] around the cursor `at`: the likeliest first."""
    at = min(max(at, 0), len(text))
    words = [one for one in _WORD.finditer(text, 0, at) if one.end() == at]
    start = words[-1].start() if words else at
    tail = _BARE_END.match(text, at)
    end = tail.end() if tail else at
    typed = text[start:at]
    named = _FIELD.match(typed)
    quoted = typed.count('"') % 2 == 1 and named is None
    if quoted:
        start += typed.rindex('"') + 1
        typed = text[start:at].rpartition(" ")[2]
        start = at - len(typed)
    if named and named[1].lower() in FIELDS:
        last = _LAST.search(named[2]) if named[1].lower() not in ("title", "body") else None
        value = last[0] if last else named[2]
        start = at - len(value)
        items = _values(archive, named[1].lower(), value.strip('"'), locale)
    else:
        dash = "-" if typed.startswith("-") else ""
        start += len(dash)
        items = _words(archive, typed.removeprefix("-"), fields=not quoted)
    found = [
        {"insert": one.insert, "label": one.label}
        | ({} if one.articles is None else {"articles": one.articles})
        for one in list(dict.fromkeys(items))[:_MOST]
    ]
    return {"start": start, "end": end, "items": found}


def _words(archive: Archive, typed: str, *, fields: bool) -> Iterator[_Item]:
    """Fields that begin so, the most used first, then words, those of most articles first."""
    begun = fold(typed)
    if not begun:
        return
    if fields:
        for name in [field for field in _BY_USE if field.startswith(begun)][:_FIELDS_SHOWN]:
            yield _Item(f"{name}:", f"{name}:")
    for word, articles in archive.fulltext.words(begun, _MOST):
        yield _Item(word, word, articles)


def _values(archive: Archive, field: str, value: str, locale: str) -> Iterable[_Item]:
    begun = fold(value)
    match field:
        case "lang":
            return _languages(_counts(archive, "language"), begun, locale)
        case "source":
            return _named(_counts(archive, "source"), begun)
        case "tag":
            return _named(_counts(archive, "tag"), begun)
        case "is":
            return [_Item(flag, flag) for flag in FLAGS if flag.startswith(begun)]
        case "script":
            return [_Item("exact", "exact")] if "exact".startswith(begun) else []
        case "date":
            return [_Item(one, one) for one in _PERIODS if one.startswith(begun)]
        case "title" | "body":
            return _words(archive, value, fields=False)
    return []


def _counts(archive: Archive, facet: str) -> dict[str, int]:
    """The values of a facet over all articles: the index counts them quicker than the catalog."""
    return archive.search(Query(), limit=0)[0].facets.get(facet, {})


def _languages(held: dict[str, int], begun: str, locale: str) -> Iterator[_Item]:
    """Those the archive holds, by code or by name: the interface's, the English or their own."""
    for code, articles in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        names = _language_names(code, locale)
        if fold(code).startswith(begun) or any(fold(name).startswith(begun) for name in names):
            yield _Item(code, names[0], articles)


@lru_cache(maxsize=512)
def _language_names(code: str, locale: str) -> tuple[str, ...]:
    return display_names(code, locale)


def _named(held: dict[str, int], begun: str) -> Iterator[_Item]:
    """Names that begin so, or one of whose words does, those of most articles first."""
    for name, articles in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        folded = fold(name)
        if folded.startswith(begun) or f" {begun}" in folded or f".{begun}" in folded:
            plain = re.fullmatch(r'[^\s()",]+', name)
            yield _Item(name if plain else f'"{name}"', name, articles)
