"""A line of words over a panel."""

from textual.strip import Strip

from index.text.safe import safe_line
from tui.widgets.lines import Lines


class Heading(Lines):
    """A line of words."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = safe_line(text)

    def render_line(self, y: int) -> Strip:
        """The one line."""
        width = self.size.width
        return self.strip([(f" {self._text}", "title")] if y == 0 else [], width)
