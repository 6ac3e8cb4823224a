"""What to ask instead where a query finds nothing: other spellings, and fewer filters."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NotRequired, TypedDict

from index.archive import Archive
from index.errors import NewsreaderError
from index.model import Query
from index.search.analysis import is_dense, query_terms
from index.search.fields import FIELDS
from index.search.lexer import Kind, Value, tokens


class Way(TypedDict):
    """A query that finds `total` articles where the one asked for finds none."""

    query: str
    total: int
    removed: NotRequired[str]
    """The filter it does without, as it is typed."""


_MOST = 3
_SHORTEST = 3
_TWO_EDITS_FROM = 6
"""Letters from which a word may be misspelt twice."""
_MOST_WORDS = 12


def instead(archive: Archive, asked: Query, locale: str) -> dict[str, list[Way]]:
    """`suggest` (did you mean) and `without` (which filter to drop), each with what it finds.

    For a query that finds nothing; only what finds something is said.
    """
    return {
        "suggest": _spelt_otherwise(archive, asked, locale),
        "without": _without_filters(archive, asked, locale),
    }


def _total(archive: Archive, asked: Query, locale: str) -> int:
    try:
        return archive.search(asked, locale=locale, limit=0, facets=False)[0].total
    except NewsreaderError:
        return 0


def _spelt_otherwise(archive: Archive, asked: Query, locale: str) -> list[Way]:
    text = asked.text
    unknown = []
    for value in _words(text)[:_MOST_WORDS]:
        terms = query_terms(value.text)
        if len(terms) != 1 or len(terms[0]) < _SHORTEST or is_dense(terms[0]):
            continue
        if not archive.fulltext.articles_with(terms[0]):
            edits = 2 if len(terms[0]) >= _TWO_EDITS_FROM else 1
            near = archive.fulltext.near(terms[0], edits)
            if near:
                unknown.append((value, near))
    found: list[Way] = []
    for place in range(_MOST if len(unknown) == 1 else 1):
        query = text
        for value, near in reversed(unknown):
            if place < len(near):
                query = query[: value.start] + near[place] + query[value.end :]
        if query == text:
            break
        total = _total(archive, replace(asked, text=query, typing=False), locale)
        if total:
            found.append({"query": query, "total": total})
    return found


def _words(text: str) -> list[Value]:
    """The bare words that are looked for in title or body."""
    return [
        token.values[0]
        for token in tokens(text, FIELDS)
        if token.kind is Kind.TEXT and not token.values[0].quoted
    ]


def _without_filters(archive: Archive, asked: Query, locale: str) -> list[Way]:
    try:
        parsed = archive.parse(asked, locale)
    except NewsreaderError:
        return []
    fewer = []
    for one in parsed.filters[:_MOST_WORDS]:
        text = " ".join(f"{asked.text[: one.start]} {asked.text[one.end :]}".split())
        fewer.append((one.text, replace(asked, text=text)))
    fewer.extend(_without_options(asked))
    found: list[tuple[int, Way]] = []
    for removed, query in fewer:
        total = _total(archive, replace(query, typing=False), locale)
        if total:
            found.append((total, {"query": query.text, "removed": removed, "total": total}))
    found.sort(key=lambda each: -each[0])
    return [each for _, each in found]


def _without_options(asked: Query) -> Iterator[tuple[str, Query]]:
    """Each filter that was asked for beside the text, as one in the text would be, and without."""
    if asked.languages:
        yield f"lang:{','.join(asked.languages)}", replace(asked, languages=())
    if asked.after:
        yield f"after:{asked.after}", replace(asked, after=None)
    if asked.before:
        yield f"before:{asked.before}", replace(asked, before=None)
    if asked.source:
        yield f"source:{asked.source}", replace(asked, source=None)
