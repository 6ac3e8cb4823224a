"""A histogram of dates: bars side by side, one of them under a cursor, a range to set."""

from collections.abc import Mapping, Sequence

from tui import formats, query_text
from tui.text.bars import Bin, bins, upright
from tui.text.wrap import cells
from tui.widgets.lines import Piece

_HIGH = 4  # lines of the bars
_BELOW = 2  # lines below them: months at the ends, and what the cursor stands on
_WIDEST = 4  # cells of a bar, with the space behind it
LINES = _HIGH + _BELOW


class Histogram:
    """Counts by month, as lines to draw; which months a person has chosen."""

    def __init__(self) -> None:
        self.bins: list[Bin] = []
        self.at = 0
        """The bin under the cursor."""
        self.begun: int | None = None
        """The bin a range was begun at."""
        self._wide = 1
        self._set: tuple[str, str] | None = None

    def show(self, months: Mapping[str, int], values: Sequence[str], room: int) -> None:
        """Show these counts in `room` cells; the query is filtered by these `values` of dates."""
        self.bins = bins(months, room)
        self._wide = max(1, min(_WIDEST, room // max(1, len(self.bins))))
        self._set = query_text.months(values[0]) if len(values) == 1 else None
        self.go_to(self.at)

    def go_to(self, number: int) -> None:
        """Put the cursor on a bin, or the nearest there is."""
        self.at = max(0, min(number, len(self.bins) - 1))

    def bin_at(self, column: int) -> int:
        """The bin drawn in a column."""
        return column // self._wide

    @property
    def value(self) -> str:
        """What the date filter is called that chooses the bins under the cursor."""
        first, last = self._span()
        begin, end = self.bins[first].first, self.bins[last].last
        return begin if begin == end else f"{begin}..{end}"

    def line(self, part: int, here: bool) -> list[Piece]:
        """Line `part` of `LINES`; `here` where it has the keys."""
        if part < _HIGH:
            signs = upright([one.count for one in self.bins], _HIGH)[part]
            gap = int(self._wide > 2)
            return [
                (sign * (self._wide - gap) + " " * gap, style)
                for sign, style in zip(signs, self._styles(here), strict=True)
            ]
        if part == _HIGH:
            first = formats.month(self.bins[0].first)
            last = formats.month(self.bins[-1].last) if len(self.bins) > 1 else ""
            gap = len(self.bins) * self._wide - cells(first) - cells(last)
            return [(f"{first}{' ' * max(1, gap)}{last}", "muted")]
        first_bin, last_bin = self._span() if here else self._set_span()
        if last_bin < first_bin:
            return []
        chosen = self.bins[first_bin : last_bin + 1]
        months = (formats.month(chosen[0].first), formats.month(chosen[-1].last))
        count = formats.number(sum(one.count for one in chosen))
        return [(f"{' – '.join(dict.fromkeys(months))} · {count}", "accent")]

    def _styles(self, here: bool) -> list[str]:
        first, last = self._span()
        set_first, set_last = self._set_span()
        return [
            "hit" if here and first <= number <= last
            else "accent" if set_first <= number <= set_last
            else "muted"
            for number in range(len(self.bins))
        ]  # fmt: skip

    def _span(self) -> tuple[int, int]:
        """The bins under the cursor: one, or from where a range was begun."""
        begun = self.at if self.begun is None else self.begun
        return min(begun, self.at), max(begun, self.at)

    def _set_span(self) -> tuple[int, int]:
        """The bins that the query is filtered by; the last before the first where by none."""
        if self._set is None:
            return 0, -1
        begin, end = self._set
        held = [n for n, one in enumerate(self.bins) if one.last >= begin and one.first <= end]
        return (held[0], held[-1]) if held else (0, -1)
