"""Filters within the text of a query: put in, taken out, replaced.

What a filter means is the engine's business; here it is only found.
"""

import re

# A field with its value at the beginning of a word, or a quoted phrase, which is passed over.
_PART = re.compile(
    r'"[^"]*"?|(?<![^\s])(?P<filter>-?(?P<field>[^\W\d_]+):'
    r'(?P<value>(?:"[^"]*"?|[^\s"(),]+|,)*))'
)
_VALUE = re.compile(r'"([^"]*)"?|[^",]+')
DATES = ("date", "after", "before")
LANGUAGES = ("lang", "language")
SOURCES = ("source",)
STATES = ("is",)
TAGS = ("tag", "label")
FACETS = {
    "language": ("lang", LANGUAGES),
    "source": ("source", SOURCES),
    "month": ("date", DATES),
    "tag": ("tag", TAGS),
}
"""The field that filters by a facet, and those it takes the place of."""
FIELDS = (*DATES, *LANGUAGES, *SOURCES, *STATES, *TAGS)


def set_filter(text: str, field: str, value: str, *, fields: tuple[str, ...] = ()) -> str:
    """`text` with the filter `field:value` in the place of those of `fields`; no value: none."""
    kept, place = _without(text, fields or (field,))
    if not value:
        return _tidy(kept)
    written = f'"{value}"' if re.search(r"[\s()]", value) else value
    added = f"{field}:{written}"
    return _tidy(f"{kept[:place]} {added} {kept[place:]}")


def quoted(value: str) -> str:
    """`value` as it is written after a field: in quotes where it is more than a word."""
    bare = value.replace('"', "")
    return f'"{bare}"' if re.search(r"[\s(),]", bare) else bare


def with_facet(text: str, facet: str, *values: str) -> str:
    """The query `text` filtered by any of the `values` of a facet; without that filter for none."""
    field, fields = FACETS[facet]
    wanted = [quoted(value) for value in values if value]
    if not wanted:
        return set_filter(text, field, "", fields=fields)
    kept, place = _without(text, fields)
    return _tidy(f"{kept[:place]} {field}:{','.join(wanted)} {kept[place:]}")


def values_of(text: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The values of the first filter of `fields` in `text`; none where it is not there."""
    for match in _PART.finditer(text):
        if match["filter"] and match["field"] in fields and not match["filter"].startswith("-"):
            found = (part[1] or part[0] for part in _VALUE.finditer(match["value"]))
            return tuple(value for value in (part.strip('" ') for part in found) if value)
    return ()


def value_of(text: str, fields: tuple[str, ...]) -> str:
    """The values of the first filter of `fields` in `text`, parted by commas."""
    return ",".join(values_of(text, fields))


def is_filtered(text: str, facet: str) -> bool:
    """Whether `text` filters by a facet, one way or the other."""
    fields = FACETS[facet][1]
    return any(match["field"] in fields for match in _PART.finditer(text) if match["filter"])


def months(value: str) -> tuple[str, str] | None:
    """The first and last month of a date filter's value, where it is made of months or years."""
    found = re.fullmatch(r"(\d{4})(-\d\d)?(?:\.\.(\d{4})(-\d\d)?)?", value)
    if found is None:
        return None
    year, month, last_year, last_month = found.groups()
    end = last_year or year
    end_month = last_month if last_year else month
    return f"{year}{month or '-01'}", f"{end}{end_month or '-12'}"


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
