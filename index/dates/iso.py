"""ISO 8601 dates and ranges of them: what needs no words, in no language."""

import re
from datetime import date, timedelta

from index.dates.span import DateRange, iso_week, months
from index.errors import QueryError

IMPOSSIBLE = "There is no such date: {text}"
BACKWARDS = "This range ends before it begins: {text}"

ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    r"|-?[Ww](?P<week>\d{1,2})(?:-(?P<weekday>\d))?"
    r"|-?[Qq](?P<quarter>\d)|(?P<basic>\d{4}))?"
)


_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


def iso_span(match: re.Match[str]) -> DateRange:
    """The days of a match of `ISO`. ValueError where the calendar has no such date."""
    year = int(match["year"])
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return DateRange(day, day)
    if match["basic"]:
        day = date(year, int(match["basic"][:2]), int(match["basic"][2:]))
        return DateRange(day, day)
    if match["month"]:
        return months(year, int(match["month"]), 1)
    if match["quarter"]:
        return months(year, int(match["quarter"]) * 3 - 2, 3)
    if match["week"]:
        week = iso_week(year, int(match["week"]))
        if not match["weekday"]:
            return week
        if not 1 <= int(match["weekday"]) <= 7:
            raise ValueError(match["weekday"])
        assert week.start
        day = week.start + timedelta(days=int(match["weekday"]) - 1)
        return DateRange(day, day)
    return months(year, 1, 12)


def parse_iso(text: str) -> DateRange | None:
    """The days of an ISO date, `A..B`, `A..` or `..B`; None where `text` is something else."""
    plain = _DAYS.fullmatch(text)
    if plain:
        try:
            days = DateRange(date.fromisoformat(plain[1]), date.fromisoformat(plain[2]))
        except ValueError:
            pass  # said below which of the two it is
        else:
            if days.start <= days.end:  # type: ignore[operator]
                return days
    left, dots, right = text.partition("..")
    first, last = ISO.fullmatch(left.strip()), ISO.fullmatch(right.strip())
    if not dots:
        return _resolve(text, first, left, 0) if first else None
    if (left.strip() and not first) or (right.strip() and not last) or not (first or last):
        return None
    start = _resolve(text, first, left, 0).start if first else None
    end = _resolve(text, last, right, len(left) + 2).end if last else None
    if start and end and start > end:
        raise QueryError(BACKWARDS, at=0, end=len(text), text=text.strip())
    return DateRange(start, end)


def _resolve(text: str, match: re.Match[str], part: str, offset: int) -> DateRange:
    try:
        return iso_span(match)
    except ValueError as error:
        at = offset + len(part) - len(part.lstrip())
        raise QueryError(
            IMPOSSIBLE, at=at, end=at + len(part.strip()), text=part.strip()
        ) from error
