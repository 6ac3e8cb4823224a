"""The reader's main screen: finding and reading, imports, the engine's events, the palette."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from index.errors import NewsreaderError
from index.text.safe import safe_line
from tui import formats, keys
from tui.answers import Answer, Changed, Event, Lost, Progress, Ready, Refused, Restarted
from tui.client import Engine, EngineLostError
from tui.i18n import _, ngettext
from tui.screens.outside import OutsideScreen
from tui.state import View
from tui.widgets.results import Results

if TYPE_CHECKING:
    from textual.timer import Timer

_AGAIN = 1.0  # seconds between searches while an import commits


class MainScreen(OutsideScreen):
    """All the reader does, bound to its keys."""

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
        self,
        engine: Engine,
        view: View,
        *,
        paths: Sequence[str] = (),
        sample: str = "",
        measure: int = 0,
        warning: str = "",
    ) -> None:
        super().__init__(engine, view)
        self._measure, self._warning = measure, warning
        self._view = view
        self._paths = tuple(paths)
        self._sample = sample
        self._again: Timer | None = None
        self._retried: str | None = None
        self._refused: tuple[Refused, ...] = ()

    async def on_mount(self) -> None:
        """Show the last view, then ask for what is true now."""
        view = self._view
        self.line.placeholder = _("Search in all articles")
        if self._measure:
            self.reader.set_measure(self._measure)
        if self._warning:
            self._say(self._warning, warning=True)
        if view.rows:
            self.show_view(view)
            self.call_after_refresh(self._begin)  # no answer is read before the first frame
        else:
            await self._begin()

    async def _begin(self) -> None:
        """Listen to the engine, and ask."""
        await self._engine.open(self._hear)
        self._ask()

    def _hear(self, event: Event) -> None:
        self.post_message(self.Heard(event))

    def show_view(self, view: View) -> None:
        """Show a view that was kept."""
        answer = Answer(
            view.text, view.understood, view.total, 0.0, view.sort or "newest", view.rows, {}, ()
        )
        self.list.show(Results(view.total, view.rows))
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
            history=tuple(self._history),
            commands=tuple(self._commands),
        )

    async def action_palette(self) -> None:
        """Everything one can do, by name."""

        async def chosen(ids: tuple[str, ...] | None) -> None:
            name, _sep, value = "".join(ids or ()).partition(":")
            if name == "sort":
                self.sort_by(value)
            elif name == "run":
                self.run_saved(next(one for one in self._saved if one.name == value))
            elif value:
                self.post_message(self.Wished(name, value))
            elif name:
                await self.run_action(name)

        from tui.screens.panels import commands_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(commands_panel(self._saved), chosen)

    async def action_commands(self) -> None:
        """The palette, from where one types."""
        await self.action_palette()

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
            self.facets.show(self._answer.facets, self._answer.text)
        self.refresh(layout=True)
        for widget in self.query("*"):
            widget.refresh()
        self._say_place()

    # ---- importing

    async def action_import(self) -> None:
        """Choose what to import, and import it while one goes on reading."""

        def chosen(paths: tuple[str, ...] | None) -> None:
            if paths:
                self.import_paths(paths)

        from tui.screens.panels import import_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(import_panel(), chosen)

    @work(group="import")
    async def import_paths(self, paths: Sequence[str]) -> None:
        """Import, saying how far it is."""
        if self._importing:
            self._say(_("it is imported when the running import is done"))
        else:
            self.foot.show_progress(Progress(safe_line(paths[0]), 0, None, 0.0, 0, False))
        self._importing += 1
        if self._answer is not None and not self._articles:
            self._explain(self._answer)
        try:
            counts, self._refused = await self._engine.import_paths(paths)
        except EngineLostError:
            return
        except NewsreaderError as error:
            self._complain(error)
            return
        finally:
            self._importing -= 1
            if not self._importing:
                self.foot.show_progress(None)
        added, refused = int(counts.get("added") or 0), int(counts.get("refused") or 0)
        said = formats.fill(ngettext("{n} article added", "{n} articles added", added), n=added)
        if refused:
            said += " · " + formats.fill(ngettext("{n} refused", "{n} refused", refused), n=refused)
            said += " · " + _("R shows them")
        self._say(said, warning=bool(refused))
        self._ask(keep=True)

    @work(group="flags")
    async def action_stop_import(self) -> None:
        """End a running import after its batch."""
        try:
            stopped = await self._engine.stop()
        except NewsreaderError as error:
            self._complain(error)
            return
        self._say(_("the import stops") if stopped else _("no import is running"))

    async def action_refused(self) -> None:
        """What the last import refused, or took with a doubt."""
        if not self._refused:
            self._say(_("nothing was refused"))
            return
        from tui.screens.panels import refused_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(refused_panel(self._refused))

    def _first_run(self) -> None:
        async def wished(wish: str | None) -> None:
            if wish == "quit":
                self.app.exit()
            elif wish == "sample":
                self.import_paths([self._sample])
            else:
                await self.action_import()

        from tui.screens.first_run import FirstRun  # noqa: PLC0415 - after the first frame

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
            case Changed(articles, elsewhere):
                if articles != self._articles or elsewhere:
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
            case Lost(reason):
                self._say_lost(reason)

    def _say_lost(self, reason: str) -> None:
        """Search does not start: say it in the place of the list, or below what stands there."""
        said = _("Search does not start.")
        if self.list.results.total:
            self._say(f"{said} {reason}", warning=True)
            return
        lines = [(said, "title"), (reason, "ink"), ("", "ink")]
        self.notice.say([*lines, (_("On the command line: newsreader doctor"), "muted")])
        self.add_class("-nothing")

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
        self._saved_at = -1
        self._ask(keep=self.list.cursor > 0 or self.has_class("-reading"))

    def _show_progress(self, progress: Progress) -> None:
        foot = self.foot
        if not progress.finished and (foot.progress is not None or not progress.done):
            foot.show_progress(progress)
