"""The reader's main screen: search line, list, article, facets, foot; and what its keys do."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from index.errors import NewsreaderError
from index.model import Row
from index.text.safe import safe_line
from tui import formats, keys, query_text
from tui.answers import (
    Answer,
    AnswerError,
    Changed,
    Event,
    Lost,
    Progress,
    Reading,
    Ready,
    Refused,
    Restarted,
)
from tui.client import PAGE, Engine, EngineLostError, Superseded
from tui.i18n import N_, _, ngettext, say
from tui.screens.choose import Choose, narrowing
from tui.screens.commands import looks_and_languages
from tui.screens.filters import DATE_HINT, offer_dates, offer_facet
from tui.screens.first_run import FirstRun, Wish
from tui.screens.help import Help
from tui.screens.paths import offer_paths
from tui.state import View
from tui.widgets.article_list import ArticleList
from tui.widgets.choice_list import Choice
from tui.widgets.facets import Facets
from tui.widgets.foot import Foot
from tui.widgets.notice import Notice
from tui.widgets.prompt import Prompt
from tui.widgets.reader import Reader
from tui.widgets.results import Results
from tui.widgets.rule import Rule, Upright
from tui.widgets.search_line import SORTS, SearchLine, Understood

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget

_TYPING = 0.06  # seconds without a key before a search is sent
_PATIENCE = 0.2  # seconds before old rows are dimmed
_RESTS = 0.08  # seconds the cursor rests before the article beside the list follows
_PAUSES = 0.25  # seconds it does so while one types
_AGAIN = 1.0  # seconds between searches while an import commits
_KEPT = 24  # articles kept at hand
_UNDONE = {
    "read": N_("marking as read"),
    "unread": N_("marking as unread"),
    "starred": N_("the star"),
    "unstarred": N_("taking off the star"),
}


class MainScreen(Screen[None]):
    """Routes what its widgets say to the engine, and its answers to the widgets."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = keys.screen_bindings()

    @dataclass
    class Heard(Message):
        """The engine said something."""

        event: Event

    @dataclass
    class Wished(Message):
        """A person wishes another look, or to be spoken to in another language."""

        name: str
        value: str

    def __init__(
        self, engine: Engine, view: View, *, paths: Sequence[str] = (), sample: str = ""
    ) -> None:
        super().__init__()
        self.line = SearchLine(value=view.text, id="search")
        self.understood = Understood(id="understood")
        self.list = ArticleList(id="list")
        self.notice = Notice(id="notice")
        self.reader = Reader(id="reader")
        self.facets = Facets(id="facets")
        self.foot = Foot(id="foot")
        self._engine = engine
        self._view = view
        self._paths = tuple(paths)
        self._sample = sample
        self._sort = view.sort
        self._answer: Answer | None = None
        self._articles = view.articles
        self._history = list(view.history)
        self._history_at = 0
        self._typing: Timer | None = None
        self._moving: Timer | None = None
        self._moved_at = 0.0
        self._again: Timer | None = None
        self._readings: dict[tuple[str, str], Reading] = {}
        self._importing = False
        self._retried: str | None = None
        self._refused: tuple[Refused, ...] = ()

    def compose(self) -> ComposeResult:
        """The parts of the page, from the top."""
        with Horizontal(id="top"):
            yield Prompt()
            yield self.line
        yield self.understood
        yield Rule(id="rule-top")
        with Horizontal(id="panes"):
            yield self.list
            yield self.notice
            yield Upright(id="upright")
            yield self.reader
            yield Upright(id="upright-2")
            yield self.facets
        yield Rule(id="rule-foot")
        yield self.foot

    async def on_mount(self) -> None:
        """Show the last view, then ask for what is true now."""
        view = self._view
        self.line.placeholder = _("Search in all articles")
        if view.measure:
            self.reader.set_measure(view.measure)
        if view.rows:
            self._show_view(view)
        await self._engine.open(self._hear)
        self._ask()

    def _hear(self, event: Event) -> None:
        self.post_message(self.Heard(event))

    def _show_view(self, view: View) -> None:
        answer = Answer(
            view.text, view.understood, view.total, 0.0, view.sort or "newest", view.rows, {}, ()
        )
        self.list.show(Results(view.total, view.rows), snippets=_has_snippets(view.rows))
        self.list.place(view.cursor)
        self.understood.show(answer, view.articles)

    def view(self) -> View:
        """What is on the screen now, to be kept."""
        answer, row = self._answer, self.list.row
        if answer is None:
            return self._view
        return replace(
            self._view,
            text=answer.text,
            sort=self._sort,
            understood=answer.understood,
            total=answer.total,
            articles=self._articles,
            rows=self.list.results.first_rows(),
            cursor=row.id if row is not None else "",
            measure=self.reader.measure,
            history=tuple(self._history[-100:]),
        )

    @property
    def text(self) -> str:
        """The query as it stands in the search line."""
        return self.line.value

    @property
    def is_wide(self) -> bool:
        """Whether list and article stand side by side."""
        return self.size.width >= 100

    # ---- searching

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
        self.list.show(results, snippets=_has_snippets(answer.rows))
        self.understood.show(answer, self._articles)
        self.facets.show(answer.facets)
        nothing = answer.total == 0
        self.set_class(nothing, "-nothing")
        if nothing:
            self._explain(answer)
        if self.reader.reading is not None and self._showing_article:
            self._load(self.reader.reading.id)
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

    # ---- reading

    @property
    def _showing_article(self) -> bool:
        return self.is_wide or self.has_class("-reading")

    @on(ArticleList.Moved)
    def _moved(self, event: ArticleList.Moved) -> None:
        """The article follows the cursor: at once after a rest, else when it rests again."""
        self._say_place()
        if not self._showing_article:
            return
        now = time.monotonic()
        rested, self._moved_at = now - self._moved_at > 3 * _RESTS, now
        if self._moving is not None:
            self._moving.stop()
        if event.row is None:
            if not self.list.results.total:
                self.reader.clear()
        elif self.focused is self.line:
            self._moving = self.set_timer(_PAUSES, self._load_row)
        elif rested:
            self._load(event.row.id)
        else:
            self._moving = self.set_timer(_RESTS, self._load_row)

    def _load_row(self) -> None:
        if self.list.row is not None:
            self._load(self.list.row.id)

    def _load(self, article: str) -> None:
        text = self._answer.text if self._answer is not None else ""
        at_hand = self._readings.get((article, text))
        if at_hand is not None:
            self._show(at_hand)
        else:
            self._fetch_article(article, text)

    @work(exclusive=True, group="article")
    async def _fetch_article(self, article: str, text: str) -> None:
        try:
            reading = await self._engine.show(article, text)
        except EngineLostError:
            return
        except AnswerError as error:
            self._complain(error)
            return
        self._readings[article, text] = reading
        while len(self._readings) > _KEPT:
            self._readings.pop(next(iter(self._readings)))
        self._show(reading)

    def _show(self, reading: Reading) -> None:
        if self.reader.reading is reading:
            return
        with self.app.batch_update():
            self.reader.show(reading)
        self._say_place()

    @on(ArticleList.Opened)
    def _opened(self, event: ArticleList.Opened) -> None:
        self._show_reading(True)
        self.set_focus(self.reader)
        self._load(event.row.id)
        self._mark_read(event.row)

    def _mark_read(self, row: Row) -> None:
        if not row.read:
            self._flag(row.id, read=True)

    def _show_reading(self, reading: bool) -> None:
        self.set_class(reading, "-reading")

    def action_back(self) -> None:
        """From the article to the list; from a running import's line to the keys."""
        if self.foot.progress is not None and self.focused is self.list:
            self.foot.show_progress(None)
        self._show_reading(False)
        self.set_focus(self.list)

    def _step(self, step: int) -> None:
        self.list.move_to(self.list.cursor + step)
        row = self.list.row
        if row is not None and (self.has_class("-reading") or self.focused is self.reader):
            self._load(row.id)
            self._mark_read(row)

    def action_next_article(self) -> None:
        """The next article of the list, read at once where one is reading."""
        self._step(1)

    def action_previous_article(self) -> None:
        """The previous one."""
        self._step(-1)

    def action_next_hit(self) -> None:
        """The next hit."""
        self._hit(1)

    def action_previous_hit(self) -> None:
        """The previous hit."""
        self._hit(-1)

    def _hit(self, step: int) -> None:
        if self.reader.hits:
            self.reader.go_to_hit(step)
        else:
            self._say(_("there are no hits in this article"))

    @on(Reader.HitShown)
    @on(Reader.Scrolled)
    def _reader_changed(self) -> None:
        self._say_place()

    def action_cuts(self) -> None:
        """What was cut, in its place."""
        if self.reader.reading is None or not self._showing_article:
            return
        if not self.reader.cut_lines and not self.reader.original:
            self._say(_("nothing was cut from this article"))
            return
        self.reader.toggle_cuts()

    def action_original(self) -> None:
        """The original, as it came in."""
        if self.reader.reading is not None and self._showing_article:
            self.reader.toggle_original()

    def action_wider(self) -> None:
        """A wider column."""
        self.reader.set_measure(self.reader.measure + 4)

    def action_narrower(self) -> None:
        """A narrower column."""
        self.reader.set_measure(self.reader.measure - 4)

    # ---- marking

    @work(group="flags")
    async def _flag(
        self, article: str, *, read: bool | None = None, starred: bool | None = None
    ) -> None:
        self.list.flag(article, read=read, starred=starred)
        flags = {"read": read, "starred": starred}
        set_ = {name: value for name, value in flags.items() if value is not None}
        try:
            await self._engine.flag([article], **set_)
        except NewsreaderError as error:
            back = {name: not value for name, value in set_.items()}
            self.list.flag(article, **back)
            self._complain(error)

    def action_star(self) -> None:
        """Star the article, or take the star off."""
        row = self.list.row
        if row is not None:
            self._flag(row.id, starred=not row.starred)
            self._say(_("star taken off") if row.starred else _("starred"))

    def action_unread(self) -> None:
        """Mark as unread, or as read."""
        row = self.list.row
        if row is not None:
            self._flag(row.id, read=not row.read)
            self._say(_("marked as unread") if row.read else _("marked as read"))

    @work(group="flags")
    async def action_undo(self) -> None:
        """Take back the last mark."""
        try:
            undone, changed = await self._engine.undo()
        except NewsreaderError as error:
            self._complain(error)
            return
        if undone is None:
            self._say(_("there is nothing to undo"))
            return
        what = _(_UNDONE.get(undone, undone))
        said = ngettext("undone: {what}", "undone: {what} ({n} articles)", changed)
        self._say(formats.fill(said, what=what, n=changed))
        self._ask(keep=True)

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
        await self._choose_facet("language", "lang", query_text.LANGUAGES, _("Languages"))

    async def action_source(self) -> None:
        """Filter by source."""
        await self._choose_facet("source", "source", query_text.SOURCES, _("Sources"))

    async def _choose_facet(
        self, facet: str, field: str, fields: tuple[str, ...], title: str
    ) -> None:
        text = self.text
        marked = [value for value in query_text.value_of(text, fields).split(",") if value]

        async def counts() -> Mapping[str, int]:
            without = query_text.set_filter(text, field, "", fields=fields)
            return (await self._engine.facets(without))[1].get(facet, {})

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                value = ",".join(values)
                self._set_text(query_text.set_filter(self.text, field, value, fields=fields))

        offer = offer_facet(facet, counts, with_all=bool(marked))
        await self.app.push_screen(Choose(title, offer, marked=marked, several=True), chosen)

    async def action_date(self) -> None:
        """Filter by date."""

        def dated(value: str) -> str:
            return query_text.set_filter(self.text, "date", value, fields=query_text.DATES)

        async def count(value: str) -> int:
            return (await self._engine.facets(dated(value)))[0]

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self._set_text(dated("".join(values)))

        panel = Choose(_("Dates"), offer_dates(count), hint=_(DATE_HINT))
        await self.app.push_screen(panel, chosen)

    @on(Facets.Chosen)
    def _facet_chosen(self, event: Facets.Chosen) -> None:
        text, value = self.text, event.value
        if event.facet == "language":
            text = query_text.set_filter(text, "lang", value, fields=query_text.LANGUAGES)
        elif event.facet == "month":
            text = query_text.set_filter(text, "date", value, fields=query_text.DATES)
        else:
            text = query_text.set_filter(text, "source", value)
        self._set_text(text)

    # ---- importing

    async def action_import(self) -> None:
        """Choose what to import, and import it while one goes on reading."""

        def chosen(paths: tuple[str, ...] | None) -> None:
            if paths:
                self.import_paths(paths)

        panel = Choose(_("Import"), offer_paths, hint=_("a path; Tab completes"))
        await self.app.push_screen(panel, chosen)

    @work(group="import")
    async def import_paths(self, paths: Sequence[str]) -> None:
        """Import, saying how far it is."""
        if self._importing:
            self._say(_("an import is running already"), warning=True)
            return
        self._importing = True
        self.foot.show_progress(Progress(safe_line(paths[0]), 0, None, 0.0, 0, False))
        try:
            counts, self._refused = await self._engine.import_paths(paths)
        except EngineLostError:
            return
        except NewsreaderError as error:
            self._complain(error)
            return
        finally:
            self._importing = False
            self.foot.show_progress(None)
        added, refused = int(counts.get("added") or 0), int(counts.get("refused") or 0)
        said = formats.fill(ngettext("{n} article added", "{n} articles added", added), n=added)
        if refused:
            said += " · " + formats.fill(ngettext("{n} refused", "{n} refused", refused), n=refused)
            said += " · " + _("R shows them")
        self._say(said, warning=bool(refused))
        self._ask(keep=True)

    async def action_refused(self) -> None:
        """What the last import refused, or took with a doubt."""
        if not self._refused:
            self._say(_("nothing was refused"))
            return
        choices = [
            Choice(str(number), f"{item.origin} {_(item.reason)}".strip(), item.status)
            for number, item in enumerate(self._refused)
        ]
        await self.app.push_screen(Choose(_("Refused or doubtful"), narrowing(choices)))

    def _first_run(self) -> None:
        async def wished(wish: Wish | None) -> None:
            if wish == "quit":
                self.app.exit()
            elif wish == "sample":
                self.import_paths([self._sample])
            else:
                await self.action_import()

        self.app.push_screen(FirstRun(), wished)

    # ---- the engine's events

    @on(Heard)
    def _heard(self, heard: Heard) -> None:
        match heard.event:
            case Ready(articles):
                self._articles = articles
                if self._paths:
                    self.import_paths(self._paths)
                    self._paths = ()
                elif not articles and not self._importing:
                    self._first_run()
            case Changed(articles):
                if articles != self._articles:
                    self._articles = articles
                    self._ask_again_soon()
            case Progress() as progress:
                self._show_progress(progress)
            case Restarted(importing):
                said = _("search stopped and was started again")
                if importing:
                    said += " · " + _("the import stopped with it; start it again to go on")
                self._say(said, warning=True)
                self._ask_after_restart()
            case Lost():
                self._say(_("search has stopped and does not start; see the log"), warning=True)

    def _ask_after_restart(self) -> None:
        """Ask what was not answered, but not twice: the question may be what ended the engine."""
        answered = self._answer is not None and self._answer.text == self.text
        if not answered and self.text != self._retried:
            self._retried = self.text
            self._ask(keep=True)

    def _ask_again_soon(self) -> None:
        """Show what an import has brought, but not more often than one can look."""
        if self._again is None:
            self._again = self.set_timer(_AGAIN, self._ask_again)

    def _ask_again(self) -> None:
        self._again = None
        self._ask(keep=self.list.cursor > 0 or self.has_class("-reading"))

    def _show_progress(self, progress: Progress) -> None:
        foot = self.foot
        if not progress.finished and (foot.progress is not None or not progress.done):
            foot.show_progress(progress)

    # ---- the rest

    def action_other_pane(self) -> None:
        """The next pane in sight."""
        panes: list[Widget] = [self.list]
        if self._showing_article:
            panes.append(self.reader)
        if self.size.width >= 170:
            panes.append(self.facets)
        focused = [pane.has_focus for pane in panes]
        at = focused.index(True) if True in focused else -1
        self.set_focus(panes[(at + 1) % len(panes)])

    async def action_help(self) -> None:
        """The keys of this place."""
        await self.app.push_screen(Help(self._place))

    async def action_palette(self) -> None:
        """Everything one can do, by name."""

        async def chosen(ids: tuple[str, ...] | None) -> None:
            name, _sep, value = "".join(ids or ()).partition(":")
            if value:
                self.post_message(self.Wished(name, value))
            elif name:
                await self.run_action(name)

        choices = [Choice(key.action, _(key.label), key.shown) for key in keys.offered()]
        choices += looks_and_languages()
        await self.app.push_screen(Choose(_("Commands"), narrowing(choices)), chosen)

    async def action_commands(self) -> None:
        """The palette, from where one types."""
        await self.action_palette()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While one types, letters are letters."""
        return action == "commands" or not isinstance(self.focused, Input)

    async def action_quit(self) -> None:
        """Back to the list; from there, leave."""
        if self.has_class("-reading") or self.focused is self.reader:
            self.action_back()
        else:
            self.app.exit()

    def set_anew(self) -> None:
        """The language of the interface is another: say everything again."""
        self.line.placeholder = _("Search in all articles")
        self.list.forget()
        self.reader.set_anew()
        if self._answer is not None:
            self.facets.show(self._answer.facets)
        self.refresh(layout=True)
        for widget in self.query("*"):
            widget.refresh()
        self._say_place()

    def on_descendant_focus(self) -> None:
        """Other keys for another place."""
        self._say_place()

    def on_resize(self) -> None:
        """Let the rules meet where the panes now are."""
        self.call_after_refresh(self._join_rules)
        if self.is_wide and self.reader.reading is None:
            self.call_after_refresh(self._load_row)

    def _join_rules(self) -> None:
        columns = [
            upright.region.x
            for upright in self.query(Upright)
            if upright.display and upright.region.width
        ]
        self.query_one("#rule-top", Rule).join(dict.fromkeys(columns, "┬"))
        self.query_one("#rule-foot", Rule).join(dict.fromkeys(columns, "┴"))

    @property
    def _place(self) -> str:
        if isinstance(self.focused, SearchLine):
            return "search"
        return "reader" if self.focused is self.reader else "list"

    def _say_place(self) -> None:
        """Say in the foot where one is: hit and share of the article, or row of the list."""
        place = self._place
        if place == "reader":
            right = formats.percent(self.reader.share)
            if self.reader.hits:
                hits = self.reader.hits
                said = _("hit {n} of {all}")
                if self.reader.hit < 0:
                    said = ngettext("{all} hit", "{all} hits", hits)
                count = formats.fill(said, n=self.reader.hit + 1, all=hits)
                right = f"{count} · {right}"
        else:
            total = self.list.results.total
            at = min(self.list.cursor + 1, total)
            right = f"{formats.number(at)}/{formats.number(total)}"
        self.foot.show_place(place, right)

    def _say(self, word: str, *, warning: bool = False) -> None:
        self.foot.say(word, warning=warning)

    def _complain(self, error: NewsreaderError) -> None:
        self._say(say(error.template, error.values), warning=True)


def _has_snippets(rows: Sequence[Row]) -> bool:
    return any(row.snippet_hits for row in rows)
