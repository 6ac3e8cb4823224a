"""Title, byline and date of a document, each from the best witness that states it."""

import datetime
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from index.clean.blocks import Piece
from index.clean.dating import Found, find_dates, iso_day, labelled_date
from index.clean.lexicon import files, sections
from index.clean.verdicts import Verdict
from index.clean.wording import tokens
from index.model import Label, Stated
from index.text.safe import safe_line

_IN_PATH = re.compile(r"/(?P<y>19[89]\d|20[0-4]\d)[/-](?P<m>[01]?\d)[/-](?P<d>[0-3]?\d)(?=[/_-]|$)")
_IN_NAME = re.compile(r"(?<!\d)(?P<y>20[0-4]\d)-?(?P<m>[01]\d)-?(?P<d>[0-3]\d)(?!\d)")
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?"
)


STATED, METADATA, URL = "stated", "metadata", "url"
_SECTION_WORDS = 4
_ABOVE, _BELOW, _SHORT = 6, 3, 90
"""Blocks above the heading and below the first of the body, and the characters of one, in which a
date is that of the article."""

_FIRST = 16
"""Characters in which a line about its date has come to it, and after it has come to its end."""
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")


class Witnesses(NamedTuple):
    """What the markup of a page states; nothing for flat text."""

    title: str | None = None
    byline: str | None = None
    date: str | None = None
    modified: str | None = None
    """When the page was last changed."""
    shown_date: str | None = None
    """That of the first time element: it may be another article's."""
    shown_words: str | None = None
    """What the words of that element show, which `shown_date` may correct."""
    month_first: bool | None = None
    """Whether 3/4/2024 is in March, where the page says where it is from."""
    url_date: str | None = None
    section: str | None = None


class Dated(NamedTuple):
    """An ISO date, and which witness gave it: "stated", "metadata" or "url"."""

    iso: str
    origin: str


def url_date(url: str | None) -> str | None:
    """The day that the path of `url` names, as in /2024/03/09/."""
    if not url:
        return None
    try:
        path = urlsplit(url[:2000]).path
    except ValueError:
        return None
    match = _IN_PATH.search(path) or _IN_NAME.search(path)
    return iso_day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def read_date(text: str | None) -> str | None:
    """A date as metadata state it, as ISO 8601 with its time and zone where given; else None."""
    if not text:
        return None
    match = _ISO.match(text)
    if match:
        year, month, day, clock, zone = match.groups()
        iso = iso_day(int(year), int(month), int(day))
        if iso is None:
            return None
        return iso + (f"T{clock}{zone or ''}" if clock else "")
    found = find_dates(text)
    return found[0].iso if found and found[0].sure else None


def date_of(
    stated: Stated, witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]
) -> Dated | None:
    """The publication date, or None where nothing states one. A file's time is no witness.

    A page's markup is more exact than its text, unless a line of its own beside the heading tells
    another day: markup is written anew when a site moves. Flat text has only what it says itself.
    What came beside the document is asked next, its URL last.
    """
    if witnesses.date:
        other = _disputed(witnesses, pieces, verdicts)
        return Dated(other, STATED) if other else Dated(witnesses.date, METADATA)
    in_text = _visible(witnesses.month_first, pieces, verdicts)
    if in_text and witnesses.shown_date and in_text == witnesses.shown_words:
        # What the element says for programs is more exact than its words.
        return Dated(
            in_text if witnesses.shown_date[:10] == in_text else witnesses.shown_date, STATED
        )
    if in_text:
        return Dated(in_text, STATED)
    if witnesses.shown_date:
        return Dated(witnesses.shown_date, METADATA)
    beside = read_date(stated.date)
    if beside:
        return Dated(beside, METADATA)
    labelled = {day for piece in pieces if (day := labelled_date(piece.text))}
    if len(labelled) == 1:
        return Dated(labelled.pop(), STATED)
    from_url = url_date(stated.url) or witnesses.url_date
    return Dated(from_url, URL) if from_url else None


def _disputed(witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]) -> str | None:
    """The day that a line beside the heading begins with, if the markup knows nothing of it.

    Days next to each other differ by the time zone. A line that tells of an update is no witness,
    nor is any where another one beside the heading bears the markup out.
    """
    known = [day for day in (witnesses.date, witnesses.modified) if day]
    if _borne_out(known[0], pieces, verdicts):
        return None
    other = None
    for row in _beside_heading(pieces, verdicts):
        text = pieces[row].text
        dates = find_dates(text)
        if not dates:
            continue
        if verdicts[row].label is not Label.DATE and not _kept_date(verdicts[row], text, dates[0]):
            continue
        alone = dates[0].start <= _FIRST and len(_ANY_YEAR.findall(text)) == 1
        if not alone or any(word in text.casefold() for word in _update_words()):
            return other
        day = settled(dates[0], witnesses.month_first)
        if not day or any(_days_between(day, one) <= 1 for one in known):
            return None
        other = other or day
    return other


def _borne_out(date: str, pieces: list[Piece], verdicts: list[Verdict]) -> bool:
    """Whether a date line above the text, be it far from the heading, tells the day of `date`."""
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.label is Label.BODY:
            return False
        if verdict.label is Label.DATE and len(piece.text) <= _SHORT:
            dates = find_dates(piece.text)
            if len(dates) == 1 and dates[0].sure and _days_between(dates[0].iso, date) <= 1:
                return True
    return False


def _kept_date(verdict: Verdict, text: str, date: Found) -> bool:
    """Whether a block that was kept as body says little after its date: no sentence, no caption."""
    return verdict.label is Label.BODY and len(text) - date.end <= _FIRST >= date.start


@cache
def _update_words() -> tuple[str, ...]:
    """How a line says that it gives the date of a change, in all languages."""
    return tuple(
        entry.rstrip("*").casefold()
        for name in files()
        for category, entry in sections(name)
        if category == "updated"
    )


def _days_between(one: str, other: str) -> int:
    first, second = (datetime.date.fromisoformat(day[:10]) for day in (one, other))
    return abs((first - second).days)


def _visible(month_first: bool | None, pieces: list[Piece], verdicts: list[Verdict]) -> str | None:
    """The date of the first line labelled date, or byline, else of a short line near the head."""
    for label in (Label.DATE, Label.BYLINE):
        for piece in _labelled(label, pieces, verdicts):
            found = piece.date or _sure_date(piece.text, month_first)
            if found:
                return found
    return _near_head(month_first, pieces, verdicts)


def _labelled(label: Label, pieces: list[Piece], verdicts: list[Verdict]) -> list[Piece]:
    return [piece for piece, (own, _) in zip(pieces, verdicts, strict=True) if own is label]


def _near_head(
    month_first: bool | None, pieces: list[Piece], verdicts: list[Verdict]
) -> str | None:
    """The date a short block of a page states between its heading and the text, or close by.

    Not one among other articles, or among readers, who joined the site on some day.
    """
    for row in _beside_heading(pieces, verdicts):
        if verdicts[row].label in (Label.RELATED, Label.COMMENT):
            continue
        text = pieces[row].text
        found = _sure_date(text, month_first)
        dates = find_dates(text) if found and verdicts[row].label is Label.BODY else []
        if found and (not dates or _kept_date(verdicts[row], text, dates[0])):
            return found
    return None


def _beside_heading(pieces: list[Piece], verdicts: list[Verdict]) -> list[int]:
    """The short blocks of a page between its heading and the text, or close by.

    None of them is body, save right under the heading, where a kept line may still give the date.
    """
    if not pieces or pieces[0].place is None:
        return []
    body = next((row for row, one in enumerate(verdicts) if one.label is Label.BODY), len(pieces))
    headings = [
        row for row, piece in enumerate(pieces[:body]) if piece.place and piece.place.level == 1
    ]
    start = max((headings[-1] if headings else body) - _ABOVE, 0)
    under = headings[-1] + 1 if headings else -_BELOW
    return [
        row
        for row in range(start, min(max(body, start) + _BELOW, len(pieces)))
        if len(pieces[row].text) <= _SHORT
        and (verdicts[row].label is not Label.BODY or under <= row < under + _BELOW)
    ]


def _sure_date(text: str, month_first: bool | None) -> str | None:
    return next((day for found in find_dates(text) if (day := settled(found, month_first))), None)


def settled(found: Found, month_first: bool | None) -> str | None:
    """The ISO date of `found`; None where its day and month may swap and nothing tells which."""
    if found.sure or month_first is False:
        return found.iso
    if month_first is None:
        return None
    year, month, day_of_month = found.iso.split("-")
    return f"{year}-{day_of_month}-{month}"


def same_text(one: str, other: str) -> bool:
    """Whether two lines say the same, punctuation and case aside."""
    return tokens(one) == tokens(other)


@cache
def _byline_start() -> re.Pattern[str]:
    """ "By", "Von", "Автор:" at the start of a line."""
    words = {
        entry.lstrip("^").rstrip("*:")
        for name in files()
        for category, entry in sections(name)
        if category == "byline" and entry.startswith("^")
    }
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


def author_in(line: str) -> str | None:
    """The name in a byline, its "By" and its date taken off; None where nothing is left."""
    name = _byline_start().sub("", line, count=1) if _byline_start().match(line) else line
    dates = find_dates(name)
    if dates:
        name = name[: dates[0].start]
    name = re.split(r"\s[|•·—–/]\s?|\s-\s|\d|@", name)[0].strip(" ,;:|-–—•·/")
    return name if 2 < len(name) <= 100 else None


class Named(NamedTuple):
    """A title or byline, and which witness gave it: "stated" (the text shows it) or "metadata"."""

    text: str
    origin: str


def title_of(
    stated: Stated, witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]
) -> Named | None:
    """The title a page's witnesses agree on, or the text states, or that came beside it."""
    if witnesses.title:
        shown = any(same_text(piece.text, witnesses.title) for piece in _headings(pieces))
        return Named(witnesses.title, STATED if shown else METADATA)
    for piece in _labelled(Label.TITLE, pieces, verdicts):
        return Named(piece.text, STATED)
    beside = clean_field(stated.title)
    return Named(beside, METADATA) if beside else None


def _headings(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.place is not None and piece.place.level]


def byline_of(
    stated: Stated, witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]
) -> Named | None:
    """The author a page's markup names, or the text, or that came beside it."""
    if witnesses.byline:
        return Named(witnesses.byline, METADATA)
    for piece in _labelled(Label.BYLINE, pieces, verdicts):
        name = author_in(piece.text)
        if name:
            return Named(name, STATED)
    beside = clean_field(stated.author)
    return Named(beside, METADATA) if beside else None


def section_of(witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]) -> str | None:
    """The section that a page's head names, else a short line above the body that is one."""
    if witnesses.section:
        return witnesses.section
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.label is Label.BODY:
            return None
        if verdict.label is Label.SECTION and len(tokens(piece.text)) <= _SECTION_WORDS:
            return piece.text
    return None


def clean_field(text: str | None) -> str | None:
    """A field that came beside the text, safe and trimmed; None where empty."""
    return (safe_line(text[:1000]).strip() or None) if text else None
