"""What the values of a query's fields mean: languages, dates, flags, sources, tags."""

import difflib
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from index.dates import parse_range
from index.errors import QueryError
from index.language import is_usual
from index.search.lexer import Value
from index.search.tree import Dated, Flagged, Language, Node, Tagged, Undated, Unsourced
from index.text.safe import safe_line

TEXT_FIELDS = frozenset({"title", "body", "source", "author"})
FIELDS = TEXT_FIELDS | {"lang", "date", "after", "before", "is", "tag", "script"}
FILTERS = FIELDS - {"title", "body"}
"""Fields that narrow and do not rank: the reader shows them as chips."""

FLAGS = ("read", "starred", "unread")
_MEANT = {
    "language": "lang", "languages": "lang", "by": "author", "byline": "author", "writer": "author",
    "from": "source", "site": "source", "outlet": "source", "publisher": "source", "on": "date",
    "day": "date", "month": "date", "year": "date", "since": "after", "until": "before",
    "headline": "title", "subject": "title", "text": "body", "content": "body", "label": "tag",
    "flag": "is", "status": "is", "state": "is",
}  # fmt: skip


def unknown_field(name: str, at: int, end: int) -> QueryError:
    """The error for a field that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, [*FIELDS, *_MEANT], n=1)
    if not near:
        return QueryError("There is no field “{field}:”.", at=at, end=end, field=name)
    suggestion = _MEANT.get(near[0], near[0])
    return QueryError(
        "There is no field “{field}:”. Did you mean “{suggestion}:”?",
        at=at,
        end=end,
        field=name,
        suggestion=suggestion,
    )


def meaning(field: str, value: Value, *, today: date, locale: str) -> Node | None:
    """The filter that `field`:`value` asks for, None where the value is empty.

    Raises QueryError where there is no such language, flag or date.
    """
    text = value.text.strip()
    if not text:
        return None
    match field:
        case "lang":
            return Language(_language(text, value, locale))
        case "is":
            return Flagged(_flag(text, value))
        case "tag":
            tag = safe_line(text).replace('"', "").strip()
            return Tagged(tag) if tag else None
        case "date" if text.casefold() == "undated":
            return Undated()
        case "date" | "after" | "before":
            return _dated(field, value, today=today, locale=locale)
        case "source" if text.casefold() == "unknown":
            return Unsourced()
    raise AssertionError(field)


def is_exact(value: Value) -> bool:
    """Whether `script:` asks for names as they are spelt. Raises QueryError for another value."""
    text = value.text.strip().casefold()
    if text not in ("", "exact"):
        raise QueryError(
            "“script:” can only be “exact”: names in no other script.",
            at=value.start,
            end=value.end,
        )
    return bool(text)


def _flag(text: str, value: Value) -> str:
    flag = text.casefold()
    if flag in FLAGS:
        return flag
    near = difflib.get_close_matches(flag, FLAGS, n=1) or FLAGS[-1:]
    raise QueryError(
        "Articles are not “{value}”. Did you mean “is:{suggestion}”?",
        at=value.start,
        end=value.end,
        value=text,
        suggestion=near[0],
    )


def _language(text: str, value: Value, locale: str) -> str:
    code = canonical_language(text)
    if code is not None:
        return code
    names = _language_names(locale)
    near = difflib.get_close_matches(text.casefold(), names, n=1, cutoff=0.7)
    if near:
        raise QueryError(
            "There is no language “{value}”. Did you mean “lang:{suggestion}”?",
            at=value.start,
            end=value.end,
            value=text,
            suggestion=names[near[0]],
        )
    raise QueryError("There is no language “{value}”.", at=value.start, end=value.end, value=text)


@lru_cache(maxsize=64)
def canonical_language(text: str) -> str | None:
    """`text` written as a Babel locale identifier (sr_Latn), or None where CLDR knows no such."""
    parts = text.replace("-", "_").split("_")
    languages, scripts, territories = _codes()
    language = parts.pop(0).lower()
    if language not in languages:
        return None
    code = language
    if parts and parts[0].title() in scripts:
        code += "_" + parts.pop(0).title()
    if parts and parts[0].upper() in territories:
        code += "_" + parts.pop(0).upper()
    return None if parts else code


@lru_cache(maxsize=1)
def _codes() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    english = Locale("en")
    languages = {"und", *(str(code) for code in english.languages if "_" not in str(code))}
    return frozenset(languages), frozenset(english.scripts), frozenset(english.territories)


@lru_cache(maxsize=4)
def _language_names(locale: str) -> dict[str, str]:
    """Names of languages in English and in `locale`, casefolded, and their codes."""
    names = {}
    for tongue in ("en", locale):
        try:
            known = Locale.parse(tongue).languages
        except (UnknownLocaleError, ValueError):
            continue
        # Only languages that articles may be in: nobody means the rarest of them.
        names.update({name.casefold(): code for code, name in known.items() if is_usual(code)})
    return names


def _dated(field: str, value: Value, *, today: date, locale: str) -> Dated:
    offset = value.start + (1 if value.quoted else 0)
    try:
        found = parse_range(value.text, locale, today)
    except QueryError as error:
        raise QueryError(
            error.template,
            at=offset + error.at,
            end=min(offset + error.end, value.end),
            **error.values,
        ) from error
    if field == "date":
        return Dated(found.start, found.end)
    edge = found.end if field == "after" else found.start
    if edge is None or edge in (date.min, date.max):
        raise QueryError(
            "“{field}:” needs a day, a month or a year.",
            at=value.start,
            end=value.end,
            field=field,
        )
    if field == "after":
        return Dated(edge + timedelta(days=1), None)
    return Dated(None, edge - timedelta(days=1))
