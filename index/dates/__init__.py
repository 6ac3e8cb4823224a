"""Dates: the ranges people type as filters, and the dates that come with documents."""

import os
from datetime import date

from index.dates.iso import parse_iso
from index.dates.span import DateRange
from index.dates.stated import day_number, normalise_date

__all__ = ["DateRange", "day_number", "normalise_date", "parse_range", "today"]


def today() -> date:
    """The day that relative dates count from: NEWSREADER_TODAY=YYYY-MM-DD, else the local date."""
    wanted = normalise_date(os.environ.get("NEWSREADER_TODAY", ""))
    return date.fromisoformat(wanted) if wanted else date.today()  # noqa: DTZ011


def parse_range(text: str, locale: str, today: date) -> DateRange:
    """The days that `text`, typed by a person whose interface speaks `locale`, stands for.

    ISO dates, `A..B` and English hold in every locale. Raises QueryError, with `at` and `end`
    relative to `text`, where it is impossible, contradictory, unfinished, or no date at all.
    """
    found = parse_iso(text)
    if found is not None:
        return found
    from index.dates.grammar import parse_words  # noqa: PLC0415  (it is loaded when needed)

    return parse_words(text, locale, today)
