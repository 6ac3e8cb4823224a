"""Title, byline and date of a document, each from the best witness that states it."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from index.clean.blocks import Piece
from index.clean.dating import find_dates, iso_day
from index.clean.lexicon import files, sections, tokens
from index.clean.verdicts import Verdict
from index.model import Document, Label, Stated
from index.text.safe import safe_line

_IN_PATH = re.compile(r"/(?P<y>19[89]\d|20[0-4]\d)[/-](?P<m>[01]?\d)[/-](?P<d>[0-3]?\d)(?=[/_-]|$)")
_IN_NAME = re.compile(r"(?<!\d)(?P<y>20[0-4]\d)-?(?P<m>[01]\d)-?(?P<d>[0-3]\d)(?!\d)")
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?"
)


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


def date_of(document: Document, pieces: list[Piece], verdicts: list[Verdict]) -> Dated | None:
    """The publication date, or None where nothing states one. A file's time is no witness."""
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.label is Label.DATE:
            if piece.date:
                return Dated(piece.date, "stated")
            for found in find_dates(piece.text):
                if found.sure:
                    return Dated(found.iso, "stated")
    stated = read_date(document.stated.date)
    if stated:
        return Dated(stated, "metadata")
    from_url = url_date(document.stated.url)
    return Dated(from_url, "url") if from_url else None


def same_text(one: str, other: str) -> bool:
    """Whether two lines say the same, punctuation and case aside."""
    return tokens(one) == tokens(other)


def _byline_words() -> re.Pattern[str]:
    words = {
        entry.lstrip("^").rstrip("*:")
        for name in files()
        for category, entry in sections(name)
        if category == "byline" and entry.startswith("^")
    }
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


_BYLINE: re.Pattern[str] | None = None


def author_in(line: str) -> str | None:
    """The name in a byline, its "By" and its date taken off; None where nothing is left."""
    global _BYLINE  # noqa: PLW0603 - compiled at first use from the lexicons
    if _BYLINE is None:
        _BYLINE = _byline_words()
    name = _BYLINE.sub("", line, count=1) if _BYLINE.match(line) else line
    dates = find_dates(name)
    if dates:
        name = name[: dates[0].start]
    name = re.split(r"\s[|•·—–/]\s?|\s-\s|\d|@", name)[0].strip(" ,;:|-–—•·/")
    return name if 2 < len(name) <= 100 else None


def title_of(stated: Stated, pieces: list[Piece], verdicts: list[Verdict]) -> str | None:
    """The title the text states, else the one that came with it."""
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.label is Label.TITLE:
            return piece.text
    return clean_field(stated.title)


def byline_of(stated: Stated, pieces: list[Piece], verdicts: list[Verdict]) -> str | None:
    """The author the text states, else the one that came with it."""
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.label is Label.BYLINE:
            name = author_in(piece.text)
            if name:
                return name
    return clean_field(stated.author)


def clean_field(text: str | None) -> str | None:
    """A field that came beside the text, safe and trimmed; None where empty."""
    return (safe_line(text[:1000]).strip() or None) if text else None
