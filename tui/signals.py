"""The signals that end the reader, from its first byte on the screen until its loop hears them."""

import signal
import sys
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

_caught = 0


def end_python() -> None:
    """Let each of them end Python, so that the terminal is given back on the way out.

    By their default they end it without a word.
    """
    for number in ENDING:
        signal.signal(number, _end)


def caught() -> int:
    """The last that came, 0 for none. Code that is being loaded may swallow the end it asks for."""
    return _caught


def _end(number: int, _frame: FrameType | None) -> None:
    global _caught  # noqa: PLW0603 - a process has one set of signals
    _caught = number
    sys.exit(128 + number)
