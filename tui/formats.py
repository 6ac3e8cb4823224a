"""Dates, numbers and names of languages as the reader's language writes them, by Babel.

Babel costs 40 ms to import: it is asked at the first text not already known, and what was worked
out for the first screen is kept with the last view (`remember`, `recall`).
"""

import datetime as dt
import os

from index.text.safe import safe_line
from tui import i18n
from tui.i18n import _

_KEEP = 4096
_known: dict[tuple[str, str, str], str] = {}


def today() -> dt.date:
    """The day relative dates count from: NEWSREADER_TODAY, else the clock's."""
    try:
        return dt.date.fromisoformat(os.environ.get("NEWSREADER_TODAY", ""))
    except ValueError:
        return dt.date.today()  # noqa: DTZ011 - the reader's own day is meant


def day(iso: str | None, *, full: bool = False) -> str:
    """An ISO date in short (the year unless it is this one) or in full; "undated" for None."""
    if iso is None:
        return _("undated")
    if full:
        return _cached("long", iso)
    return _cached("MMMd" if iso[:4] == str(today().year) else "yMMMd", iso)


def month(iso: str) -> str:
    """A month such as "2026-02" in words, with its year."""
    return _cached("yMMM", iso)


def number(value: int) -> str:
    """An integer with its groups."""
    return str(value) if -1000 < value < 1000 else _cached("number", str(value))


def language(code: str, *, of: str = "") -> str:
    """The name of language `code`, in the reader's language or that of locale `of`."""
    if code in {"und", ""}:
        return _("language not known")
    return _cached("language", code, of)


def languages() -> list[tuple[str, str]]:
    """All languages that have a name in the reader's language: code and name, by name."""
    from babel import Locale  # noqa: PLC0415 - after the first paint

    names = Locale.parse(i18n.locale()).languages
    found = [(code, safe_line(name)) for code, name in names.items() if code != "und"]
    return sorted(found, key=lambda one: one[1].casefold())


def _cached(kind: str, value: str, locale: str = "") -> str:
    key = (locale or i18n.locale(), kind, value)
    text = _known.get(key)
    if text is None:
        if len(_known) >= _KEEP:
            _known.clear()
        text = _known[key] = safe_line(_worked_out(*key))
    return text


def _worked_out(locale: str, kind: str, value: str) -> str:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415
    from babel.numbers import format_decimal  # noqa: PLC0415

    try:
        if kind == "number":
            return format_decimal(int(value), locale=locale)
        if kind == "language":
            return Locale.parse(value).get_display_name(locale) or value
        exact = dt.date.fromisoformat(value if len(value) > 7 else f"{value}-01")
        if kind == "long":
            return format_date(exact, kind, locale=locale)
        return format_skeleton(kind, exact, locale=locale)
    except (ValueError, UnknownLocaleError, LookupError):
        return value


def remember() -> list[list[str]]:
    """What has been worked out so far, as plain lists for the last view's file."""
    return [[*key, text] for key, text in list(_known.items())[-256:]]


def recall(rows: object) -> None:
    """Take back what `remember` gave; anything else is passed over."""
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 4 and all(isinstance(cell, str) for cell in row):
            _known[row[0], row[1], row[2]] = safe_line(row[3])


def percent(share: float) -> str:
    """A share of one as whole percents."""
    return _("{n}%").format(n=round(share * 100))


def counts(found: dict[str, int]) -> str:
    """What an import did, by its counts of added, updated, unchanged and refused items."""
    said = _("{added} added, {updated} updated, {unchanged} unchanged, {refused} refused")
    return fill(said, **found)


def fill(template: str, **values: object) -> str:
    """`template` with its values, integers with their groups."""
    shown = {
        name: number(value) if isinstance(value, int) else value for name, value in values.items()
    }
    return template.format(**shown)
