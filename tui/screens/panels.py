"""The panels of the main screen: what each offers, and what choosing makes of the query."""

from collections.abc import Mapping, Sequence

from tui import keys, query_text
from tui.answers import Refused
from tui.client import Engine
from tui.i18n import _
from tui.screens.choose import Choose, narrowing
from tui.screens.commands import looks_and_languages
from tui.screens.filters import DATE_HINT, offer_dates, offer_facet
from tui.screens.paths import offer_paths
from tui.widgets.choice_list import Choice
from tui.widgets.facets import TITLES


def facet_panel(engine: Engine, text: str, facet: str) -> Choose:
    """Languages or sources of what `text` finds without a filter by them; those set are marked."""

    async def counts() -> Mapping[str, int]:
        return (await engine.facets(query_text.with_facet(text, facet, "")))[1].get(facet, {})

    now = query_text.value_of(text, query_text.FACETS[facet][1])
    marked = [value for value in now.split(",") if value]
    offer = offer_facet(facet, counts, with_all=bool(marked))
    return Choose(_(TITLES[facet]), offer, marked=marked, several=True)


def date_panel(engine: Engine, text: str) -> Choose:
    """Presets and typed ranges, with how much of what `text` finds they would leave."""

    async def count(value: str) -> int:
        return (await engine.facets(query_text.with_facet(text, "month", value)))[0]

    title = TITLES["month"]
    return Choose(_(title), offer_dates(count), hint=_(DATE_HINT))


def import_panel() -> Choose:
    """Files and folders."""
    return Choose(_("Import"), offer_paths, hint=_("a path; Tab completes"))


def refused_panel(refused: Sequence[Refused]) -> Choose:
    """What an import refused or doubted, each with its reason."""
    choices = [
        Choice(str(number), f"{item.origin} {_(item.reason)}".strip(), item.status)
        for number, item in enumerate(refused)
    ]
    return Choose(_("Refused or doubtful"), narrowing(choices))


def commands_panel() -> Choose:
    """All one can do, by name."""
    choices = [Choice(key.action, _(key.label), key.shown) for key in keys.offered()]
    return Choose(_("Commands"), narrowing([*choices, *looks_and_languages()]))
