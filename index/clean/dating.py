"""Dates as newspapers print them, in any language: where they stand in a line, and which day."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import assets
from index.text.fold import fold


class Found(NamedTuple):
    """A date in characters [start, end) of a text; `sure` is False where day and month may swap."""

    iso: str
    start: int
    end: int
    sure: bool = True


_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_TIME = r"(?:[T ,]{1,3}(?P<clock>[012]?\d[:.h][0-5]\d(?::[0-5]\d)?)(?:\.\d+)?)?"
_ISO = re.compile(
    rf"(?<![\d.])(?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>[01]?\d)(?P=sep)(?P<d>[0-3]?\d)(?!\d)"
)
_NUMERIC = re.compile(
    rf"(?<![\d.,/-])(?P<d>[0-3]?\d)\s?(?P<sep>[./-])\s?(?P<m>[0-3]?\d)\s?(?P=sep)\s?"
    rf"(?P<y>{_YEAR}|\d\d)(?![\d/-]|\.\d)"
)
_EAST = re.compile(
    rf"(?P<y>{_YEAR})\s?[年년]\s?(?P<m>[01]?\d)\s?[月월]\s?(?P<d>[0-3]?\d)\s?[日号號일]"
)
_DAY_FIRST = re.compile(
    r"(?<![\d:.,/])(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|-го|\.|º|ª|ος|η)?[\s.,/-]{0,3}(?:(?:de|of|di)\s|d['’])?"
    rf"(?P<name>[^\W\d_]{{2,14}}(?:/[^\W\d_]{{2,14}})?)\.?[\s.,/-]{{0,3}}(?:(?:de|del|of|di)\s)?(?P<y>{_YEAR})(?!\d\d[^:])",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<name>[^\W\d_]{{3,14}})\.?\s(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.)?,?\s(?P<y>{_YEAR})(?!\d\d[^:])",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<y>{_YEAR})[.,]?\s(?:m\.\s)?(?P<name>[^\W\d_]{{3,14}})\.?\s(?P<d>[0-3]?\d)(?!\d)",
    re.IGNORECASE,
)
# Without a year in full, or three numbers with stops or slashes between, no pattern can match.
_ANY = re.compile(rf"{_YEAR}|1[34]\d\d|\d\s?[./]\s?\d\d?\s?[./]\s?\d\d", re.ASCII)
DATE_DIGITS = 4
"""No date has fewer digits."""
_FIGURES = re.compile(r"\d\s?[-/.]\s?\d")
"""What every date in figures alone holds."""
_OTHER_DIGITS = {
    ord(char): str(value)
    for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)
    for value, char in enumerate(map(chr, range(start, start + 10)))
}
_ANY_OTHER_DIGIT = re.compile(f"[{''.join(map(chr, _OTHER_DIGITS))}]")
_PERSIAN = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن",
    "اسفند",
)  # fmt: skip
_JALALI = re.compile(r"(?<!\d)(?P<d>[0-3]?\d)\s(?P<name>[^\W\d_]{2,9})\s(?P<y>1[34]\d\d)(?!\d)")
_LONGEST = 400
"""Characters of a line in which a date is looked for."""


@cache
def months() -> dict[str, int]:
    """The number of the month by its folded name, in any language."""
    table = {}
    for line in assets.MONTHS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, number = line.split("\t")
            table[name] = int(number)
    return table


@cache
def _persian() -> dict[str, int]:
    return {fold(name): number for number, name in enumerate(_PERSIAN, 1)}


def iso_day(year: int, month: int, day: int) -> str | None:
    """The ISO date, or None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def find_dates(line: str) -> list[Found]:
    """The dates with a year in the first few hundred characters of `line`, in order."""
    found: list[Found] = []
    for so_far in _dates(line):
        found = so_far
    return sorted(found, key=lambda one: one.start)


def has_date(line: str) -> bool:
    """Whether `find_dates` would find any."""
    return any(_dates(line))


def _dates(line: str) -> Iterator[list[Found]]:
    """The dates found so far, after each kind that was looked for."""
    found: list[Found] = []
    text = line[:_LONGEST]
    if not text.isascii() and _ANY_OTHER_DIGIT.search(text):
        text = text.translate(_OTHER_DIGITS)
    if not _ANY.search(text):
        return
    in_figures = _FIGURES.search(text) is not None
    for pattern, possible in ((_ISO, in_figures), (_EAST, not text.isascii())):
        for match in pattern.finditer(text) if possible else ():
            _keep(found, match, int(match["y"]), int(match["m"]), int(match["d"]))
    for match in _NUMERIC.finditer(text) if in_figures else ():
        _numeric(found, match)
    yield found
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for match in pattern.finditer(text):
            month = _month(match["name"])
            if month:
                _keep(found, match, int(match["y"]), month, int(match["d"]))
        yield found
    for match in _JALALI.finditer(text) if not text.isascii() else ():
        month = _persian().get(fold(match["name"]))
        if month:
            _keep(found, match, *_from_jalali(int(match["y"]), month, int(match["d"])))
    yield found


def _month(name: str) -> int | None:
    for part in name.split("/"):
        number = months().get(fold(part))
        if number:
            return number
    return None


def _numeric(found: list[Found], match: re.Match[str]) -> None:
    """Day, month, year in figures: which is the day may be open where both could be."""
    first, second = int(match["d"]), int(match["m"])
    year = int(match["y"])
    if len(match["y"]) == 2:
        if match["sep"] != "." and match["sep"] != "/":
            return
        year += 2000
    american = second > 12 and first <= 12
    day, month = (second, first) if american else (first, second)
    open_order = match["sep"] == "/" and first <= 12 and second <= 12 and first != second
    _keep(found, match, year, month, day, sure=not open_order)


def _keep(
    found: list[Found], match: re.Match[str], year: int, month: int, day: int, *, sure: bool = True
) -> None:
    iso = iso_day(year, month, day)
    start, end = match.span()
    if iso is None or any(start < other.end and other.start < end for other in found):
        return
    found.append(Found(iso, start, end, sure))


def _from_jalali(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A day of the Persian calendar as Gregorian, by the 33-year cycle (exact for 1206 to 1498)."""
    days = _persian_days(year) + day - 1
    days += (month - 1) * 31 if month <= 7 else (month - 1) * 30 + 6
    try:
        # 1 Farvardin 1354 was 21 March 1975.
        gregorian = date.fromordinal(date(1975, 3, 21).toordinal() + days - _persian_days(1354))
    except (OverflowError, ValueError):
        return 0, 0, 0
    return gregorian.year, gregorian.month, gregorian.day


def _persian_days(year: int) -> int:
    """Days of the Persian years before `year`, counted from one whose cycle begins (979)."""
    past = year - 979
    return 365 * past + (past // 33) * 8 + (past % 33 + 3) // 4


_LABEL = re.compile(r"([^\W\d_]{2,14})(?:\s[^\W\d_]{2,12})?\s?[:：]?\s")
_LETTER = re.compile(r"[^\W\d_]")
_LABELLED = 60
_GLUED_LEAST = 30
"""Characters of a line from which a date may be glued before its sentence."""
# A label such as "date" or "Published:", then a date in full, then a sentence.
_GLUED_LABEL = re.compile(r"(?P<label>[^\W\d_]{2,14}(?:\s[^\W\d_]{2,12})?)\s?[:：]?\s(?=\d)|(?=\d)")
_SOME_DIGIT = re.compile(r"\d")
_GLUED_DATE = re.compile(
    rf"(?:{_YEAR}[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[./-][01]?\d[./-]{_YEAR})"
    rf"(?:[T ][012]?\d:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?=\s)"
)
_TRAILING_DATE = re.compile(
    rf"(?<=[^\W\d_])(?:{_YEAR}[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[./-][01]?\d[./-]{_YEAR})\Z"
)
_LABELS = frozenset(
    fold(word)
    for word in [
        "date",
        "published",
        "posted",
        "updated",
        "created",
        "time",
        "pubdate",
        "datum",
        "veröffentlicht",
        "stand",
        "fecha",
        "publicado",
        "actualizado",
        "data",
        "publié",
        "mis",
        "publication",
        "pubblicato",
        "aggiornato",
        "opublikowano",
        "publikacja",
        "datum",
        "publikováno",
        "objavljeno",
        "датум",
        "дата",
        "опубліковано",
        "оновлено",
        "опубликовано",
        "обновлено",
        "публикация",
        "публікація",
        "публикувана",
        "ημερομηνία",
        "δημοσίευση",
        "tarih",
        "yayın",
        "yayınlanma",
        "التاريخ",
        "نشر",
        "تاریخ",
        "日期",
        "时间",
        "時間",
    ]
)


def labelled_date(line: str) -> str | None:
    """The ISO date of a line that is nothing but a label, such as "Published:", and a date."""
    label = _LABEL.match(line) if len(line) <= _LABELLED and _SOME_DIGIT.search(line) else None
    if label is None or fold(label[1]) not in _LABELS:
        return None
    found = find_dates(line)
    if len(found) != 1 or not found[0].sure or found[0].start > label.end():
        return None
    return None if _LETTER.search(line, found[0].end) else found[0].iso


def may_lead(line: str) -> bool:
    """Whether `leading_date` need be asked at all."""
    return len(line) >= _GLUED_LEAST and _SOME_DIGIT.search(line, 0, 40) is not None


def leading_date(line: str, *, first: bool) -> tuple[str, int] | None:
    """A date glued before the sentence that `line` holds: its ISO form, and where it ends.

    Without a label before it only the first line of a text can have one; a sentence that merely
    begins with a date goes on in lower case, or is not split.
    """
    if not may_lead(line):
        return None
    label = _GLUED_LABEL.match(line)
    if label is None:
        return None
    worded = label["label"] is not None
    if worded and fold(label["label"].split()[0]) not in _LABELS:
        return None
    if not worded and not first:
        return None
    match = _GLUED_DATE.match(line, label.end())
    if match is None:
        return None
    rest = line[match.end() :].lstrip()
    if len(rest) < 12 or rest[0].islower() or rest[0] in ",.;:)–—-|/•·":
        return None
    found = find_dates(line[label.end() : match.end()])
    if not found or not found[0].sure:
        return None
    return found[0].iso, len(line) - len(rest)


def trailing_date(line: str) -> tuple[str, int] | None:
    """A date glued behind the last word of `line`, no space between: ISO, and where it begins."""
    match = _TRAILING_DATE.search(line) if line[-1:].isdigit() else None
    found = find_dates(match[0]) if match else []
    return (found[0].iso, match.start()) if match and found and found[0].sure else None
