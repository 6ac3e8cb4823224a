"""What stands in the place of the list where there is nothing to list: said in words."""

from textual.strip import Strip

from tui.text.wrap import wrap
from tui.widgets.lines import Lines, Piece


class Notice(Lines):
    """A few lines in the middle of the pane, each a text and a style."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.said: list[Piece] = []

    def say(self, lines: list[Piece]) -> None:
        """Say these lines."""
        self.said = lines
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line `y`."""
        width, height = self.size
        column = max(8, min(60, width - 4))
        laid = [
            (text[start:end], style)
            for text, style in self.said
            for start, end in wrap(text, column)
        ]
        number = y - max(1, (height - len(laid)) // 3)
        if not 0 <= number < len(laid):
            return self.blank(width)
        return self.strip([(" " * ((width - column) // 2), "ink"), laid[number]], width)
