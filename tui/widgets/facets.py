"""Languages, months and sources of what was found, with counts: the third pane of a wide screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui import formats
from tui.i18n import N_, _
from tui.text.bars import bar, histogram
from tui.text.wrap import cells, cut
from tui.widgets.lines import Lines, Piece

_BAR = 12
_MOST = {"language": 12, "month": 12, "source": 14}
TITLES = {"language": N_("Languages"), "month": N_("Dates"), "source": N_("Sources")}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the pane: a value of a facet with its count, or a heading (no value)."""

    facet: str
    value: str = ""
    count: int = 0
    share: float = 0.0


class Facets(Lines, can_focus=True):
    """Counts that follow each key typed; Enter on one sets it as a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("j,down", "move(1)"),
        ("k,up", "move(-1)"),
        ("enter,l", "choose"),
    ]

    @dataclass
    class Chosen(Message):
        """A value of a facet was chosen."""

        facet: str
        value: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._entries: list[_Entry] = []
        self._months: dict[str, int] = {}
        self.cursor = 1

    def show(self, facets: Mapping[str, Mapping[str, int]]) -> None:
        """Show these counts."""
        self._entries = []
        self._months = dict(facets.get("month", {}))
        for facet, most in _MOST.items():
            counts = facets.get(facet, {})
            ranked = ordered(facet, counts)[:most]
            largest = max((count for _value, count in ranked), default=0) or 1
            self._entries.append(_Entry(facet))
            self._entries += [_Entry(facet, *one, one[1] / largest) for one in ranked]
            self._entries.append(_Entry(""))
        self.cursor = max(1, min(self.cursor, len(self._entries) - 2))
        self.virtual_size = Size(self.size.width, len(self._entries))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._entries):
            return self.blank(width)
        entry = self._entries[number]
        if not entry.value:
            return self.strip(self._heading(entry.facet, width), width)
        here = number == self.cursor and self.has_focus
        count = formats.number(entry.count)
        name = facet_name(entry.facet, entry.value)
        room = max(6, width - _BAR - 14)
        label = cut(name, room)
        pieces: list[Piece] = [
            ("▌" if here else " ", "accent"),
            (" " + bar(entry.share, _BAR), "rule"),
            (" " + label + " " * (room - cells(label)), "ink"),
            (f" {count:>8}", "muted"),
        ]
        return self.strip(pieces, width, cursor=here)

    def _heading(self, facet: str, width: int) -> list[Piece]:
        title = _(TITLES.get(facet, ""))
        if facet != "month":
            return [(f" {title}", "title")]
        years = sorted({month[:4] for month in self._months if month != "undated"})
        if not years:
            return [(f" {title}", "title")]
        span = years[0] if len(years) == 1 else f"{years[0]} – {years[-1]}"
        return [
            (f" {title}  ", "title"),
            (histogram(self._months, 24), "accent"),
            (f"  {span}", "muted"),
        ]

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the cursor anew."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def action_move(self, step: int) -> None:
        """To the next value."""
        number = self.cursor + step
        while 0 <= number < len(self._entries) and not self._entries[number].value:
            number += step
        if 0 <= number < len(self._entries):
            self.cursor = number
            height, top = self.size.height, self.scroll_offset.y
            if not top <= number < top + height:
                self.scroll_to(y=max(0, number - height // 2), animate=False, force=True)
            self.refresh()

    def action_choose(self) -> None:
        """Set the value under the cursor as a filter."""
        if self.cursor < len(self._entries) and self._entries[self.cursor].value:
            entry = self._entries[self.cursor]
            self.post_message(self.Chosen(entry.facet, entry.value))

    def on_click(self, event: events.Click) -> None:
        """A click sets a value."""
        number = event.y + self.scroll_offset.y
        if number < len(self._entries) and self._entries[number].value:
            self.cursor = number
            self.action_choose()


def ordered(facet: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Values with their counts: months newest first, the rest most frequent first."""
    if facet == "month":
        dated = sorted((month for month in counts if month != "undated"), reverse=True)
        ranked = [(month, counts[month]) for month in dated]
        return [*ranked, *([("undated", counts["undated"])] if counts.get("undated") else [])]
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def facet_name(facet: str, value: str) -> str:
    """A value of a facet in the reader's words."""
    if facet == "language":
        return formats.language(value)
    if facet == "month":
        return _("undated") if value == "undated" else formats.month(value)
    return _("source not known") if value == "unknown" else value
