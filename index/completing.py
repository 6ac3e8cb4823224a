"""What the word being typed in a query may become: fields, and the values they have here."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from index.archive import Archive
from index.model import Query

Json = dict[str, object]
_MOST = 20
_FIELDS = (
    "lang:", "date:", "source:", "is:", "tag:", "title:", "body:", "author:", "after:", "before:",
    "script:exact",
)  # fmt: skip
_COUNTED = {"lang": "language", "language": "language", "source": "source", "tag": "tag"}
_WORD = re.compile(r'-?((?:[^\s"()]|"[^"]*(?:"|$))*)$')
_LAST = re.compile(r'(?:[^,"]|"[^"]*(?:"|$))*$')


def complete(archive: Archive, text: str, at: int, locale: str) -> Json:
    """What may stand in the place of text[start:end], where the cursor is at character `at`.

    Values are those that articles have, with their numbers, the most frequent first.
    """
    at = max(0, min(at, len(text)))
    match = _WORD.search(text[:at])
    word, start = (match[1], match.start(1)) if match else ("", at)
    field, colon, written = word.partition(":")
    if not colon:
        return _said(start, at, [(name, name, None) for name in _FIELDS if _begins(name, word)])
    last = _LAST.search(written)
    typed = last[0] if last else ""
    kept = f"{field}:{written[: len(written) - len(typed)]}"
    found = _values(archive, field.casefold(), typed.strip('"').strip(), locale)
    items = [(kept + _quoted(value), label, count) for value, label, count in found]
    return _said(start, at, [item for item in items if item[0] != word])


def _values(
    archive: Archive, field: str, typed: str, locale: str
) -> Iterable[tuple[str, str, int | None]]:
    """Values that begin so: each with what is shown, and how many articles have it."""
    if field in _COUNTED:
        facet = _COUNTED[field]
        page, _parsed = archive.search(Query(), limit=0)
        for value, count in _ranked(page.facets.get(facet, {})):
            label = _language(value, locale) if facet == "language" else value
            if _begins(value, typed) or _begins(label, typed):
                yield value, label, count
    elif field == "is":
        yield from (
            (one, one, None) for one in ("unread", "starred", "read") if _begins(one, typed)
        )
    elif field in {"date", "after", "before"}:
        year = archive.today().year
        presets = ["today", "7d", "30d", str(year), str(year - 1)]
        presets += ["undated"] if field == "date" else []
        yield from ((one, one, None) for one in presets if _begins(one, typed))


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _begins(text: str, typed: str) -> bool:
    """Whether `text`, or a word of it, begins as typed."""
    folded, wanted = text.casefold(), typed.casefold()
    return folded.startswith(wanted) or (bool(wanted) and f" {wanted}" in folded)


def _quoted(value: str) -> str:
    bare = value.replace('"', "")
    return f'"{bare}"' if re.search(r"[\s(),]", bare) else bare


def _said(start: int, end: int, items: list[tuple[str, str, int | None]]) -> Json:
    return {
        "start": start,
        "end": end,
        "items": [
            {"insert": insert, "label": label} | ({} if count is None else {"articles": count})
            for insert, label, count in items[:_MOST]
        ],
    }


@lru_cache(maxsize=1024)
def _language(code: str, locale: str) -> str:
    """A language by its name and code; where CLDR names none, by its code."""
    try:
        name = Locale.parse(code).get_display_name(locale)
    except (ValueError, UnknownLocaleError):
        return code
    return f"{name} · {code}" if name else code
