"""The sign before the search line."""

from textual.strip import Strip

from tui.widgets.lines import Lines


class Prompt(Lines):
    """A slash, as in `less`."""

    def render_line(self, y: int) -> Strip:
        """The one line."""
        return self.strip([(" / ", "accent")], self.size.width)
