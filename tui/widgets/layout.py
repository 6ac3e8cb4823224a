"""The lines of a page in a column: broken from the top, as far as somebody looks."""

import math
import time
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tui.text.wrap import cells, wrap_on
from tui.widgets.article_page import Paragraph

_PORTION = 64  # lines of a paragraph broken at a time: some articles are a single one


class Line(NamedTuple):
    """A line of the page: characters [start, end) of a paragraph, or None: an empty one."""

    paragraph: int | None
    start: int = 0
    end: int = 0


_EMPTY = Line(None)
_BEYOND = 2**63  # the character no text has


class Layout:
    """Lines of `paragraphs`, `column` cells wide; what is not broken yet has a guessed length."""

    def __init__(self, paragraphs: Sequence[Paragraph] = (), column: int = 1) -> None:
        self.lines = [_EMPTY]
        self.paragraphs = paragraphs
        self.column = max(1, column)
        self._first: list[int] = []  # number of the first line of each paragraph begun
        self._next: int | None = None  # where the last of them goes on; None: it is whole
        self._left = sum(map(self._guess, paragraphs))  # lines of the paragraphs not begun

    @property
    def is_whole(self) -> bool:
        """Whether all is broken into lines."""
        return self._next is None and len(self._first) == len(self.paragraphs)

    @property
    def length(self) -> int:
        """How many lines there are; guessed, so far as they are not broken yet."""
        if self.is_whole:
            return len(self.lines)
        rest = 0.0
        if self._next is not None:
            rest = (len(self.paragraphs[len(self._first) - 1].text) - self._next) / self.column
        return len(self.lines) + math.ceil(self._left + rest)

    def lay(
        self,
        *,
        lines: int | None = None,
        place: tuple[int, int] | None = None,
        seconds: float = 60,
    ) -> None:
        """Break on until there are so many lines, or the one of `place`, or the time is over.

        A place is (number of a paragraph, character in it).
        """
        end = time.monotonic() + seconds
        while not self.is_whole and time.monotonic() < end:
            if lines is not None and len(self.lines) >= lines:
                break
            reached = _BEYOND if self._next is None else self._next
            if place is not None and (len(self._first) - 1, reached) > place:
                break
            self._lay_portion()

    def _lay_portion(self) -> None:
        """Break on by a paragraph, or by a part of a long one."""
        if self._next is None:
            self._left -= self._guess(self.paragraphs[len(self._first)])
            self._first.append(len(self.lines))
        number = len(self._first) - 1
        one = self.paragraphs[number]
        room = self.column - cells(one.lead)
        spans, self._next = wrap_on(one.text, room, self._next or 0, _PORTION)
        self.lines += [Line(number, start, end) for start, end in spans]
        if self._next is None:
            self.lines += [_EMPTY] * one.gap

    def line_of(self, paragraph: int, at: int) -> int:
        """The number of the line that holds a character; all before it is broken then, too."""
        self.lay(place=(paragraph, at))
        first = self._first[paragraph]
        begun = len(self._first)
        after = self._first[paragraph + 1] if paragraph + 1 < begun else len(self.lines)
        return max(first, bisect_right(self.lines, at, first, after, key=_start) - 1)

    def _guess(self, paragraph: Paragraph) -> float:
        """About how many lines a paragraph takes: its last one is half full."""
        return len(paragraph.text) / self.column + 0.5 + paragraph.gap


def _start(line: Line) -> int:
    return _BEYOND if line.paragraph is None else line.start
