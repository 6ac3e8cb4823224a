"""The list of articles: any number of rows, drawn from pages fetched as they come into sight."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from index.model import Row
from tui import formats, keys
from tui.i18n import _
from tui.text.bidi import is_right_to_left
from tui.text.wrap import cells, wrap
from tui.widgets.lines import Lines, Piece, marked
from tui.widgets.picked import Picked
from tui.widgets.results import Results

LOW, HIGH = 3, 4
"""Lines a row takes, where there is little or much room: title, what is known, snippet, space."""
_MUCH = 30  # lines of the list from which on there is much room
_NARROW = 64  # cells below which titles often need two lines
_AHEAD = 16  # rows fetched beyond the screen


_RowLine = tuple[list[Piece], bool]
"""The pieces of a line, and whether it runs from the right."""


class ArticleList(Lines, can_focus=True):
    """Rows of a search's results, with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("list", moving=True)

    @dataclass
    class Moved(Message):
        """The cursor stands on another article (None: on none, or on one not here yet)."""

        row: Row | None

    @dataclass
    class Opened(Message):
        """A person wants to read the article under the cursor."""

        row: Row

    @dataclass
    class Marked(Message):
        """Other articles are marked now."""

    @dataclass
    class Wanted(Message):
        """Pages of rows have come into sight that are not here."""

        results: Results
        pages: list[int]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.results = Results()
        self.cursor = 0
        self.placed = False
        """Whether a person has put the cursor where it stands."""
        self.picked = Picked()
        self.began: int | None = None
        """The row from which on all are being marked."""
        self._dim = False
        self._snippets = False
        self._drawn: OrderedDict[tuple[object, ...], Strip] = OrderedDict()
        self._told: str | None = ""
        self._high = LOW

    # ---- what is shown

    def show(self, results: Results, *, stay: bool = False) -> None:
        """Show `results`; the cursor stays on its article where that is among them.

        Where it is not, the cursor goes to the first row; with `stay` it keeps its number.
        """
        was = self.row
        found = results.find(was.id) if was is not None and self.placed else None
        above = self.cursor * self._high - self.scroll_offset.y
        self.results, self._dim = results, False
        self._snippets = any(row.snippet_hits for row in results.first_rows())
        self.forget()
        self._settle_height()
        if found is None and stay:
            self.cursor = max(0, min(self.cursor, results.total - 1))
        elif found is None:
            self.cursor, self.placed = 0, False
        else:
            self.cursor = found
        self._measure()
        self.scroll_to(y=max(0, self.cursor * self._high - above), animate=False, force=True)
        self._into_view()
        self.refresh()
        self._tell()

    def put(self, results: Results, page: int, rows: tuple[Row, ...]) -> None:
        """Take a page that was wanted; one of older results is passed over."""
        if results is self.results:
            results.put(page, rows)
            self.refresh()
            self._tell()

    def dim(self) -> None:
        """Show what stands here as out of date: its search has been changed."""
        if not self._dim:
            self._dim = True
            self.refresh()

    def unpick(self) -> None:
        """Take all marks off."""
        if self.picked.ids or self.picked.whole or self.began is not None:
            self.picked, self.began = Picked(), None
            self.refresh()
            self.post_message(self.Marked())

    @property
    def picks(self) -> int:
        """How many articles are marked."""
        return self.picked.count(self.results.total)

    def _is_picked(self, row: Row, number: int) -> bool:
        if self.began is not None:
            first, last = sorted((self.began, self.cursor))
            if first <= number <= last:
                return True
        return self.picked.holds(row.id)

    def flag(self, article: str, *, read: bool | None = None, starred: bool | None = None) -> None:
        """Show an article's flags as they are now."""
        self.results.flag(article, read=read, starred=starred)
        self.refresh()

    def place(self, article: str) -> None:
        """Put the cursor on `article`, if it is among the rows here."""
        found = self.results.find(article)
        if found is not None:
            self.move_to(found)

    def stand_anew(self) -> None:
        """Stand as a list does that has only now been shown: no further down than need be."""
        height, last = self.scrollable_content_region.height, self.cursor * self._high
        top = max(0, last + self._high - height) if last + self._high - 1 > height else 0
        self.set_reactive(ArticleList.scroll_y, float(top))
        self.forget()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.results.row(self.cursor)

    def forget(self) -> None:
        """Forget lines already drawn."""
        self._drawn.clear()

    # ---- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`, kept by row: Textual keeps them by place, for nothing here."""
        self._settle()  # it is drawn before it is told its size
        width, filters = self.size.width, self.get_line_filters()
        background = self.background_colors[1]
        strips: list[Strip] = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for one in filters:
                strip = strip.apply_filter(one, background)
            strips.append(strip)
        start, end = crop.column_span
        if (start, end) != (0, width):
            strips = [strip.crop(start, end) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        width = self.scrollable_content_region.width
        number, part = divmod(y + self.scroll_offset.y, self._high)
        if number >= self.results.total:
            return self.blank(width)
        row = self.results.row(number)
        if row is None:
            return self.strip([("  ┄┄┄" if part == 0 else "", "muted")], width)
        here = number == self.cursor
        picked = self._is_picked(row, number)
        key = (row, part, here, here and self.has_focus, self._dim, width, picked)
        strip = self._drawn.get(key)
        if strip is None:
            strip = self._drawn[key] = self._draw(row, part, here, width, picked)
            while len(self._drawn) > 2048:
                self._drawn.popitem(last=False)
        return strip

    def _draw(self, row: Row, part: int, here: bool, width: int, picked: bool) -> Strip:
        room = max(4, width - 5)
        lines = self._lay(row, room)
        pieces, turned = lines[part] if part < len(lines) else ([], False)
        here = here and part < len(lines)
        if self._dim:
            pieces = [(text, "muted") for text, _style in pieces]
        star = "★ " if row.starred and part == 0 else "  "
        lead = ("▌" if here else " ") + ("✓" if picked and not part else " ")
        return Strip.join(
            [
                self.strip([(lead, "accent")], 2, cursor=here),
                self.strip(pieces, room, cursor=here, right=turned),
                self.strip([(f" {star}", "star")], width - 2 - room, cursor=here),
            ]
        )

    def _lay(self, row: Row, room: int) -> list[_RowLine]:
        """The lines of a row: title (two lines where there is room), what is known, snippet."""
        if row.title is None:
            text, spans, style = row.lede or "…", row.lede_hits, "ink"
        else:
            text, spans, style = row.title, row.title_hits, "title"
        style = "muted" if row.read else style
        turned = self.turns and is_right_to_left(text)
        snippet = row.snippet if self._snippets and row.snippet_hits else ""
        most = 1 if snippet and not spans else self._high - 2  # what was found is to be seen
        parts = wrap(text, room)[:most]
        parts[-1] = (parts[-1][0], len(text))
        lines = [(marked(text, spans, style, part), turned) for part in parts]
        lines.append(([(_meta(row, room), "muted")], False))
        told_already = row.title is None and snippet[:40] == text[:40]
        if snippet and not told_already and len(lines) < max(3, self._high - 1):
            lines.append((_found(row, room), self.turns and is_right_to_left(snippet)))
        return lines

    # ---- moving

    def move_to(self, number: int) -> None:
        """Put the cursor on row `number`, or the nearest there is."""
        number = max(0, min(number, self.results.total - 1))
        if number == self.cursor:
            return
        old, self.cursor = self.cursor, number
        self.placed = True
        self._into_view()
        if self.began is not None:
            self.refresh()
            self.post_message(self.Marked())
        for row in (old, number):
            self.refresh_lines(row * self._high, self._high)
        self._tell()

    def action_down(self) -> None:
        """One article down."""
        self.move_to(self.cursor + 1)

    def action_up(self) -> None:
        """One article up."""
        self.move_to(self.cursor - 1)

    def action_page_down(self) -> None:
        """As many articles down as are in sight."""
        self.move_to(self.cursor + self._in_sight())

    def action_page_up(self) -> None:
        """As many articles up as are in sight."""
        self.move_to(self.cursor - self._in_sight())

    def action_half_down(self) -> None:
        """Half as many down."""
        self.move_to(self.cursor + max(1, self._in_sight() // 2))

    def action_half_up(self) -> None:
        """Half as many up."""
        self.move_to(self.cursor - max(1, self._in_sight() // 2))

    def action_first(self) -> None:
        """To the first article."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last article."""
        self.move_to(self.results.total - 1)

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if self.row is not None:
            self.placed = True
            self.post_message(self.Opened(self.row))

    def action_pick(self) -> None:
        """Mark the article, or take its mark off, and go on to the next."""
        if self.row is not None:
            self.picked.toggle(self.row.id)
            self.placed = True
            self.refresh_lines(self.cursor * self._high, self._high)
            self.post_message(self.Marked())
            self.move_to(self.cursor + 1)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor, a second one opens; on the left edge, or with ^, it marks."""
        number = (event.y + self.scroll_offset.y) // self._high
        if number < self.results.total:
            self.move_to(number)
            if event.ctrl or event.x < 2:
                self.action_pick()
            elif event.chain == 2:
                self.action_open()

    # ---- geometry

    def on_resize(self) -> None:
        """Draw anew in the new width, more airily where there is much room."""
        self.forget()
        self._settle()
        self._measure()
        self._into_view()
        self.refresh()

    def _settle(self) -> None:
        """Give rows the height that fits the size; the cursor's row stays where it is."""
        above = self.cursor * self._high - self.scroll_offset.y
        if self._settle_height():
            self._measure()
            self.scroll_to(y=max(0, self.cursor * self._high - above), animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.call_next(self._want)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the cursor anew."""
        super().watch_has_focus(has_focus)
        self.refresh_lines(self.cursor * self._high, self._high)

    def _settle_height(self) -> bool:
        """Give rows a fourth line where there is room and use for it; whether that is new."""
        tall = self.size.height >= _MUCH and (self._snippets or self.size.width < _NARROW)
        high = HIGH if tall else LOW
        changed, self._high = high != self._high, high
        return changed

    def _measure(self) -> None:
        self.set_length(self.results.total * self._high)
        self.call_next(self._want)

    def _in_sight(self) -> int:
        return max(1, self.scrollable_content_region.height // self._high)

    def _want(self) -> None:
        top = self.scroll_offset.y // self._high
        pages = self.results.wanted(top - _AHEAD, top + self._in_sight() + 1 + _AHEAD)
        if pages:
            self.post_message(self.Wanted(self.results, pages))

    def _into_view(self) -> None:
        height = self.scrollable_content_region.height
        first, top = self.cursor * self._high, self.scroll_offset.y
        if height <= 0:
            return
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif first + self._high - 1 > top + height:  # the last line of a row may be out of sight
            self.scroll_to(y=first + self._high - height, animate=False, force=True)

    def _tell(self) -> None:
        row = self.row
        told = None if row is None else row.id
        if told != self._told:
            self._told = told
            self.post_message(self.Moved(row))


def _found(row: Row, room: int) -> list[Piece]:
    """The snippet from where its first hit is sure to be in sight."""
    snippet, start = row.snippet, 0
    first, last = row.snippet_hits[0]
    if cells(snippet[:last]) >= room:
        start = max(0, first - room // 3)
        start = snippet.rfind(" ", 0, start) + 1 or start
    pieces = marked(snippet, row.snippet_hits, "muted", (start, len(snippet)))
    return [("…", "muted"), *pieces] if start else pieces


def _meta(row: Row, room: int) -> str:
    """What is known of an article, in words; the least important is left out first."""
    language = formats.language(row.language)
    if row.language_sure < 0.5 and row.language != "und":
        language = _("{language}?").format(language=language)
    parts = [formats.day(row.date), row.source or "", language, _("{n} min").format(n=row.minutes)]
    if row.tags:
        parts.append(" ".join(f"#{tag}" for tag in row.tags))
    if row.read:
        parts.append(_("read"))
    parts = [part for part in parts if part]
    while len(parts) > 1 and cells(" · ".join(parts)) > room:
        parts.pop(-2 if len(parts) > 2 else -1)
    return " · ".join(parts)
