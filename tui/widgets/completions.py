"""What the word being typed may become: a few lines under it, that take no key but Tab."""

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui import formats
from tui.answers import Completion
from tui.text.wrap import cells, cut
from tui.widgets.lines import Lines

_MOST = 8


class Completions(Lines):
    """The completions, one a line; it is there only while there are some."""

    @dataclass
    class Clicked(Message):
        """A completion was clicked."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.completion: Completion | None = None
        self.taken = -1

    @property
    def count(self) -> int:
        """How many there are to choose from."""
        return 0 if self.completion is None else min(_MOST, len(self.completion.items))

    def show(self, completion: Completion | None, column: int = 0) -> None:
        """Show `completion` from `column` on; None, or one without items, hides it."""
        self.completion, self.taken = completion, -1
        self.display = self.count > 0
        if completion is None or not self.count:
            return
        lines = [label + _count(articles) for _insert, label, articles in completion.items[:_MOST]]
        room = self.screen.size.width
        wide = min(room, max(map(cells, lines)) + 4)
        self.styles.width, self.styles.height = wide, self.count
        self.styles.offset = (max(0, min(column, room - wide)), 1)
        self.refresh()

    def take(self, number: int) -> None:
        """Show that completion `number` was taken."""
        self.taken = number
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line `y`."""
        width = self.size.width
        if self.completion is None or y >= self.count:
            return self.blank(width)
        _insert, label, articles = self.completion.items[y]
        count = _count(articles)
        here = y == max(0, self.taken)
        room = max(4, width - 3 - cells(count))
        text = cut(label, room)
        pad = " " * (room - cells(text))
        mark = "▌" if here else " "
        return self.strip(
            [(mark, "accent"), (f"{text}{pad}", "ink"), (f"{count} ", "muted")], width, cursor=True
        )

    def on_click(self, event: events.Click) -> None:
        """A click takes one."""
        event.stop()
        if 0 <= event.y < self.count:
            self.post_message(self.Clicked(event.y))


def _count(articles: int | None) -> str:
    return "" if articles is None else f"  {formats.number(articles)}"
