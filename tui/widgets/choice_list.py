"""A list of choices, one a line, with bars and marks where they are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui.text.bars import bar
from tui.text.wrap import cells, cut
from tui.widgets.lines import Lines, Piece

_BAR = 10  # cells of the longest bar


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose. `share` (of one) draws a bar; `error` is said and cannot be chosen, as
    a warning or, with `hint`, as advice.

    `completion` is what Tab puts into the line; `also` is more text that typing finds it by.
    """

    id: str
    label: str
    detail: str = ""
    share: float | None = None
    completion: str = ""
    also: str = ""
    error: bool = False
    hint: bool = False


class ChoiceList(Lines):
    """The choices, one a line, with a cursor."""

    @dataclass
    class Clicked(Message):
        """A choice was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.choices: Sequence[Choice] = ()
        self.marked: set[str] = set()
        self.cursor = 0

    @property
    def choice(self) -> Choice | None:
        """The choice under the cursor."""
        return self.choices[self.cursor] if self.cursor < len(self.choices) else None

    def show(self, choices: Sequence[Choice]) -> None:
        """Show other choices; the cursor stays on its choice where that is among them."""
        was = self.choice
        self.choices = choices
        ids = [choice.id for choice in choices]
        self.cursor = ids.index(was.id) if was is not None and was.id in ids else 0
        self.virtual_size = Size(self.scrollable_content_region.width, len(choices))
        self._into_view()
        self.refresh()

    def move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + step, len(self.choices) - 1))
        self._into_view()
        self.refresh()

    def mark(self) -> None:
        """Mark the choice under the cursor, or take the mark off, and go on to the next."""
        if self.choice is not None and self.choice.id and not self.choice.error:
            self.marked ^= {self.choice.id}
            self.move(1)

    def _into_view(self) -> None:
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self.choices):
            return self.blank(width)
        choice, here = self.choices[number], number == self.cursor
        mark = "✓ " if choice.id in self.marked else "  "
        tail = self._tail(choice)
        room = max(4, width - 5 - sum(cells(text) for text, _style in tail))
        label = cut(choice.label, room)
        pieces: list[Piece] = [
            ("▌" if here else " ", "accent"),
            (mark, "accent"),
            (label, "muted" if choice.hint else "warn" if choice.error else "ink"),
            (" " * (room - cells(label) + 1), "ink"),
            *tail,
        ]
        return self.strip(pieces, width, cursor=here)

    def _tail(self, choice: Choice) -> list[Piece]:
        widest = max((cells(other.detail) for other in self.choices[:200]), default=0)
        detail = " " * (min(widest, 24) - cells(choice.detail)) + cut(choice.detail, 24)
        if choice.share is None:
            return [(detail, "muted"), (" ", "ink")]
        return [(bar(choice.share, _BAR), "rule"), (f" {detail} ", "muted")]

    def on_resize(self) -> None:
        """Measure anew."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.choices))
        self._into_view()

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        number = event.y + self.scroll_offset.y
        if number < len(self.choices):
            self.move(number - self.cursor)
            self.post_message(self.Clicked())
