"""The reading pane: one article set in a centred column, its hits, and what was cut from it."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from tui import keys
from tui.answers import Reading
from tui.settings import NARROWEST, WIDEST
from tui.text.bidi import is_right_to_left
from tui.text.wrap import cells
from tui.widgets.article_page import ArticlePage, Paragraph, article_page, original_page
from tui.widgets.layout import Layout, Line
from tui.widgets.lines import Lines, Piece, in_order

if TYPE_CHECKING:
    from textual.timer import Timer

MEASURE = 72
"""Cells of a line of text, where there is room."""
_AT_ONCE = 200  # lines that are broken before the first is drawn; most articles have no more
_AHEAD = 2  # screens that are broken beyond the one in sight
_PREPARED = 4  # pages set before they are shown
_LATER = 0.2  # seconds an article stands before the rest of it is broken into lines
_STEP = 0.003  # seconds of that at a time
_PAUSE = 0.015  # seconds between
_RESTS = 1.5  # seconds without scrolling after which the place is kept
_MARGIN = 16  # cells beside the column from which on labels stand there
_ORNAMENT = "┄┄ "  # before a line that says what was cut, and turned round behind it


class Reader(Lines, can_focus=True):
    """Shows an article; keeps its place when the pane changes its width."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("reader", moving=True)

    @dataclass
    class HitShown(Message):
        """Hit `number` (from 1) of `of` is in sight; 0: none of them was gone to yet."""

        number: int
        of: int

    @dataclass
    class Scrolled(Message):
        """The place in the article, as a share of one."""

        share: float

    @dataclass
    class Finished(Message):
        """A person went on at the end of the article."""

    @dataclass
    class Paused(Message):
        """Reading rests at a place, or an article was left there; at its end: at (0, 0)."""

        article: str
        place: tuple[int, int]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.reading: Reading | None = None
        self.measure = MEASURE
        self.cuts = False
        self.original = False
        self._original = ""
        self.hit = -1
        self.cut = -1
        """The block of the cut that the keys of cuts mean; -1: none."""
        self._page = ArticlePage((), 0, 0)
        self._rest: Timer | None = None
        self._wanted: tuple[int, int] | None = None
        self._told: dict[str, tuple[int, int]] = {}
        self._broken = Layout()
        self._laying: Timer | None = None
        self._turned: dict[int, bool] = {}
        self._ready: dict[str, tuple[Reading, ArticlePage, Layout]] = {}
        self._laid = (0, 0)
        self._column = self._left = 0
        self._drawn: dict[int, Strip] = {}
        self._places: dict[str, tuple[int, int]] = {}

    # ---- what is shown

    def show(self, reading: Reading) -> None:
        """Show an article from its beginning, or from where it was left."""
        self._leave()
        again = self.reading is not None and self.reading.id == reading.id
        place = self._place() if again and not self._wanted else None
        self.reading = reading
        if not again:
            self.original = self.cuts = False
            self._original = ""
            self.cut = -1
        self.hit = -1
        self._set()
        if reading.place is not None:
            self._told.setdefault(reading.id, reading.place)
        self._go_to_place(place or self._places.get(reading.id, reading.place or (-3, 0)))

    def prepare(self, reading: Reading) -> None:
        """Set the page of an article that is likely to be shown next, and break its first lines."""
        page = article_page(reading, cuts=False)
        layout = Layout(page.paragraphs, self._column)
        if self._laid[0]:
            layout.lay(lines=self._first_lines)
        self._ready[reading.id] = (reading, page, layout)
        while len(self._ready) > _PREPARED:
            self._ready.pop(next(iter(self._ready)))

    def clear(self) -> None:
        """Show nothing."""
        self._leave()
        self.reading = None
        self._set()

    @property
    def hits(self) -> int:
        """How many hits there are on the page."""
        return self._page.hits

    @property
    def cut_lines(self) -> int:
        """How many lines of the article were cut."""
        return self._page.cuts

    def toggle_cuts(self) -> None:
        """Show what was cut in its place, or fold it away."""
        self.cuts, self.original = not self.cuts or self.original, False
        self._original = ""
        self.cut = -1
        self._set_again()

    def show_original(self, text: str) -> None:
        """Show what the article was made from in its place."""
        self.original, self._original = True, text
        self._set_again()

    def hide_original(self) -> None:
        """Show the article again."""
        self.original, self._original = False, ""
        self._set_again()

    def set_measure(self, measure: int) -> None:
        """Set the column so many cells wide."""
        self.measure = max(NARROWEST, min(WIDEST, measure))
        self._set_again()

    def set_anew(self) -> None:
        """Set the page again: the language of the interface is another."""
        self._ready.clear()
        self._set_again()

    def forget(self) -> None:
        """Forget lines already drawn."""
        self._drawn.clear()

    # ---- layout

    def _set(self) -> None:
        layout = Layout()
        if self.reading is None:
            self._page = ArticlePage((), 0, 0)
        elif self.original:
            self._page = original_page(self.reading, self._original)
        else:
            reading, page, layout = self._ready.pop(self.reading.id, (None, None, layout))
            if page is None or reading is not self.reading or self.cuts:
                page = article_page(self.reading, cuts=self.cuts)
            self._page = page
        self.hit = min(self.hit, self._page.hits - 1)
        self._turned.clear()
        self._laid = (0, 0)
        self._broken = layout
        self._lay()
        self.refresh()  # where there is no width to lay it in as well
        self.post_message(self.HitShown(self.hit + 1, self._page.hits))

    def _set_again(self) -> None:
        place = self._place()
        self._set()
        self._go_to_place(place)

    def _lay(self) -> None:
        """Break the page into lines for the width there is."""
        width = self.scrollable_content_region.width
        if not width or self._laid == (width, self.measure):
            return
        self._laid = (width, self.measure)
        self._column = max(8, min(self.measure, width - 4))
        self._left = max(1, (width - self._column) // 2)
        same = self._broken.paragraphs is self._page.paragraphs
        if not same or self._broken.column != self._column:
            self._broken = Layout(self._page.paragraphs, self._column)
        self._drawn.clear()
        self._broken.lay(lines=self._first_lines)
        self._tell_length()
        self.refresh()
        if self._laying is not None:
            self._laying.stop()
        self._laying = None if self._broken.is_whole else self.set_timer(_LATER, self._lay_on)

    @property
    def _first_lines(self) -> int:
        """How many lines are broken before any is drawn."""
        return max(_AT_ONCE, _AHEAD * self.size.height)

    def _tell_length(self) -> None:
        self.set_length(self._broken.length)

    def _lay_on(self) -> None:
        """Break the rest of a long article, in steps too short to be felt."""
        self._laying = None
        if not self._laid[0]:
            return
        self._broken.lay(seconds=_STEP)
        if self._broken.is_whole:
            self._tell_length()
            self.post_message(self.Scrolled(self.share))
        else:
            self._laying = self.set_timer(_PAUSE, self._lay_on)

    def on_resize(self) -> None:
        """Break lines for the new width; the line at the top stays there."""
        place = self._wanted or self._place()
        self._lay()
        self._go_to_place(place)
        self.post_message(self.Scrolled(self.share))

    def _place(self) -> tuple[int, int]:
        """Where the page stands: the key of the paragraph at the top, and its first character."""
        top = self.scroll_offset.y
        for line in islice(self._broken.lines, top, None):
            if line.paragraph is not None:
                key = self._page.paragraphs[line.paragraph].key
                if key != -1:
                    return (key, line.start) if top else (-3, 0)
        return (-3, 0)

    def _go_to_place(self, place: tuple[int, int]) -> None:
        if self._laid == (0, 0):  # not in sight yet: when it is
            self._wanted = place
            return
        self._wanted = None
        key, at = place
        nearest = None
        for number, paragraph in enumerate(self._page.paragraphs):
            if paragraph.key == key and self._laid[0]:
                self.scroll_to(y=self._line_of(number, at), animate=False, force=True)
                return
            if 0 <= paragraph.key < key:
                nearest = number
        if key == -3:
            self.scroll_to(y=0, animate=False, force=True)
        elif key >= 0 and nearest is not None and self._laid[0]:  # it is folded away
            self.scroll_to(y=self._line_of(nearest, 0), animate=False, force=True)

    def _leave(self) -> None:
        if self.reading is not None and not self.original:
            self._places[self.reading.id] = self._place()
            self.tell_place()

    def tell_place(self) -> None:
        """Tell where reading stands, where that is new."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self.reading is None or self.original or self._laid == (0, 0) or self._wanted:
            return
        key, at = self._place()
        place = (0, 0) if key < 0 or self.at_end else (key, at)
        if self._told.get(self.reading.id, (0, 0)) != place:
            self._told[self.reading.id] = place
            self.post_message(self.Paused(self.reading.id, place))

    def _line_of(self, paragraph: int, at: int) -> int:
        line = self._broken.line_of(paragraph, at)
        self._lay_to(line)
        return line

    def _lay_to(self, line: int) -> None:
        """Break the screens after `line`, if they are not, so that one can scroll there."""
        if not self._broken.is_whole:
            self._broken.lay(lines=line + _AHEAD * max(20, self.size.height))
            self._tell_length()

    # ---- drawing

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        lines = self._broken.lines
        if number >= len(lines):
            return self.blank(width)
        strip = self._drawn.get(number)
        if strip is None:
            if len(self._drawn) > 1024:
                self._drawn.clear()
            strip = self._drawn[number] = self._draw(lines[number], width)
        return strip

    def _draw(self, line: Line, width: int) -> Strip:
        if line.paragraph is None:
            return self.blank(width)
        paragraph = self._page.paragraphs[line.paragraph]
        is_first = line.start == 0
        lead: list[Piece] = []
        if paragraph.lead:
            goes_on = paragraph.lead[0] in "│┊"
            text = paragraph.lead if is_first or goes_on else " " * cells(paragraph.lead)
            lead = [(text, "rule" if goes_on else "muted")]
        pieces = self._marked(paragraph, line)
        if self.reorders:
            pieces = in_order(pieces, right=self._is_turned(line.paragraph))
        wide = sum(cells(text) for text, _style in pieces)
        turned = self._is_turned(line.paragraph)
        indent = self._left
        if paragraph.centred:
            is_whole = is_first and line.end == len(paragraph.text)
            sides = 2 * cells(_ORNAMENT)
            if is_whole and wide + sides <= self._column:
                pieces = [(_ORNAMENT, "cut"), *pieces, (_ORNAMENT[::-1], "cut")]
                wide += sides
            indent += max(0, (self._column - wide) // 2)
        elif turned:
            indent = max(0, self._left + self._column - wide - sum(cells(text) for text, _ in lead))
            pieces, lead = [*pieces, *[(text[::-1], style) for text, style in lead]], []
        margin = [(" " * indent, "ink")]
        if paragraph.margin and is_first and not turned and self._left >= _MARGIN:
            label = paragraph.margin
            margin = [(" " * max(0, indent - cells(label) - 2), "ink"), (f"{label}  ", "muted")]
        elif paragraph.margin and is_first and not turned and paragraph.margin != paragraph.text:
            lead.append((f"{paragraph.margin} · ", "muted"))
        here = paragraph.style == "cut" and 0 <= paragraph.key == self.cut
        if here and not turned:
            lead = [("▌" + text[1:], "accent") if text[:1] == "┊" else (text, style)
                    for text, style in lead]  # fmt: skip
        return self.strip([*margin, *lead, *pieces], width, cursor=here, ordered=True)

    def _is_turned(self, number: int) -> bool:
        """Whether a paragraph runs from the right; of what we say ourselves that is not asked."""
        turned = self._turned.get(number)
        if turned is None:
            paragraph = self._page.paragraphs[number]
            turned = self.turns and paragraph.key != -1 and is_right_to_left(paragraph.text)
            self._turned[number] = turned
        return turned

    def _marked(self, paragraph: Paragraph, line: Line) -> list[Piece]:
        pieces: list[Piece] = []
        at = line.start
        nearest = bisect_left(paragraph.hits, at, key=_end)
        for number, start, end in islice(paragraph.hits, nearest, None):
            if start >= line.end:
                break
            first, last = max(start, at), min(end, line.end)
            if first < last:
                pieces.append((paragraph.text[at:first], paragraph.style))
                pieces.append((paragraph.text[first:last], "here" if number == self.hit else "hit"))
                at = last
        pieces.append((paragraph.text[at : line.end], paragraph.style))
        return pieces

    # ---- moving

    def go_to_hit(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hit, around the ends."""
        if not self._page.hits:
            self.post_message(self.HitShown(0, 0))
            return
        self.hit = (
            (self.hit + step) % self._page.hits
            if self.hit >= 0 or step > 0
            else self._page.hits - 1
        )
        for number, paragraph in enumerate(self._page.paragraphs):
            for hit, start, _end in paragraph.hits:
                if hit == self.hit:
                    self._show_line(self._line_of(number, start))
        self.forget()
        self.refresh()
        self.post_message(self.HitShown(self.hit + 1, self._page.hits))

    def _show_line(self, line: int) -> None:
        height = self.scrollable_content_region.height
        if not self.scroll_offset.y <= line < self.scroll_offset.y + height - 1:
            self.scroll_to(y=max(0, line - height // 3), animate=False, force=True)

    @property
    def share(self) -> float:
        """How much of the article has been in sight, as a share of one."""
        height = self.scrollable_content_region.height
        return min(1.0, (self.scroll_offset.y + height) / max(1, self._broken.length))

    @property
    def at_end(self) -> bool:
        """Whether the end of the article is in sight."""
        return self.share >= 1.0

    def _scroll_by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def action_down(self) -> None:
        """A line down."""
        self._scroll_by(1)

    def action_up(self) -> None:
        """A line up."""
        self._scroll_by(-1)

    def action_page_down(self) -> None:
        """A page down, one line kept."""
        self._scroll_by(max(1, self.size.height - 1))

    def action_go_on(self) -> None:
        """A page down; at the end on to the next article."""
        if self.at_end:
            self.post_message(self.Finished())
        else:
            self.action_page_down()

    def action_page_up(self) -> None:
        """A page up."""
        self._scroll_by(-max(1, self.size.height - 1))

    def action_half_down(self) -> None:
        """Half a page down."""
        self._scroll_by(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        """Half a page up."""
        self._scroll_by(-max(1, self.size.height // 2))

    def action_first(self) -> None:
        """To the beginning."""
        self.scroll_to(y=0, animate=False, force=True)

    def action_last(self) -> None:
        """To the end."""
        if self._laid[0]:
            self._broken.lay()
            self._tell_length()
        self.scroll_to(y=self._broken.length, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say where one is."""
        super().watch_scroll_y(old_value, new_value)
        if self._laid[0]:
            self._lay_to(round(new_value))
            if new_value > self.max_scroll_y:  # the length was guessed, and there is less
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        self.post_message(self.Scrolled(self.share))
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_RESTS, self.tell_place)

    def on_click(self, event: events.Click) -> None:
        """A click on the folded cuts unfolds them; one on a cut chooses it."""
        number = event.y + self.scroll_offset.y
        if number < len(self._broken.lines):
            paragraph = self._broken.lines[number].paragraph
            if paragraph is None:
                return
            if self._page.paragraphs[paragraph].centred:
                self.toggle_cuts()
            elif self._page.paragraphs[paragraph].style == "cut":
                self._choose_cut(self._page.paragraphs[paragraph].key)

    # ---- cuts

    def go_to_cut(self, step: int) -> bool:
        """Choose the next (1) or previous (-1) cut, unfolding them; whether there is one."""
        if self.original:
            return False
        if not self.cuts:
            self.toggle_cuts()
        keys = [part.key for part in self._page.paragraphs if part.style == "cut" and part.key >= 0]
        if not keys:
            return False
        if self.cut in keys:
            wanted = keys[(keys.index(self.cut) + step) % len(keys)]
        else:
            top = max(0, self._place()[0])
            later = [key for key in keys if key >= top]
            wanted = (later or keys)[0] if step > 0 else ([k for k in keys if k < top] or keys)[-1]
        self._choose_cut(wanted)
        return True

    def _choose_cut(self, block: int) -> None:
        self.cut = block
        for number, paragraph in enumerate(self._page.paragraphs):
            if paragraph.key == block:
                self._show_line(self._line_of(number, 0))
        self.forget()
        self.refresh()


def _end(hit: tuple[int, int, int]) -> int:
    return hit[2]
