"""Single dates and units as people say them: the order of their words, and the days they make."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.dates.moment import Moment
from index.dates.span import DateRange, Week, back, rolling, shifted, whole


@dataclass(frozen=True, slots=True)
class Today:
    """What relative dates count from."""

    day: date
    week: Week


def _calendar(now: Today, shift: int, unit: str) -> Moment:
    return Moment(fixed=shifted(now.day, shift, unit, now.week))


def _rolling(now: Today, count: int, unit: str) -> Moment:
    return Moment(fixed=rolling(now.day, count, unit))


def _past(now: Today, shift: int | None, count: int, unit: str) -> Moment:
    """The last 7 days: said with a word for past, or one for previous."""
    if shift not in (None, -1):
        raise ValueError(shift)
    return _rolling(now, count, unit)


def _ago(now: Today, count: int, unit: str) -> Moment:
    day = back(now.day, count, unit)
    return Moment(fixed=DateRange(day, day))


def _weekday(now: Today, shift: int, weekday: int) -> Moment:
    """Last Monday is the latest before today, this one in this week, next the first after."""
    day = now.day
    if shift == 0:
        start = whole(day, "week", now.week).start
        assert start
        day = start + timedelta(days=(weekday - start.weekday()) % 7)
    elif shift < 0:
        day -= timedelta(days=(day.weekday() - weekday - 1) % 7 + 1 + 7 * (-shift - 1))
    else:
        day += timedelta(days=(weekday - day.weekday() - 1) % 7 + 1 + 7 * (shift - 1))
    return Moment(fixed=DateRange(day, day))


def _weekday_of(now: Today, shift: int, weekday: int) -> Moment:
    """The weekday of the week that is `shift` weeks away."""
    start = shifted(now.day, shift, "week", now.week).start
    assert start
    day = start + timedelta(days=(weekday - start.weekday()) % 7)
    return Moment(fixed=DateRange(day, day))


def _month_of(now: Today, shift: int, month: int) -> Moment:
    """Last March is the latest that is over; this March lies in this year."""
    year = now.day.year + shift
    if shift < 0 and month < now.day.month:
        year += 1
    return Moment(year, month)


def _part(unit: str, number: int, year: int | None) -> Moment:
    if unit not in ("quarter", "half") or not 1 <= number <= (4 if unit == "quarter" else 2):
        raise ValueError(unit)
    return Moment(year, part=(unit, number))


def _week(unit: str, number: int, year: int | None) -> Moment:
    if unit != "week":
        raise ValueError(unit)
    return Moment(year, week=number)


def _dated(weekday: int, moment: Moment) -> Moment:
    return replace(moment, weekday=weekday)


def _with_year(moment: Moment, year: int) -> Moment:
    if moment.year is not None or moment.fixed:
        raise ValueError(moment)
    return replace(moment, year=year)


def _weekday_in(now: Today, weekday: int, relative: tuple[int, str]) -> Moment:
    shift, unit = relative
    if unit != "week":
        raise ValueError(unit)
    return _weekday_of(now, shift, weekday)


def _year_of(now: Today, shift: int, unit: str) -> int:
    if unit != "year":
        raise ValueError(unit)
    return now.day.year + shift


Rule = tuple[tuple[str, ...], Callable[..., Moment]]
DAY_KINDS = "number|ordinal"


def _rule(pattern: str, build: Callable[..., Moment]) -> Rule:
    return tuple(pattern.replace("DAY", DAY_KINDS).split()), build


# Each pattern names kinds of words (`a|b`: either, `a?`: may be missing); the function gets
# today and their values, and raises ValueError where they make no date.
SPANS: tuple[Rule, ...] = (
    _rule("date", lambda now, moment: moment),
    _rule("date year", lambda now, moment, year: _with_year(moment, year)),
    _rule("weekday date", lambda now, weekday, moment: _dated(weekday, moment)),
    _rule("weekday? DAY month year?", lambda now, w, d, m, y: Moment(y, m, d, weekday=w)),
    _rule("weekday? month DAY year?", lambda now, w, m, d, y: Moment(y, m, d, weekday=w)),
    _rule("year month DAY weekday?", lambda now, y, m, d, w: Moment(y, m, d, weekday=w)),
    _rule("month DAY weekday", lambda now, m, d, w: Moment(None, m, d, weekday=w)),
    _rule("DAY month year? weekday", lambda now, d, m, y, w: Moment(y, m, d, weekday=w)),
    _rule("month year?", lambda now, m, y: Moment(y, m)),
    _rule("year month", lambda now, y, m: Moment(y, m)),
    _rule("year", lambda now, y: Moment(y)),
    _rule("shift_week weekday", _weekday_of),
    _rule("relative", lambda now, r: _calendar(now, *r)),
    _rule("shift unit", _calendar),
    _rule("unit shift|shift_post", lambda now, u, s: _calendar(now, s, u)),
    _rule("shift weekday", _weekday),
    _rule("weekday shift|shift_post", lambda now, w, s: _weekday(now, s, w)),
    _rule("weekday relative", _weekday_in),
    _rule("relative weekday", lambda now, r, w: _weekday_in(now, w, r)),
    _rule("shift unit weekday", lambda now, s, u, w: _weekday_in(now, w, (s, u))),
    _rule("weekday shift unit", lambda now, w, s, u: _weekday_in(now, w, (s, u))),
    _rule("weekday unit shift|shift_post", lambda now, w, u, s: _weekday_in(now, w, (s, u))),
    _rule("shift month", _month_of),
    _rule("month shift|shift_post", lambda now, m, s: _month_of(now, s, m)),
    _rule("month relative", lambda now, m, r: Moment(_year_of(now, *r), m)),
    _rule("month shift unit", lambda now, m, s, u: Moment(_year_of(now, s, u), m)),
    _rule("month unit shift|shift_post", lambda now, m, u, s: Moment(_year_of(now, s, u), m)),
    _rule("DAY month relative", lambda now, d, m, r: Moment(_year_of(now, *r), m, d)),
    _rule("DAY month shift unit", lambda now, d, m, s, u: Moment(_year_of(now, s, u), m, d)),
    _rule("relative month DAY?", lambda now, r, m, d: Moment(_year_of(now, *r), m, d)),
    _rule("weekday", lambda now, w: Moment(weekday=w)),
    _rule("number unit ago|ago_post", lambda now, n, u, a: _ago(now, n, u)),
    _rule("ago number unit", lambda now, a, n, u: _ago(now, n, u)),
    _rule("unit ago|ago_post", lambda now, u, a: _ago(now, 1, u)),
    _rule("counted ago|ago_post", lambda now, c, a: _ago(now, *c)),
    _rule("ago counted", lambda now, a, c: _ago(now, *c)),
    _rule("ago unit", lambda now, a, u: _ago(now, 1, u)),
    _rule("past|shift|past_post number unit", _past),
    _rule("number past|shift|shift_post unit", lambda now, n, p, u: _past(now, p, n, u)),
    _rule("number unit past|shift|shift_post|past_post", lambda now, n, u, p: _past(now, p, n, u)),
    _rule("unit number past|shift|shift_post|past_post", lambda now, u, n, p: _past(now, p, n, u)),
    _rule("past unit number", lambda now, p, u, n: _past(now, p, n, u)),
    _rule("past|over|shift counted", lambda now, p, c: _past(now, p, *c)),
    _rule("counted past|past_post|shift|shift_post", lambda now, c, p: _past(now, p, *c)),
    _rule("past unit", lambda now, p, u: _rolling(now, 1, u)),
    _rule("unit past|past_post", lambda now, u, p: _rolling(now, 1, u)),
    _rule("over number unit", lambda now, o, n, u: _rolling(now, n, u)),
    _rule("over unit", lambda now, o, u: _rolling(now, 1, u)),
    _rule("named_part year?", lambda now, p, y: _part(p[0], p[1], y)),
    _rule("year named_part", lambda now, y, p: _part(p[0], p[1], y)),
    _rule("th? DAY unit year?", lambda now, t, n, u, y: _part(u, n, y)),
    _rule("year th? DAY unit", lambda now, y, t, n, u: _part(u, n, y)),
    _rule("unit DAY year?", lambda now, u, n, y: _part(u, n, y)),
    _rule("year unit DAY", lambda now, y, u, n: _part(u, n, y)),
    _rule("unit number year?", lambda now, u, n, y: _week(u, n, y)),
    _rule("year unit number", lambda now, y, u, n: _week(u, n, y)),
    _rule("DAY unit year", lambda now, n, u, y: _week(u, n, y)),
    _rule("ordinal unit", lambda now, n, u: _week(u, n, None)),
    _rule("th number unit year?", lambda now, t, n, u, y: _week(u, n, y)),
    _rule("year th number unit", lambda now, y, t, n, u: _week(u, n, y)),
    _rule("DAY unit relative", lambda now, n, u, r: _part(u, n, _year_of(now, *r))),
    _rule("DAY unit shift unit", lambda now, n, u, s, v: _part(u, n, _year_of(now, s, v))),
    _rule("relative DAY? unit", lambda now, r, n, u: _part(u, n or 0, _year_of(now, *r))),
    _rule("number unit", _rolling),
    _rule("counted", lambda now, c: _rolling(now, *c)),
)
