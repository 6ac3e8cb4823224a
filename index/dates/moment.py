"""One date or unit as said, perhaps without its year, and the days it stands for."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.dates.span import DateRange, iso_week, months

_LENGTHS = {"quarter": 3, "half": 6}
_LEAP = 9
"""Years to look back for a date that only leap years have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said of a date; `at`..`end` are its characters in the text.

    `part` is a quarter or half of a year and its number, `week` an ISO week's number, `weekday`
    counts from Monday = 0, `fixed` are days already known.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: tuple[str, int] | None = None
    week: int | None = None
    weekday: int | None = None
    fixed: DateRange | None = None
    at: int = 0
    end: int = 0

    @property
    def is_day(self) -> bool:
        """Whether a single day is meant."""
        if self.fixed:
            return self.fixed.start == self.fixed.end
        return self.day is not None or self.weekday is not None

    @property
    def bare(self) -> bool:
        """Whether it is only a number: the day of a month said elsewhere."""
        return self.day is not None and self.month is None

    @property
    def lacks_year(self) -> bool:
        """Whether the year is left to be understood."""
        weekday_only = self.weekday is not None and self.day is None
        return self.year is None and not self.fixed and not weekday_only

    def days(self, today: date) -> DateRange:
        """The days meant; without a year the latest ones that have begun.

        ValueError where the calendar has none.
        """
        if self.fixed:
            return self.fixed
        if self.weekday is not None and self.day is None:
            day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
            return DateRange(day, day)
        if self.year is not None:
            return self._in(self.year)
        found = None
        for year in range(today.year, today.year - _LEAP, -1):
            try:
                found = self._in(year)
            except ValueError:
                continue
            if found.start and found.start <= today:
                return found
        raise ValueError(self)

    def _in(self, year: int) -> DateRange:
        if self.week is not None:
            return iso_week(year, self.week)
        if self.part is not None:
            unit, number = self.part
            length = _LENGTHS[unit]
            return months(year, (number - 1) * length + 1, length)
        if self.month is None:
            if self.day is not None:
                raise ValueError(self)
            return months(year, 1, 12)
        if self.day is None:
            return months(year, self.month, 1)
        day = date(year, self.month, self.day)
        if self.weekday is not None and day.weekday() != self.weekday:
            raise ValueError(self)
        return DateRange(day, day)


def between(first: Moment, last: Moment, today: date) -> DateRange:
    """From the first day of one to the last of the other, each lending what the other leaves out.

    "1 to 7 February 2026", "25 December to 5 January 2026", "Thursday to Monday". ValueError
    where there are no such days; the range may run backwards: that is the caller's to refuse.
    """
    if first.bare:
        year = last.year or _year(last, today)
        first = replace(first, month=last.month, year=year)
        last = replace(last, year=year)
    elif last.bare:
        year = first.year or _year(first, today)
        last = replace(last, month=first.month, year=year)
        first = replace(first, year=year)
    if first.lacks_year and last.year is not None:
        start, end = replace(first, year=last.year).days(today).start, last.days(today).end
        if start and end and start > end and start.month != end.month:
            start = replace(first, year=last.year - 1).days(today).start
        return DateRange(start, end)
    start = first.days(today).start
    if last.lacks_year and start:
        end = replace(last, year=start.year).days(today).end
        if end and end < start and start.month != end.month:
            end = replace(last, year=start.year + 1).days(today).end
        return DateRange(start, end)
    end = last.days(today).end
    if start and end and start > end and first.weekday is not None and first.day is None:
        start -= timedelta(days=7)
    return DateRange(start, end)


def _year(moment: Moment, today: date) -> int:
    start = moment.days(today).start
    assert start
    return start.year
