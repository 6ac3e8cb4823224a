"""Finding: searches as one types, filters, pages of rows, and why there is nothing."""

from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from index.errors import NewsreaderError
from tui import formats, query_text
from tui.answers import Answer, AnswerError
from tui.client import PAGE, Engine, EngineLostError, Superseded
from tui.i18n import _, ngettext
from tui.screens.page import PageScreen
from tui.state import View
from tui.widgets.article_list import ArticleList
from tui.widgets.facets import Facets
from tui.widgets.results import Results
from tui.widgets.search_line import SORTS, SearchLine, Understood

if TYPE_CHECKING:
    from textual.timer import Timer

_TYPING = 0.06  # seconds without a key before a search is sent
_PATIENCE = 0.2  # seconds before old rows are dimmed


class FindingScreen(PageScreen):
    """Sends what stands in the search line to the engine and shows what it finds."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._sort = view.sort
        self._answer: Answer | None = None
        self._articles = view.articles
        self._history = list(view.history)
        self._history_at = 0
        self._typing: Timer | None = None

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(_TYPING, self._ask)

    def _ask(self, *, keep: bool = False) -> None:
        """Search for what stands in the line; with `keep` the cursor stays where it is."""
        if self._typing is not None:
            self._typing.stop()
        self._search(self.text, keep)

    @work(exclusive=True, group="search")
    async def _search(self, text: str, keep: bool) -> None:
        dimming = self.set_timer(_PATIENCE, self.list.dim)
        try:
            answer = await self._engine.search(text, sort=self._sort)
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
        """Fetch the page the cursor stands on as well, so that it finds its article again."""
        row, page = self.list.row, self.list.cursor // PAGE
        if self.list.placed and row is not None and page and page * PAGE < answer.total:
            more = await self._engine.rows(text, sort=self._sort, offset=page * PAGE)
            results.put(page, more.rows)

    def _take(self, answer: Answer, results: Results, keep: bool) -> None:
        self._answer = answer
        if keep and self.list.row is not None:
            self.list.placed = True
        self.list.show(results)
        self.understood.show(answer, self._articles)
        self.facets.show(answer.facets)
        nothing = answer.total == 0
        self.set_class(nothing, "-nothing")
        if nothing:
            self._explain(answer)
        self.shown()

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
        """Say why there is nothing, and what each filter hides."""
        notice = self.notice
        if not self._articles:
            notice.say([(_("There are no articles here yet."), "title")])
            return
        if (
            answer.pending
        ):  # what was imported is on its way: say so rather than that it is not there
            said = ngettext(
                "{n} article is being indexed …", "{n} articles are being indexed …", answer.pending
            )
            notice.say([(formats.fill(said, n=answer.pending), "title")])
            return
        lines = [(_("Nothing was found."), "title"), (answer.understood, "muted"), ("", "ink")]
        notice.say(lines)
        for part in answer.filters:
            without = query_text.without_part(answer.text, part.start, part.end)
            try:
                total, _facets = await self._engine.facets(without)
            except NewsreaderError:
                return
            if total:
                said = ngettext(
                    "{n} article without {filter}", "{n} articles without {filter}", total
                )
                lines = [*lines, (formats.fill(said, n=total, filter=part.text), "ink")]
                notice.say(lines)
        if answer.filters:
            notice.say([*lines, ("", "ink"), (_("x takes off all filters"), "muted")])

    @on(SearchLine.Left)
    def _to_list(self) -> None:
        if self._typing is not None and self._answer is not None and self._answer.text != self.text:
            self._ask()
        self._remember(self.text)
        self._show_reading(False)
        self.set_focus(self.list)

    @on(SearchLine.Earlier)
    def _earlier(self) -> None:
        self._history_at += 1
        if self._history_at <= len(self._history):
            self._set_text(self._history[-self._history_at])

    def _remember(self, text: str) -> None:
        self._history_at = 0
        if text.strip() and self._history[-1:] != [text]:
            self._history.append(text)

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

    def action_sort(self) -> None:
        """The next order."""
        orders = list(SORTS)
        now = self._answer.sort if self._answer is not None else "newest"
        at = orders.index(now) if now in orders else 0
        self._sort = orders[(at + 1) % len(orders)]
        self._say(_(SORTS[self._sort]))
        self._ask()

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

    async def _choose_facet(self, facet: str) -> None:
        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._set_text(query_text.with_facet(self.text, facet, ",".join(values)))

        from tui.screens.panels import facet_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(facet_panel(self._engine, self.text, facet), chosen)

    async def action_date(self) -> None:
        """Filter by date."""

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._set_text(query_text.with_facet(self.text, "month", "".join(values)))

        from tui.screens.panels import date_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(date_panel(self._engine, self.text), chosen)

    @on(Facets.Chosen)
    def _facet_chosen(self, event: Facets.Chosen) -> None:
        self._set_text(query_text.with_facet(self.text, event.facet, event.value))
