"""What verbs write with: one line of progress, and attributes for a terminal."""

import os
import shutil
import time
from collections.abc import Sequence
from typing import TextIO

from index.text.safe import safe_line


class Ticker:
    """One line of progress, rewritten in place; silent where nobody looks."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._looks = out.isatty()
        self._next = 0.0

    def show(self, line: str) -> None:
        """Put `line` in place of the last one, unless that was a moment ago."""
        now = time.monotonic()
        if self._looks and now >= self._next:
            self._next = now + 0.1
            width = shutil.get_terminal_size().columns - 1
            self._out.write(f"\r{safe_line(line)[:width]}\x1b[K")
            self._out.flush()

    def __enter__(self) -> "Ticker":
        return self

    def __exit__(self, *_: object) -> None:
        if self._looks and self._next:
            self._out.write("\r\x1b[K")
            self._out.flush()


class Style:
    """Attributes for a terminal; nothing where output goes elsewhere, or NO_COLOR is set."""

    def __init__(self, out: TextIO) -> None:
        self._on = (
            out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def bold(self, text: str) -> str:
        """`text` in bold."""
        return f"\x1b[1m{text}\x1b[22m" if self._on else text

    def muted(self, text: str) -> str:
        """`text` less bright."""
        return f"\x1b[2m{text}\x1b[22m" if self._on else text

    def hits(self, text: str, spans: Sequence[tuple[int, int]], *, bold: bool = False) -> str:
        """`text` with the `spans` underlined."""
        if not self._on:
            return text
        parts, at = [], 0
        for start, end in spans:
            parts += [text[at:start], f"\x1b[4m{text[start:end]}\x1b[24m"]
            at = end
        whole = "".join([*parts, text[at:]])
        return self.bold(whole) if bold else whole
