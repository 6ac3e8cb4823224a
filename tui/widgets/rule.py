"""A thin line between the parts of the page."""

from textual.strip import Strip

from tui.widgets.lines import Lines


class Rule(Lines):
    """A horizontal rule; `joint` is the column where an upright one meets it, with its sign."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._joints: dict[int, str] = {}

    def join(self, joints: dict[int, str]) -> None:
        """Draw these signs in these columns."""
        if joints != self._joints:
            self._joints = joints
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line."""
        width = self.size.width
        signs = [self._joints.get(column, "─") for column in range(width)]
        return self.strip([("".join(signs), "rule")], width)


class Upright(Lines):
    """An upright rule."""

    def render_line(self, y: int) -> Strip:
        """A piece of it."""
        return self.strip([("│", "rule")], self.size.width)
