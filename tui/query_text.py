"""Filters within the text of a query: put in, taken out, replaced.

What a filter means is the engine's business; here it is only found.
"""

import re

# A field with its value at the beginning of a word, or a quoted phrase, which is passed over.
_PART = re.compile(
    r'"[^"]*"?|(?<![^\s])(?P<filter>-?(?P<field>[^\W\d_]+):(?P<value>"[^"]*"?|[^\s"()]*))'
)
DATES = ("date", "after", "before")
LANGUAGES = ("lang", "language")
SOURCES = ("source",)
STATES = ("is",)
FACETS = {"language": ("lang", LANGUAGES), "source": ("source", SOURCES), "month": ("date", DATES)}
"""The field that filters by a facet, and those it takes the place of."""
FIELDS = (*DATES, *LANGUAGES, *SOURCES, *STATES, "tag")


def set_filter(text: str, field: str, value: str, *, fields: tuple[str, ...] = ()) -> str:
    """`text` with the filter `field:value` in the place of those of `fields`; no value: none."""
    kept, place = _without(text, fields or (field,))
    if not value:
        return _tidy(kept)
    quoted = f'"{value}"' if re.search(r"[\s()]", value) else value
    added = f"{field}:{quoted}"
    return _tidy(f"{kept[:place]} {added} {kept[place:]}")


def with_facet(text: str, facet: str, value: str) -> str:
    """The query `text` filtered by `value` of a facet; without that filter where it is empty."""
    field, fields = FACETS[facet]
    return set_filter(text, field, value, fields=fields)


def value_of(text: str, fields: tuple[str, ...]) -> str:
    """The value of the first filter of `fields` in `text`; empty where there is none."""
    for match in _PART.finditer(text):
        if match["filter"] and match["field"] in fields and not match["filter"].startswith("-"):
            return match["value"].strip('"')
    return ""


def without_filters(text: str) -> str:
    """`text` without any filter."""
    return _tidy(_without(text, FIELDS)[0])


def without_part(text: str, start: int, end: int) -> str:
    """`text` without its characters from `start` to `end`."""
    return _tidy(f"{text[:start]} {text[end:]}")


def toggle(text: str, field: str, value: str) -> str:
    """`text` with the filter `field:value`, or without it where it is there."""
    if value_of(text, (field,)) == value:
        return set_filter(text, field, "")
    return set_filter(text, field, value)


def _without(text: str, fields: tuple[str, ...]) -> tuple[str, int]:
    """`text` without the filters of `fields`, and where the first of them stood (else the end)."""
    place = None
    parts: list[str] = []
    at = 0
    for match in _PART.finditer(text):
        if match["filter"] and match["field"] in fields:
            parts.append(text[at : match.start()])
            place = sum(map(len, parts)) if place is None else place
            at = match.end()
    parts.append(text[at:])
    kept = "".join(parts)
    return kept, len(kept) if place is None else place


def _tidy(text: str) -> str:
    """Without the spaces that taking out leaves; those within quotes stay."""
    pieces = re.split(r'("[^"]*"?)', text)
    return "".join(
        piece if piece.startswith('"') else re.sub(r" {2,}", " ", piece) for piece in pieces
    ).strip()
