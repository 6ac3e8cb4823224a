"""The list as it stood last, put on the screen while the rest of the reader is still loading.

The picture is drawn by the reader itself as it ends (`tui.screens.still`), and kept beside the last
view. `show` writes it before anything heavy is imported; the driver then takes over the screen
(`handed_over`). Until it has, `take_down` gives the terminal back as it was.
"""

import contextlib
import os
import re
import sys
import termios
from pathlib import Path
from zlib import crc32

from tui import formats, signals, terminal
from tui.settings import Chosen, Settings

_FILE, _VIEW = "picture", "view.json"
_LARGEST = 2**20
_SOUND = re.compile(r"(?:[^\x00-\x1f\x7f-\x9f]|\x1b\[[0-9;]*[mH])*")
"""Text, styles and places (ECMA-48 SGR and CUP): nothing else is written from a file."""
_BEGIN = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_END = "\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
_SEEN = ("TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "FORCE_COLOR", "TEXTUAL_COLOR_SYSTEM")
_LOCAL = termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN

_before: list[int | list[bytes | int]] | None = None
"""The terminal's settings before the picture; None while none is shown."""


def looks(settings: Settings, chosen: Chosen, locale: str, size: tuple[int, int]) -> str:
    """All that a screen of `size` looks by; a picture is shown only where that is as it was."""
    theme = chosen.theme or settings.theme
    surroundings = [os.environ.get(name, "") for name in _SEEN]
    keys = sorted(settings.keys.items())
    year = formats.today().year  # dates of this year are written without it
    return repr((theme, settings.bidi, keys, locale, year, size, surroundings))


def save(folder: Path, looks: str, picture: str) -> None:
    """Keep `picture` for the view that lies in `folder` now; an empty one: there is none."""
    file = folder / _FILE
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        if picture and _SOUND.fullmatch(picture):
            file.write_text(f"{_mark(folder, looks)}\n{picture}", "utf-8")


def show(folder: Path, settings: Settings, chosen: Chosen, locale: str) -> None:
    """Put the picture kept in `folder` on the screen, if it is one of this screen and view."""
    global _before  # noqa: PLW0603 - there is one terminal
    if _before is not None or terminal.charset() != "utf-8":
        return
    try:
        keys, screen = sys.stdin.fileno(), sys.stdout.fileno()
        with (folder / _FILE).open(encoding="utf-8", newline="") as file:
            mark, _, picture = file.read(_LARGEST).partition("\n")
        size = os.get_terminal_size(screen)
        if mark != _mark(folder, looks(settings, chosen, locale, (size.columns, size.lines))):
            return
        if not _SOUND.fullmatch(picture):
            return
        before = termios.tcgetattr(keys)
    except (OSError, ValueError, termios.error):
        return
    # Whatever happens from here on, the screen is given back.
    signals.end_python()
    _before = before
    # What is typed now is not shown by the terminal but read by the reader, as soon as it can.
    silent = [*before]
    silent[3] = int(str(silent[3])) & ~_LOCAL
    with contextlib.suppress(OSError, termios.error):
        termios.tcsetattr(keys, termios.TCSANOW, silent)
        _write(screen, _BEGIN + picture)


def is_shown() -> bool:
    """Whether the screen holds the picture."""
    return _before is not None


def handed_over() -> list[int | list[bytes | int]] | None:
    """The reader draws on the screen from now on: the terminal's settings before the picture."""
    global _before
    before, _before = _before, None
    return before


def take_down() -> None:
    """Give the terminal back, if the picture is all that came."""
    before = handed_over()
    if before is None:
        return
    with contextlib.suppress(OSError):
        _write(sys.stdout.fileno(), _END)
    with contextlib.suppress(OSError, termios.error):
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)


def _write(number: int, text: str) -> None:
    data = memoryview(text.encode("utf-8", "replace"))
    while data:
        data = data[os.write(number, data) :]


def _mark(folder: Path, looks: str) -> str:
    """What tells whether a picture is one of this view and look."""
    with contextlib.suppress(OSError):
        return f"{crc32((folder / _VIEW).read_bytes()):08x} {crc32(looks.encode()):08x}"
    return ""
