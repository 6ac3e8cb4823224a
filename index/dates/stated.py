"""Dates as documents state them in their fields: made ISO 8601, or None, never guessed."""

import re
from datetime import UTC, date, datetime

_EPOCH = date(1970, 1, 1).toordinal()
_ISO = re.compile(
    r"(\d{4})(?:-(\d{2})-(\d{2})|(\d{2})(\d{2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2}))"
    r"(?:[T ]\s*\d{1,2}(?::?\d{2}){0,2}(?:[.,]\d+)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{0,2})?)?",
    re.ASCII | re.IGNORECASE,
)
_UNIX = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}", re.ASCII)
_RFC = re.compile(r"(?:[a-z]{3},\s*)?\d{1,2}[ -][a-z]{3}[ -]\d{4}(?:\s.*)?", re.IGNORECASE)
_LONGEST = 64


def day_number(iso: str) -> int | None:
    """Days from 1970-01-01 to the ISO date `iso`, or None where it is none."""
    try:
        return date.fromisoformat(iso[:10]).toordinal() - _EPOCH
    except ValueError:
        return None


def normalise_date(text: str) -> str | None:
    """The day (YYYY-MM-DD) a field states, in the time zone it states; None where unclear.

    Read are ISO 8601, year-first dates with slashes or dots, RFC 2822, and Unix seconds or
    milliseconds (in UTC). `02/03/2026` has two readings, so it has none.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if match := _ISO.fullmatch(text):
            year, *rest = (int(part) for part in match.groups() if part is not None)
            return date(year, *rest).isoformat() if len(rest) == 2 else None
        if _UNIX.fullmatch(text):
            seconds = float(text) / (1000 if len(text) in (12, 13) and "." not in text else 1)
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
        if _RFC.fullmatch(text):
            from email.utils import parsedate_to_datetime  # noqa: PLC0415  (imports sockets)

            return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    return None
