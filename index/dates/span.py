"""Ranges of days, and the arithmetic of calendar units."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
UNITS = ("day", "week", "month", "quarter", "half", "year", "weekend")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS = {"day": 1, "week": 7, "weekend": 7}
_FARTHEST = {
    "day": 99_999,
    "week": 9_999,
    "weekend": 9_999,
    "month": 1_999,
    "quarter": 999,
    "half": 999,
    "year": 300,
}
"""Units beyond which a number is rather a year, or a slip: 2025年以来 is no 2025 years."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `start` to `end`, both included; None is open."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Week:
    """How weeks run in a territory; days count from Monday = 0."""

    first_day: int = 0
    weekend_start: int = 5
    weekend_end: int = 6


def months(year: int, month: int, length: int) -> DateRange:
    """`length` whole months from `month` (1-12) of `year`. ValueError where there are none such."""
    start = date(year, month, 1)
    index = year * 12 + month - 1 + length - 1
    return DateRange(start, _last_day(index // 12, index % 12 + 1))


def _last_day(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - DAY


def back(day: date, count: int, unit: str) -> date:
    """The day `count` units before `day`; the 31st becomes the last of a shorter month."""
    if abs(count) > _FARTHEST[unit]:
        raise ValueError(count)
    if unit in _DAYS:
        return day - timedelta(days=_DAYS[unit] * count)
    index = day.year * 12 + day.month - 1 - _MONTHS[unit] * count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, _last_day(year, month).day))


def rolling(today: date, count: int, unit: str) -> DateRange:
    """The last `count` units up to and with `today`: 7 days are today and the six before it."""
    if count < 1:
        raise ValueError(count)
    return DateRange(back(today, count, unit) + DAY, today)


def whole(day: date, unit: str, week: Week) -> DateRange:
    """The calendar unit that holds `day`."""
    if unit == "day":
        return DateRange(day, day)
    if unit in ("week", "weekend"):
        start = day - timedelta(days=(day.weekday() - week.first_day) % 7)
        if unit == "week":
            return DateRange(start, start + timedelta(days=6))
        saturday = start + timedelta(days=(week.weekend_start - week.first_day) % 7)
        length = (week.weekend_end - week.weekend_start) % 7
        return DateRange(saturday, saturday + timedelta(days=length))
    length = _MONTHS[unit]
    return months(day.year, (day.month - 1) // length * length + 1, length)


def shifted(today: date, shift: int, unit: str, week: Week) -> DateRange:
    """The calendar unit `shift` units after the present one (-1: the previous)."""
    anchor = today
    if unit in _MONTHS:
        anchor = today.replace(day=1)
    return whole(back(anchor, -shift, unit), unit, week)


def iso_week(year: int, number: int) -> DateRange:
    """ISO 8601 week `number` of `year`, Monday to Sunday."""
    start = date.fromisocalendar(year, number, 1)
    return DateRange(start, start + timedelta(days=6))
