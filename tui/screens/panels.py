"""The panels of the main screen: what each offers, and what choosing makes of the query."""

from collections.abc import Mapping, Sequence

from index.text.safe import safe_line
from tui import formats, keys, query_text
from tui.answers import Refused, SavedSearch
from tui.client import Engine
from tui.i18n import _, ngettext
from tui.screens.choose import Choose, narrowing
from tui.screens.commands import looks_and_languages, orders
from tui.screens.filters import DATE_HINT, offer_dates, offer_facet
from tui.screens.paths import offer_paths
from tui.widgets.choice_list import Choice
from tui.widgets.facets import TITLES, ordered

_MOST = 40  # languages offered beyond those of the archive


def facet_panel(engine: Engine, text: str, facet: str) -> Choose:
    """Languages or sources of what `text` finds without a filter by them; those set are marked."""

    async def counts() -> Mapping[str, int]:
        return (await engine.facets(query_text.with_facet(text, facet)))[1].get(facet, {})

    marked = query_text.values_of(text, query_text.FACETS[facet][1])
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


def commands_panel(saved: Sequence[SavedSearch]) -> Choose:
    """All one can do, by name; the saved searches first."""
    choices = [
        *(Choice(f"run:{one.name}", one.name, _("saved search"), also=one.query) for one in saved),
        *(Choice(key.action, _(key.label), key.shown) for key in keys.offered()),
        *orders(),
        *looks_and_languages(),
    ]
    return Choose(_("Commands"), narrowing(choices))


def name_panel(title: str, name: str, taken: Sequence[str]) -> Choose:
    """A name to type: `name` to begin with; of those `taken` it is said."""

    async def offer(text: str) -> Sequence[Choice]:
        typed = safe_line(text).strip()
        if not typed:
            return [Choice("", _("a saved search needs a name"), error=True, hint=True)]
        replaces = typed in taken and typed != name
        return [Choice(typed, typed, _("replaces the other") if replaces else _("save"))]

    return Choose(title, offer, hint=_("a name"), typed=name)


def history_panel(history: Sequence[str]) -> Choose:
    """The earlier searches, the last first."""
    choices = [Choice(text, text) for text in reversed(history)]
    return Choose(_("Earlier searches"), narrowing(choices))


def tags_panel(tags: Mapping[str, int], on: Sequence[str], articles: int) -> Choose:
    """Tags to put on or take off; what is typed may be a new one."""
    said = ngettext("Tags of {n} article", "Tags of {n} articles", articles)
    largest = max(tags.values(), default=0) or 1

    async def offer(text: str) -> Sequence[Choice]:
        typed = safe_line(text).replace('"', "").strip()
        known = [
            Choice(name, name, formats.number(count), count / largest)
            for name, count in tags.items()
            if typed.casefold() in name.casefold()
        ]
        if typed and typed.casefold() not in {name.casefold() for name in tags}:
            known.insert(0, Choice(typed, typed, _("a new tag")))
        return known or [Choice("", _("type the first tag"), error=True, hint=True)]

    title = formats.fill(said, n=articles)
    return Choose(title, offer, hint=_("a tag"), marked=on, several=True, spaced=True)


def export_panel(articles: int, default: str) -> Choose:
    """A file to write to."""
    said = ngettext("Write {n} article to a file", "Write {n} articles to a file", articles)

    async def offer(text: str) -> Sequence[Choice]:
        typed = text.strip()
        if not typed.casefold().endswith((".jsonl", ".csv", ".md", ".txt")):
            return [
                Choice(
                    "",
                    _("a file of articles is called .jsonl, .csv, .md or .txt"),
                    error=True,
                    hint=True,
                )
            ]
        return [Choice(typed, safe_line(typed), _("write"))]

    title = formats.fill(said, n=articles)
    return Choose(
        title,
        offer,
        hint=_("a file of articles is called .jsonl, .csv, .md or .txt"),
        typed=default,
    )


def language_panel(counts: Mapping[str, int], now: str, *, by_reader: bool) -> Choose:
    """The languages an article may be in: those of the archive first, then all others typed."""
    largest = max(counts.values(), default=0) or 1
    detected = [Choice("auto", _("as detected"))] if by_reader else []
    known = [
        Choice(
            code,
            formats.language(code),
            formats.number(count),
            count / largest,
            also=f"{code} {formats.language(code, of=code)}",
        )
        for code, count in ordered("language", counts)
        if code not in {"und", now}
    ]

    async def offer(text: str) -> Sequence[Choice]:
        found = await narrowing([*detected, *known])(text)
        if not text.strip():
            return found
        others = [
            Choice(code, name, also=code)
            for code, name in formats.languages()
            if code not in counts
        ]
        return [*found, *(await narrowing(others)(text))[:_MOST]]

    return Choose(_("The article's language"), offer)


def pipe_panel(before: Sequence[str]) -> Choose:
    """A command to pipe to; those given before are offered."""

    async def offer(text: str) -> Sequence[Choice]:
        typed = text.strip()
        known = [Choice(one, one, completion=one) for one in reversed(before) if typed in one]
        if typed and typed not in before:
            known.insert(0, Choice(typed, safe_line(typed), _("run")))
        return known or [
            Choice("", _("type a command; it gets the text as its input"), error=True, hint=True)
        ]

    return Choose(_("Pipe to a command"), offer, hint=_("a command, such as: wc -w"))
