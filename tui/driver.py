"""The terminal as the reader uses it: Textual's driver, made to end well.

What differs from Textual's: it writes to the terminal that standard output is, whatever became of
standard error; bytes that are no text come in as U+FFFD instead of ending the input; a terminal
that is gone ends the reader instead of blocking or spinning; a terminal without UTF-8 gets signs
it has; what is typed once the screen is given back is left to the shell; and `restore` leaves the
terminal whole even where nothing else works any more.
"""

import codecs
import contextlib
import os
import selectors
import sys
import termios
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui import picture
from tui.paste import Pastes
from tui.terminal import shown_in

if TYPE_CHECKING:
    from io import TextIOWrapper

    from textual.app import App

_READ = 65536
_OTHER_SCREEN = "\x1b[?1049h"
_RESET = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
    "\x1b[8h\x1b[?1016l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Takes back all modes that Textual sets."""


class Outlet:
    """Writes text to the terminal, in its character set; says once that the terminal is gone."""

    def __init__(self, number: int, charset: str, gone: Callable[[], None]) -> None:
        self._number = number
        self._charset = charset
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write all of `text`, however long the terminal takes."""
        if self._charset != "utf-8":
            text = shown_in(text, self._charset)
        data = memoryview(text.encode(self._charset, "replace"))
        while data and not self._is_gone:
            try:
                data = data[os.write(self._number, data) :]
            except BlockingIOError:  # another program has set the terminal to not wait
                os.set_blocking(self._number, True)
            except OSError:
                self._is_gone = True
                self._gone()

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        """The terminal's number."""
        return self._number

    def isatty(self) -> bool:
        """It is."""
        return True


class TerminalDriver(LinuxDriver):
    """Draws on the terminal of standard output. `charset` is what it shows."""

    charset: ClassVar[str] = "utf-8"
    reorders: ClassVar[bool] = False
    """Whether text comes in the order of drawing: the terminal is asked not to turn it again."""

    def __init__(
        self,
        app: "App[None]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert sys.__stdout__ is not None
        number = sys.__stdout__.fileno()
        self._number = number
        self._pictured = False
        self._reads = False
        self._file = cast("TextIOWrapper", Outlet(number, self.charset, self._say_gone))

    def _say_gone(self) -> None:
        """Tell the application, from whichever thread, that nobody is there any more."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended already
            self._loop.call_soon_threadsafe(self._app.action_hung_up)  # type: ignore[attr-defined]

    def run_input_thread(self) -> None:
        """Read keys until the end of input or of the application."""
        parser = XTermParser(self._debug)
        pastes = Pastes()
        decode = codecs.getincrementaldecoder(self.charset)("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    try:
                        data = os.read(self.fileno, _READ)
                    except OSError:
                        data = b""
                    if not data:
                        self._say_gone()
                        break
                    for part, pasted in pastes.split(decode(data)):
                        if pasted:
                            self.process_message(events.Paste(part.replace("\x00", "")))
                            continue
                        for event in parser.feed(part):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            for _event in parser.feed(""):
                pass

    def start_application_mode(self) -> None:
        """Begin to draw; over the picture of the last list, where it is on the screen."""
        self._pictured = picture.is_shown()
        self._reads = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._pictured = False
        before = picture.handed_over()
        if before is not None and self.attrs_before is not None:
            self.attrs_before = before
        if self.reorders:
            self.write("\x1b[8l")  # BDSM, ECMA-48: the order of what is sent is that of the screen

    def write(self, data: str) -> None:
        """Write `data`; not what would wipe the picture that is there."""
        if not (self._pictured and data == _OTHER_SCREEN):
            super().write(data)

    def disable_input(self) -> None:
        """Read no more, and forget what was not read: once, since the next is for the shell."""
        if self._reads:
            self._reads = False
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was."""
        if self.reorders:
            self.write("\x1b[8h")
        super().stop_application_mode()

    def restore(self) -> None:
        """Leave the terminal whole without the help of threads or loop: the process ends now."""
        with contextlib.suppress(OSError):
            os.write(self._number, _RESET.encode())
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
