"""What stands in the place of the list where there is nothing to list: said, with ways out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from tui import keys
from tui.text.wrap import wrap
from tui.widgets.lines import Lines, Piece

_COLUMN = 60


class Notice(Lines, can_focus=True):
    """A few lines in the middle of the pane, each a text and a style; below them choices."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("list", moving=True)

    @dataclass
    class Chosen(Message):
        """A person chose a query to run instead."""

        query: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.said: list[Piece] = []
        self.choices: Sequence[tuple[str, str]] = ()
        self.cursor = 0

    def say(self, lines: list[Piece], choices: Sequence[tuple[str, str]] = ()) -> None:
        """Say these lines, and offer `choices`: what each says, and the query it stands for."""
        self.said, self.choices = lines, choices
        self.cursor = min(self.cursor, max(0, len(choices) - 1))
        self.refresh()

    def _laid(self, column: int) -> list[tuple[Piece, int | None]]:
        """The lines, and the number of the choice that each is."""
        laid: list[tuple[Piece, int | None]] = [
            ((text[start:end], style), None)
            for text, style in self.said
            for start, end in wrap(text, column)
        ]
        if self.choices:
            laid.append((("", "ink"), None))
        for number, (text, _query) in enumerate(self.choices):
            style = "accent" if number == self.cursor and self.has_focus else "ink"
            laid += [((text[start:end], style), number) for start, end in wrap(text, column)]
        return laid

    def render_line(self, y: int) -> Strip:
        """Line `y`."""
        width, column = self._widths()
        laid = self._laid(column)
        number = y - self._top(len(laid))
        if not 0 <= number < len(laid):
            return self.blank(width)
        piece, choice = laid[number]
        here = choice is not None and choice == self.cursor and self.has_focus
        left = max(2, (width - column) // 2)
        mark = ("▌ " if here else "  ", "accent")
        return self.strip([(" " * (left - 2), "ink"), mark, piece], width)

    def _widths(self) -> tuple[int, int]:
        width = self.size.width
        return width, max(8, min(_COLUMN, width - 4))

    def _top(self, lines: int) -> int:
        return max(1, (self.size.height - lines) // 3)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the cursor anew."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def action_down(self) -> None:
        """To the next choice."""
        self.cursor = min(self.cursor + 1, max(0, len(self.choices) - 1))
        self.refresh()

    def action_up(self) -> None:
        """To the choice before."""
        self.cursor = max(0, self.cursor - 1)
        self.refresh()

    def action_open(self) -> None:
        """Choose."""
        if self.choices:
            self.post_message(self.Chosen(self.choices[self.cursor][1]))

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        laid = self._laid(self._widths()[1])
        number = event.y - self._top(len(laid))
        choice = laid[number][1] if 0 <= number < len(laid) else None
        if choice is not None:
            self.cursor = choice
            self.action_open()
