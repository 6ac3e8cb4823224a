"""The reader: composes the screen, keeps looks and language, ends cleanly whatever happens."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.css.stylesheet import Stylesheet
from textual.filter import Monochrome, NoColor
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widgets import Input

import assets
from tui import i18n, keys, picture, signals, state, terminal
from tui.client import Engine
from tui.driver import TerminalDriver
from tui.screens.main import MainScreen
from tui.screens.still import still
from tui.settings import Chosen, Settings, save_chosen
from tui.state import View
from tui.themes import THEMES
from tui.turns import Turns
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    import subprocess

    from rich.console import RenderableType

_LOG = logging.getLogger(__name__)
_LAST_RESORT = 8.0  # seconds an end may take before the process is ended by force


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader looks and speaks: settings, what was chosen since, and where that is kept.

    `problems` are sentences about config.toml; the first is said.
    """

    settings: Settings = Settings()  # noqa: RUF009 - frozen
    chosen: Chosen = Chosen()  # noqa: RUF009 - frozen
    locale: str = "en"
    folder: Path | None = None
    problems: tuple[str, ...] = ()


def run(
    engine: "subprocess.Popen[bytes]",
    *,
    command: Sequence[str],
    state_folder: Path | None,
    look: Look | None = None,
    paths: Sequence[str] = (),
) -> int:
    """Open the reader on the archive that `engine` serves; return the exit code.

    `engine` was started by `tui.start.start_engine(command)`, before Textual was imported; when
    it dies it is started again the same way. `state_folder` keeps the last view of this archive:
    one folder an archive, or None. `paths` are imported at once, in the background.
    """
    for name in ("COLUMNS", "LINES"):  # exported by some shells, and stale after a resize
        os.environ.pop(name, None)
    view = state.load(state_folder) if state_folder is not None else View()
    look = look or Look()
    i18n.set_locale(look.locale)
    app = Newsreader(Engine(engine, command), view, look=look, paths=paths)
    app.state_folder = state_folder
    signals.end_python()  # until the loop listens to them
    TerminalDriver.reorders = look.settings.bidi == "on"
    TerminalDriver.charset = terminal.charset_in_force()
    app.run()
    app.end_by_force_after(_LAST_RESORT, app.return_code or 0)
    if app.failed:
        said = i18n._("newsreader ended by a failure of its own; its log tells more")
        print(said, file=sys.stderr)  # noqa: T201 - the screen is the shell's again
    if app.return_code == 0 and app.caught:
        return 128 + app.caught
    return app.return_code or 0


class Sheet(Stylesheet):
    """Reads its source anew only for a theme of other colours: at the start Textual asks twice."""

    _is_stale = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of a theme."""
        if variables != self._variables:
            self._is_stale = True
            super().set_variables(variables)

    def reparse(self) -> None:
        """Read the source with the colours there are now."""
        if self._is_stale:
            super().reparse()
            self._is_stale = False


class Newsreader(App[None]):
    """The application: one main screen and the panels over it."""

    TITLE = "newsreader"
    CSS_PATH = assets.STYLE
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (100, "-wide"),
        (170, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-flat"),
        (5, "-low"),
        (12, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False),
    ]

    def __init__(
        self, engine: Engine, view: View, *, look: Look | None = None, paths: Sequence[str] = ()
    ) -> None:
        super().__init__(driver_class=TerminalDriver)
        if self.no_color:
            # Textual's grey of the terminal's own colours is black on black.
            self._filters = [one for one in self._filters if not isinstance(one, Monochrome)]
            self._filters.append(NoColor())
        for one in THEMES:
            self.register_theme(one)
        self.engine = engine
        self.state_folder: Path | None = None
        self.caught = 0
        self.failed = False
        self._view = view
        self._layout = keys.layout(i18n.locale())
        self.animation_level = "none"
        self._paths = tuple(paths)
        self._last: tuple[View, str] | None = None
        """What is kept at the end: the view, and its picture."""
        self._waits = picture.is_shown()
        """Whether the picture stays: no page stands yet that could be put in its place."""
        self._turns = Turns(self)
        self.look = look or Look()
        Lines.reorders = self.look.settings.bidi == "on"
        Lines.turns = self.look.settings.bidi != "off"
        self._chosen = self.look.chosen
        self.theme = self._theme_at_start()
        self.stylesheet = Sheet(variables=self.get_css_variables())

    def _theme_at_start(self) -> str:
        """What was chosen or set; else what the terminal is fit for."""
        number = terminal.colours()
        if self.no_color or not number:
            return "mono"
        asked = self._chosen.theme or self.look.settings.theme
        if asked:
            return asked
        if number == 16:
            return "terminal"
        return "paper" if terminal.is_light() else "ink"

    def get_default_screen(self) -> Screen[None]:
        """The main screen; made here, since Textual's Input needs a running application.

        Textual tells it its size after the first frame: it would be laid out twice, first wrongly.
        """
        for points, cells in zip(
            (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), self.size, strict=True
        ):
            name = max(point for point in points if point[0] <= cells)[1]
            self.main.update_classes({name: True}, update=False)
        return self.main

    @cached_property
    def main(self) -> MainScreen:
        """The main screen."""
        sample = str(assets.SAMPLE)
        return MainScreen(
            self.engine,
            self._view,
            paths=self._paths,
            sample=sample,
            measure=self._chosen.measure or self.look.settings.measure,
            warning=next(iter(self.look.problems), ""),
        )

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our tokens, for themes that do not have them."""
        return dict(THEMES[0].variables)

    def on_load(self) -> None:
        """Listen to the signals before the terminal is touched."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is not threading.main_thread():
            return
        for number in signals.ENDING:
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self._caught, number)
        if came := signals.caught():
            self._caught(came)

    def _caught(self, number: int) -> None:
        if not self.caught:
            self.caught = number
            self.end_by_force_after(_LAST_RESORT, 128 + number)
            self.exit(return_code=128 + number)

    def action_hung_up(self) -> None:
        """The terminal is gone."""
        self._caught(signal.SIGHUP)

    def end_by_force_after(self, seconds: float, code: int) -> None:
        """End the process in `seconds`, the terminal whole, should it not have ended by itself."""

        def end() -> None:
            if isinstance(self._driver, TerminalDriver):
                self._driver.restore()
            picture.take_down()
            os._exit(code)

        last = threading.Timer(seconds, end)
        last.daemon = True
        last.start()

    def _fatal_error(self) -> None:
        """Log what Textual would print: a traceback with articles in it helps no reader."""
        _LOG.error("the reader failed", exc_info=self._exception)
        self.failed = True
        self._close_messages_no_wait()

    def on_ready(self) -> None:
        """The first frame stands: collect garbage again, but never look at what stays for good."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    async def on_unmount(self) -> None:
        """Keep the view and what was chosen; end the engine."""
        if self.state_folder is not None:
            self._keep_view(self.state_folder)
        if self.look.folder is not None:
            measure = self.main.reader.measure
            if measure != (self._chosen.measure or self.look.settings.measure):
                self._chosen = replace(self._chosen, measure=measure)
            if self._chosen != self.look.chosen:
                save_chosen(self.look.folder, self._chosen, self.look.settings)
        await self.engine.close()

    def _display(self, screen: Screen[object], renderable: "RenderableType | None") -> None:
        if not self._waits:
            super()._display(screen, renderable)

    @on(MainScreen.Stands)
    def _stands(self) -> None:
        """Draw, and take what was typed: all parts of the page have found their places."""
        if self._waits:
            self._waits = False
            self._display(self.screen, self.screen._compositor.render_full_update())
        self._turns.begin()

    def exit(
        self, result: None = None, return_code: int = 0, message: "RenderableType | None" = None
    ) -> None:
        """End; what the next start shows first is drawn while the screen still stands."""
        if self.state_folder is not None and self._last is None:
            self._begin_batch()  # nothing is drawn on the terminal any more
            view = self.main.view()
            self._last = (view, still(self.main, view))
        super().exit(result, return_code, message)

    def _keep_view(self, folder: Path) -> None:
        view, drawn = self._last or (self.main.view(), "")
        state.save(folder, view)
        size = (self.size.width, self.size.height)
        looks = picture.looks(self.look.settings, self._chosen, i18n.locale(), size)
        picture.save(folder, looks, drawn)

    @on(MainScreen.Remembered)
    async def _remembered(self) -> None:
        """Keep the view, and the searches with it: a reader may be killed."""
        if self.state_folder is not None:
            await asyncio.to_thread(state.save, self.state_folder, self.main.view())

    async def on_event(self, event: events.Event) -> None:
        """Take keys of other layouts by their place, save where one types."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif event.is_forwarded:  # it has come up again: what is bound to it is done here
            await super().on_event(event)
            self._turns.done(event)
        elif self._turns.is_next(event):
            if isinstance(event, events.Key):
                event = self._on_our_layout(event)
            target = self.focused or self.screen
            await super().on_event(event)
            self._turns.sent(event, target)

    def _on_our_layout(self, event: events.Key) -> events.Key:
        modifiers, plus, char = event.key.rpartition("+")
        if plus and char in self._layout:
            return events.Key(f"{modifiers}+{_character_to_key(self._layout[char])}", None)
        if event.character in self._layout and not isinstance(self.focused, Input):
            latin = self._layout[event.character]
            return events.Key(_character_to_key(latin), latin)
        return event

    def action_leave(self) -> None:
        """Leave at once."""
        self.exit()

    @on(MainScreen.Wished)
    def _wished(self, wish: MainScreen.Wished) -> None:
        if wish.name == "look":
            self.theme = wish.value
            self._chosen = replace(self._chosen, theme=wish.value)
        elif wish.name == "speak":
            i18n.set_locale(wish.value)
            self._chosen = replace(self._chosen, locale=wish.value)
            self._layout = keys.layout(wish.value)
            self.main.set_anew()
