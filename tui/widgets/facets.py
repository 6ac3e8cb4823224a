"""The side pane: saved searches, and the languages, dates, sources and tags of what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui import formats, keys, query_text
from tui.answers import SavedSearch
from tui.i18n import N_, _
from tui.text.bars import bar
from tui.text.wrap import cells, cut
from tui.widgets.histogram import LINES, Histogram
from tui.widgets.lines import Lines, Piece

_BAR = 10
_MOST = {"language": 12, "month": 1, "source": 14, "tag": 12}
TITLES = {
    "saved": N_("Saved searches"),
    "language": N_("Languages"),
    "month": N_("Dates"),
    "source": N_("Sources"),
    "tag": N_("Tags"),
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something in the pane: a heading or a gap (neither can be chosen), a value, the histogram."""

    kind: str
    facet: str = ""
    value: str = ""
    count: int | None = None
    share: float = 0.0
    lines: int = 1

    @property
    def can_be_chosen(self) -> bool:
        return self.kind in {"value", "saved", "dates"}


class Facets(Lines, can_focus=True):
    """Counts that follow each key typed; what is chosen becomes a filter."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("side", moving=True)

    @dataclass
    class Chosen(Message):
        """A facet shall be filtered by these values (none: not at all)."""

        facet: str
        values: tuple[str, ...]

    @dataclass
    class Called(Message):
        """Something shall be done with a saved search: "run", "rename" or "remove"."""

        action: str
        search: SavedSearch

    @dataclass
    class Left(Message):
        """A person wants to go back to the list."""

    @dataclass
    class Stands(Message):
        """The cursor stands on another kind of thing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._counts: dict[str, Mapping[str, int]] = {}
        self._set: dict[str, tuple[str, ...]] = {}
        self._saved: Sequence[SavedSearch] = ()
        self._entries: list[_Entry] = []
        self._lines: list[tuple[int, int]] = []  # the entry each line belongs to, and which part
        self._dated = Histogram()
        self.cursor: int = 0

    # ---- what is shown

    def show(self, counts: Mapping[str, Mapping[str, int]], text: str) -> None:
        """Show these counts of what the query `text` finds."""
        self._counts = dict(counts)
        self._set = {
            facet: query_text.values_of(text, fields)
            for facet, (_field, fields) in query_text.FACETS.items()
        }
        self._lay()

    def widen(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Show these counts for their facets: those without the facet's own filter."""
        self._counts.update(counts)
        self._lay()

    def show_saved(self, searches: Sequence[SavedSearch]) -> None:
        """Show these saved searches."""
        self._saved = searches
        self._lay()

    def _lay(self) -> None:
        was = self.entry
        entries = self._saved_entries()
        for facet, most in _MOST.items():
            counts = self._counts.get(facet, {})
            if facet == "month":
                entries += self._dates(counts)
                continue
            ranked = ordered(facet, counts)[:most]
            largest = max((count for _value, count in ranked), default=0) or 1
            if ranked:
                entries.append(_Entry("heading", facet))
                entries += [_Entry("value", facet, *one, one[1] / largest) for one in ranked]
                entries.append(_Entry("gap"))
        self._entries = entries
        self._lines = [
            (number, part) for number, entry in enumerate(entries) for part in range(entry.lines)
        ]
        self.cursor = self._found_again(was)
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()

    def _saved_entries(self) -> list[_Entry]:
        if not self._saved:
            return []
        found = [_Entry("saved", value=one.name, count=one.total) for one in self._saved]
        return [_Entry("heading", "saved"), *found, _Entry("gap")]

    def _dates(self, counts: Mapping[str, int]) -> list[_Entry]:
        self._dated.show(counts, self._set.get("month", ()), max(8, self.size.width - 4))
        if not counts:
            return []
        entries = [_Entry("heading", "month")]
        if self._dated.bins:
            entries.append(_Entry("dates", "month", lines=LINES))
        if counts.get("undated"):
            share = counts["undated"] / max(counts.values())
            entries.append(_Entry("value", "month", "undated", counts["undated"], share))
        return [*entries, _Entry("gap")]

    def _found_again(self, was: _Entry | None) -> int:
        if was is not None:
            for number, entry in enumerate(self._entries):
                if (entry.kind, entry.facet, entry.value) == (was.kind, was.facet, was.value):
                    return number
        choosable = [n for n, entry in enumerate(self._entries) if entry.can_be_chosen]
        later = [number for number in choosable if number >= self.cursor]
        return (later or choosable or [0])[0]

    @property
    def entry(self) -> _Entry | None:
        """What the cursor stands on."""
        return self._entries[self.cursor] if self.cursor < len(self._entries) else None

    @property
    def place(self) -> str:
        """Which keys are of use here: "side", "dates" or "saved"."""
        kind = self.entry.kind if self.entry is not None else ""
        return kind if kind in {"dates", "saved"} else "side"

    # ---- drawing

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return self.blank(width)
        place, part = self._lines[number]
        entry = self._entries[place]
        here = place == self.cursor and self.has_focus
        if entry.kind == "dates":
            lead = ("▌ " if here else "  ", "accent")
            return self.strip([lead, *self._dated.line(part, here)], width)
        if not entry.can_be_chosen:
            title = _(TITLES[entry.facet]) if entry.facet else ""
            return self.strip([(f"  {title}", "title")], width)
        return self.strip(self._value(entry, here, width), width, cursor=here)

    def _value(self, entry: _Entry, here: bool, width: int) -> list[Piece]:
        count = "" if entry.count is None else formats.number(entry.count)
        is_set = entry.value in self._set.get(entry.facet, ())
        drawn = bar(entry.share, _BAR) + " " if entry.kind == "value" else ""
        room = max(6, width - 4 - cells(drawn) - max(6, cells(count)))
        label = cut(facet_name(entry.facet, entry.value), room)
        return [
            ("▌" if here else " ", "accent"),
            ("✓" if is_set else " ", "accent"),
            (drawn, "rule"),
            (label + " " * (room - cells(label)), "accent" if is_set else "ink"),
            (f" {count:>6} ", "muted"),
        ]

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the cursor anew."""
        super().watch_has_focus(has_focus)
        self._dated.begun = None
        self.refresh()

    def on_resize(self) -> None:
        """Lay anew for the width there is."""
        self._lay()

    # ---- moving

    def _move(self, step: int, times: int = 1) -> None:
        number = self.cursor
        for _time in range(times):
            beyond = number + step
            while 0 <= beyond < len(self._entries) and not self._entries[beyond].can_be_chosen:
                beyond += step
            if not 0 <= beyond < len(self._entries):
                break
            number = beyond
        self._go(number)

    def _go(self, number: int) -> None:
        self.cursor, self._dated.begun = number, None
        lines = [line for line, (place, _part) in enumerate(self._lines) if place == number]
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if lines and height:
            if lines[0] - 1 < top:
                self.scroll_to(y=max(0, lines[0] - 1), animate=False, force=True)
            elif lines[-1] >= top + height:
                self.scroll_to(y=lines[-1] - height + 1, animate=False, force=True)
        self.refresh()
        self.post_message(self.Stands())

    def action_down(self) -> None:
        """To the next."""
        self._move(1)

    def action_up(self) -> None:
        """To the one before."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Ten down."""
        self._move(1, 10)

    def action_page_up(self) -> None:
        """Ten up."""
        self._move(-1, 10)

    def action_half_down(self) -> None:
        """Five down."""
        self._move(1, 5)

    def action_half_up(self) -> None:
        """Five up."""
        self._move(-1, 5)

    def action_first(self) -> None:
        """To the first."""
        self._move(-1, len(self._entries))

    def action_last(self) -> None:
        """To the last."""
        self._move(1, len(self._entries))

    def action_before(self) -> None:
        """An earlier bin of the histogram; elsewhere back to the list."""
        if self._on_dates:
            self._dated.go_to(self._dated.at - 1)
            self.refresh()
        else:
            self.post_message(self.Left())

    def action_after(self) -> None:
        """A later bin of the histogram."""
        if self._on_dates:
            self._dated.go_to(self._dated.at + 1)
            self.refresh()

    @property
    def _on_dates(self) -> bool:
        return self.entry is not None and self.entry.kind == "dates"

    # ---- choosing

    def action_set(self) -> None:
        """Filter by what the cursor stands on, alone; a saved search is run."""
        entry = self.entry
        if entry is None:
            return
        match entry.kind:
            case "saved":
                self._call("run")
            case "dates":
                self.post_message(self.Chosen("month", (self._dated.value,)))
                self._dated.begun = None
            case "value":
                alone = self._set.get(entry.facet) == (entry.value,)
                self.post_message(self.Chosen(entry.facet, () if alone else (entry.value,)))

    def action_add(self) -> None:
        """Filter by this value as well, or no longer; in the histogram begin a range."""
        entry = self.entry
        if entry is not None and entry.kind == "dates":
            self._dated.begun = self._dated.at if self._dated.begun is None else None
            self.refresh()
        elif entry is not None and entry.kind == "value":
            now = self._set.get(entry.facet, ())
            left = tuple(value for value in now if value != entry.value)
            values = left if entry.value in now else (*now, entry.value)
            self.post_message(self.Chosen(entry.facet, values))

    def action_off(self) -> None:
        """Take off the filter by this facet."""
        if self.entry is not None and self.entry.facet:
            self.post_message(self.Chosen(self.entry.facet, ()))

    def action_rename(self) -> None:
        """Rename the saved search."""
        self._call("rename")

    def action_remove(self) -> None:
        """Remove the saved search."""
        self._call("remove")

    def _call(self, action: str) -> None:
        entry = self.entry
        if entry is not None and entry.kind == "saved":
            for one in self._saved:
                if one.name == entry.value:
                    self.post_message(self.Called(action, one))

    def action_aside(self) -> None:
        """Back to the list; from a range begun, out of it."""
        if self._dated.begun is not None:
            self._dated.begun = None
            self.refresh()
        else:
            self.post_message(self.Left())

    # ---- the mouse

    def _under(self, event: events.MouseEvent) -> tuple[_Entry, int] | None:
        """What lies under the pointer, and which bin."""
        number = event.y + self.scroll_offset.y
        if not 0 <= number < len(self._lines):
            return None
        place = self._lines[number][0]
        if not self._entries[place].can_be_chosen:
            return None
        self.cursor = place
        return self._entries[place], self._dated.bin_at(event.x - 2)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """In the histogram a range begins."""
        under = self._under(event)
        if under is not None and under[0].kind == "dates":
            self._dated.go_to(under[1])
            self._dated.begun = self._dated.at
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The range goes as far as the pointer."""
        if self._dated.begun is not None and event.button:
            self._dated.go_to(self._dated.bin_at(event.x - 2))
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click chooses; at the end of a drag the range."""
        if self._dated.begun is not None or self._under(event) is not None:
            self.action_set()


def ordered(facet: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Values with their counts: months newest first, the rest most frequent first."""
    if facet == "month":
        dated = sorted((month for month in counts if month != "undated"), reverse=True)
        ranked = [(month, counts[month]) for month in dated]
        return [*ranked, *([("undated", counts["undated"])] if counts.get("undated") else [])]
    return sorted(counts.items(), key=lambda item: (-item[1], facet_name(facet, item[0])))


def facet_name(facet: str, value: str) -> str:
    """A value of a facet in the reader's words."""
    if facet == "language":
        return formats.language(value)
    if facet == "month":
        return _("undated") if value == "undated" else formats.month(value)
    return _("source not known") if facet == "source" and value == "unknown" else value
