"""What the filter panels offer: languages and sources with counts, dates as presets or typed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from tui import formats
from tui.answers import AnswerError
from tui.client import EngineLostError
from tui.i18n import N_, _, say
from tui.screens.choose import Offer, narrowing
from tui.widgets.choice_list import Choice
from tui.widgets.facets import facet_name, ordered

Count = Callable[[str], Awaitable[int]]
"""How many articles a date filter would leave; raises AnswerError where it means nothing."""


def facet_choices(facet: str, counts: Mapping[str, int]) -> list[Choice]:
    """The values of a facet with their counts; found by their names in both tongues, too."""
    largest = max(counts.values(), default=0) or 1
    return [
        Choice(
            id=value,
            label=facet_name(facet, value),
            detail=formats.number(count),
            share=count / largest,
            also=f"{value} {_own_name(value) if facet == 'language' else ''}",
        )
        for value, count in ordered(facet, counts)
    ]


def offer_facet(
    facet: str, counts: Callable[[], Awaitable[Mapping[str, int]]], *, with_all: bool
) -> Offer:
    """The values of a facet, counted once, narrowed by what is typed; "all" where one is set."""
    known: list[Choice] = []

    async def offer(text: str) -> Sequence[Choice]:
        if not known:
            try:
                known.extend(facet_choices(facet, await counts()))
            except (AnswerError, EngineLostError) as error:
                return [Choice("", say(error.template, error.values), error=True)]
            if with_all:
                known.insert(0, Choice("", _("all")))
        return await narrowing(known)(text)

    return offer


def _own_name(code: str) -> str:
    return "" if code == "und" else formats.language(code, of=code)


def date_presets() -> list[tuple[str, str]]:
    """Values of the date filter and what they are called."""
    year = formats.today().year
    return [
        ("", _("any time")),
        ("today", _("today")),
        ("7d", _("the last 7 days")),
        ("30d", _("the last 30 days")),
        (str(year), _("this year ({year})").format(year=year)),
        (str(year - 1), _("last year ({year})").format(year=year - 1)),
        ("undated", _("undated")),
    ]


def offer_dates(count: Count) -> Offer:
    """Presets while nothing is typed; then the range typed, or what is wrong with it."""
    known: dict[str, str] = {}

    async def detail(value: str) -> str:
        if value not in known:
            known[value] = formats.number(await count(value))
        return known[value]

    async def offer(text: str) -> Sequence[Choice]:
        typed = text.strip()
        if not typed:
            return [Choice(value, name, await detail(value)) for value, name in date_presets()]
        try:
            return [Choice(typed, typed, await detail(typed))]
        except (AnswerError, EngineLostError) as error:
            return [Choice("", say(error.template, error.values), error=True)]

    return offer


DATE_HINT = N_("a day, month, year or range: 2026-02, 2024..2025, last week")
