"""Single dates in forms that our own grammar does not know: the one door to dateparser."""

import re
from datetime import date

_DATED = re.compile(r"\d")


def parse_single(text: str, language: str) -> date | None:
    """The day `text` names in `language` with day, month and year, or None.

    Nothing relative and nothing incomplete is accepted: what is missing would be made up.
    """
    if not _DATED.search(text):
        return None
    from dateparser import parse  # noqa: PLC0415  (0.4 s, for the rare date that needs it)

    try:
        found = parse(
            text,
            languages=[language],
            settings={
                "STRICT_PARSING": True,
                "REQUIRE_PARTS": ["day", "month", "year"],
                "PARSERS": ["absolute-time"],
                "NORMALIZE": True,
            },
        )
    except (ValueError, OverflowError, TypeError, AttributeError, re.error):
        return None
    return found.date() if found and _said(found.date(), text) else None


def _said(day: date, text: str) -> bool:
    """Whether the text has two numbers, the day and the year found: neither is made up.

    A third would be a month in numbers, whose order our own grammar knows better.
    """
    numbers = [int(number[:9]) for number in re.findall(r"\d+", text)]
    return numbers in ([day.day, day.year], [day.year, day.day])
