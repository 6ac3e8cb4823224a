"""Finding: searches as one types, filters, pages of rows, and why there is nothing."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.widgets import Input

from index.errors import NewsreaderError
from tui import formats, query_text
from tui.answers import Answer, AnswerError, Instead
from tui.client import PAGE, Engine, EngineLostError, Superseded
from tui.i18n import _, ngettext
from tui.screens.page import PageScreen
from tui.state import View
from tui.widgets.article_list import ArticleList
from tui.widgets.facets import Facets
from tui.widgets.notice import Notice
from tui.widgets.results import Results
from tui.widgets.search_line import SORTS, SearchLine, Understood

if TYPE_CHECKING:
    from textual.timer import Timer

_TYPING = 0.02  # seconds without a key before a search is sent; a newer one overtakes it
_RESTED = 0.06  # seconds after the key before, from which on one is searched for at once
_MOST_KEPT = 200  # searches
_PATIENCE = 0.2  # seconds before old rows are dimmed


class FindingScreen(PageScreen):
    """Sends what stands in the search line to the engine and shows what it finds."""

    @dataclass
    class Remembered(Message):
        """A search was remembered: worth keeping before anything happens to the reader."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._sort = view.sort
        self._answer: Answer | None = None
        self._articles = view.articles
        self._importing = 0
        """Imports that were asked for and are not done."""
        self._history = list(view.history)
        self._typing: Timer | None = None
        self._typed_at = 0.0

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        """Search when the letter stands on the screen; where more come quickly, after them."""
        now = time.monotonic()
        rested, self._typed_at = now - self._typed_at > _RESTED, now
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        if rested:
            self.call_after_refresh(self._ask_at, now)
        else:
            self._typing = self.set_timer(_TYPING, self._ask)

    def _ask_at(self, typed: float) -> None:
        if self._typed_at == typed:
            self._ask()

    def _ask(self, *, keep: bool = False) -> None:
        """Search for what stands in the line; with `keep` the cursor stays where it is."""
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        self._search(self.text, keep)

    @work(exclusive=True, group="search")
    async def _search(self, text: str, keep: bool) -> None:
        dimming = self.set_timer(_PATIENCE, self.list.dim)
        row = self.list.row if keep and self.list.placed else None
        kept = {"keep": row.id} if row is not None else {}
        try:
            answer = await self._engine.search(text, sort=self._sort, **kept)
            results = Results(answer.total, answer.rows)
            await self._bring_cursor(text, answer, results)
        except Superseded:
            return
        except EngineLostError:
            return  # it is started again, and asked again
        except AnswerError as error:
            self.list.dim()
            self.understood.fail(error, text)
            return
        finally:
            dimming.stop()
        self._take(answer, results, keep)

    async def _bring_cursor(self, text: str, answer: Answer, results: Results) -> None:
        """Fetch the pages where the cursor's article is now, and where it was, as well."""
        places = [answer.place] if answer.place is not None else [self.list.cursor]
        if not self.list.placed:
            return
        for page in {place // PAGE for place in places} - {0}:
            if page * PAGE < answer.total:
                more = await self._engine.rows(text, sort=self._sort, offset=page * PAGE)
                results.put(page, more.rows)

    def _take(self, answer: Answer, results: Results, keep: bool) -> None:
        if self._answer is not None and self._answer.text != answer.text:
            self.list.unpick()
        self._answer = answer
        if keep and self.list.row is not None:
            self.list.placed = True
        self.list.show(results, stay=keep)
        self.understood.show(answer, self._articles)
        self.facets.show(answer.facets, answer.text)
        self._widen(answer)
        nothing = answer.total == 0
        self.set_class(nothing, "-nothing")
        if nothing:
            self._explain(answer)
        if self.focused in {self.list, self.notice}:
            self._focus_list()
        self.shown()

    @work(exclusive=True, group="widen")
    async def _widen(self, answer: Answer) -> None:
        """Count each facet that is filtered by as if it were not, so that one can choose anew."""
        if not self._showing_side:
            return
        counts: dict[str, dict[str, int]] = {}
        for facet in query_text.FACETS:
            if query_text.is_filtered(answer.text, facet):
                wider = query_text.with_facet(answer.text, facet)
                try:
                    counts[facet] = (await self._engine.facets(wider))[1].get(facet, {})
                except NewsreaderError:
                    return
        if counts and self._answer is answer:
            self.facets.widen(counts)

    def shown(self) -> None:
        """An answer is on the screen."""
        self._say_place()

    @on(ArticleList.Wanted)
    def _wanted(self, event: ArticleList.Wanted) -> None:
        if self._answer is not None:
            for page in event.pages:
                self._fetch(event.results, page, self._answer)

    @work(group="pages")
    async def _fetch(self, results: Results, page: int, answer: Answer) -> None:
        try:
            more = await self._engine.rows(answer.text, sort=self._sort, offset=page * PAGE)
        except (AnswerError, EngineLostError, Superseded):
            results.not_coming(page)
            return
        self.list.put(results, page, more.rows)

    @work(exclusive=True, group="explain")
    async def _explain(self, answer: Answer) -> None:
        """Say why there is nothing, what each filter hides, and what may have been meant."""
        notice = self.notice
        if not self._articles:
            if self._importing:
                notice.say([(_("The first articles are on their way …"), "title")])
                return
            said = _("i brings some in, or start newsreader with a folder.")
            notice.say(
                [(_("There are no articles here yet."), "title"), ("", "ink"), (said, "muted")]
            )
            return
        if (
            answer.pending
        ):  # what was imported is on its way: say so rather than that it is not there
            said = ngettext(
                "{n} article is being indexed …", "{n} articles are being indexed …", answer.pending
            )
            notice.say([(formats.fill(said, n=answer.pending), "title")])
            return
        lines = [(_("Nothing was found."), "title")]
        if answer.understood:
            lines.append((answer.understood, "muted"))
        notice.say(lines)
        try:
            choices = await self._ways_out(answer)
        except NewsreaderError:
            return
        if self._answer is answer:
            notice.say(lines, choices)

    async def _ways_out(self, answer: Answer) -> list[tuple[str, str]]:
        """Queries that find something: without a filter each, and spelt otherwise."""
        choices = []
        without = list(answer.without)
        if not without:
            for part in answer.filters:
                text = query_text.without_part(answer.text, part.start, part.end)
                total, _facets = await self._engine.facets(text)
                without.append(Instead(text, total, part.text))
        for other in without:
            if other.total:
                said = ngettext(
                    "remove {filter}: {n} article",
                    "remove {filter}: {n} articles",
                    other.total,
                )
                choices.append(
                    (formats.fill(said, n=other.total, filter=other.removed), other.query)
                )
        for other in answer.suggest:
            said = _("did you mean {query}?").format(query=other.query)
            if other.total:
                said += f" {formats.number(other.total)}"
            choices.append((said, other.query))
        if len(answer.filters) > 1:
            bare = query_text.without_filters(answer.text)
            total, _facets = await self._engine.facets(bare)
            said = ngettext(
                "take off all filters: {n} article", "take off all filters: {n} articles", total
            )
            choices.append((formats.fill(said, n=total), bare))
        return choices

    @on(Notice.Chosen)
    def _instead(self, event: Notice.Chosen) -> None:
        self._set_text(event.query)

    @on(SearchLine.Left)
    def _to_list(self) -> None:
        if self._typing is not None and self._answer is not None and self._answer.text != self.text:
            self._ask()
        self._remember(self.text)
        self._show_reading(False)
        self._focus_list()

    def _remember(self, text: str) -> None:
        """Keep a search that somebody did something with, once, as the last."""
        if text.strip():
            self._history = [*(one for one in self._history if one != text), text][-_MOST_KEPT:]
            self.post_message(self.Remembered())

    def _set_text(self, text: str) -> None:
        line = self.line
        line.value = text
        line.cursor_position = len(text)
        self._ask()

    @on(Understood.FilterClicked)
    def _chip_clicked(self, event: Understood.FilterClicked) -> None:
        if self._answer is not None and self._answer.text == self.text:
            chip = event.filter
            self._set_text(query_text.without_part(self.text, chip.start, chip.end))

    # ---- filters

    def action_search(self) -> None:
        """To the search line."""
        self.set_focus(self.line)

    @on(Understood.SortClicked)
    def action_sort(self) -> None:
        """The next order."""
        orders = list(SORTS)
        now = self._answer.sort if self._answer is not None else "newest"
        at = orders.index(now) if now in orders else 0
        self.sort_by(orders[(at + 1) % len(orders)])

    def sort_by(self, order: str) -> None:
        """List what is found in this order; "": as its words ask for."""
        self._sort = order
        self._say(_(SORTS.get(order, "")))
        self._ask()

    def action_drop(self) -> None:
        """Take off the last filter."""
        if self._answer is not None and self._answer.text == self.text and self._answer.filters:
            last = self._answer.filters[-1]
            self._set_text(query_text.without_part(self.text, last.start, last.end))

    def action_clear(self) -> None:
        """Take off all filters."""
        self._set_text(query_text.without_filters(self.text))

    def action_unread_only(self) -> None:
        """Unread articles only, or all again."""
        self._set_text(query_text.toggle(self.text, "is", "unread"))

    def action_starred_only(self) -> None:
        """Starred articles only, or all again."""
        self._set_text(query_text.toggle(self.text, "is", "starred"))

    async def action_language(self) -> None:
        """Filter by language."""
        await self._choose_facet("language")

    async def action_source(self) -> None:
        """Filter by source."""
        await self._choose_facet("source")

    async def action_tagged(self) -> None:
        """Filter by tag."""
        await self._choose_facet("tag")

    async def _choose_facet(self, facet: str) -> None:
        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._set_text(query_text.with_facet(self.text, facet, *values))

        from tui.screens.panels import facet_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(facet_panel(self._engine, self.text, facet), chosen)

    async def action_date(self) -> None:
        """Filter by date."""

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._set_text(query_text.with_facet(self.text, "month", *values))

        from tui.screens.panels import date_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(date_panel(self._engine, self.text), chosen)

    @on(Facets.Chosen)
    def _facet_chosen(self, event: Facets.Chosen) -> None:
        self._set_text(query_text.with_facet(self.text, event.facet, *event.values))
