"""What a terminal can do: move its cursor, show colours, show which characters. Without Textual."""

import codecs
import contextlib
import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from functools import cache
from unicodedata import combining, east_asian_width

_PATIENCE = 0.3  # seconds a terminal may take to answer
_DUMB = frozenset({"", "dumb", "unknown", "emacs"})
_PLAIN = re.compile(r"(vt\d+|.*-(m|mono))(-\w+)*")
_MANY = re.compile(r".*(256color|direct|kitty|alacritty|ghostty|foot|wezterm|contour|iterm).*")
# What we draw with, in characters that every terminal has; the same widths.
_ASCII = {
    sign: plain
    for signs, plain in (
        ("─━┄–—", "-"), ("│┃▌", "|"), ("┬┴┼", "+"), ("┊▏▎▍", ":"), ("▋▊▉█", "#"), ("▁▂", "_"),
        ("▃▄▅", "="), ("▆▇", "#"), ("★✓•", "*"), ("·…", "."), ("‘’", "'"), ("“”„«»", '"'),
        ("‹◂←", "<"), ("›▸→", ">"), ("↵", "~"), ("↓▾", "v"), ("↑", "^"), ("␣", "_"), ("×", "x"),
        ("\u00a0\u202f\u2009", " "),
    )
    for sign in signs
}  # fmt: skip


def can_draw(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the cursor can be moved about: a "dumb" terminal only takes lines."""
    return environment.get("TERM", "").lower() not in _DUMB


def colours(environment: Mapping[str, str] = os.environ) -> int:
    """How many colours: 0, 16, 256 or 2**24; what is not known has 16."""
    term = environment.get("TERM", "").lower()
    if environment.get("NO_COLOR"):
        return 0
    if environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return 2**24
    if _PLAIN.fullmatch(term):
        return 0
    return 256 if _MANY.fullmatch(term) else 16


def is_light(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal says that its paper is light (COLORFGBG, as rxvt and Konsole set it)."""
    paper = environment.get("COLORFGBG", "").rpartition(";")[2]
    return paper in {"7", "15"}


def charset(environment: Mapping[str, str] = os.environ) -> str:
    """The character set the locale names: "utf-8", the name of a codec, else "ascii"."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environment.get(name, "")
        if value:
            _language, dot, named = value.partition("@")[0].partition(".")
            with contextlib.suppress(LookupError):
                return codecs.lookup(named).name if dot else "ascii"
            return "ascii"
    return "ascii"


def charset_in_force(environment: Mapping[str, str] = os.environ) -> str:
    """The character set of the terminal: that of the locale, unless the terminal shows UTF-8.

    A container often names no locale in a terminal that knows UTF-8 very well: it is asked, by
    where a letter of two bytes leaves the cursor. A terminal that does not answer is believed to
    be as the locale says.
    """
    named = charset(environment)
    return "utf-8" if named == "utf-8" or _shows_utf8() else named


def _shows_utf8() -> bool:
    try:
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
    except (OSError, ValueError, termios.error):
        return False
    try:
        tty.setcbreak(number, termios.TCSANOW)
        os.write(sys.stdout.fileno(), b"\r\xc3\xa9\x1b[6n")
        column = re.search(rb"\x1b\[\d+;(\d+)R", _answer(number))
        os.write(sys.stdout.fileno(), b"\r\x1b[K" if column else b"\r  \r")
        return column is not None and column[1] == b"2"
    except OSError:
        return False
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(number, termios.TCSANOW, before)


def _answer(number: int) -> bytes:
    """What the terminal says, up to the end of its report of the cursor."""
    said, end = b"", time.monotonic() + _PATIENCE
    while not said.endswith(b"R") and (left := end - time.monotonic()) > 0:
        if select.select([number], [], [], left)[0]:
            said += os.read(number, 64)
    return said


def shown_in(text: str, name: str) -> str:
    """`text` as a terminal of the character set `name` can show it, each sign as wide as before."""
    if text.isascii():
        return text
    return "".join(char if char < "\x80" else _shown(char, name) for char in text)


@cache
def _shown(char: str, name: str) -> str:
    with contextlib.suppress(UnicodeEncodeError):
        return char.encode(name).decode(name)
    if char in _ASCII:
        return _ASCII[char]
    if combining(char):
        return ""
    return "??" if east_asian_width(char) in {"W", "F"} else "?"
