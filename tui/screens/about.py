"""All that is known of an article, each with where it comes from."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from index.model import Label
from tui import formats
from tui.answers import Reading
from tui.i18n import N_, _
from tui.text.wrap import cells, wrap
from tui.widgets.article_page import remarks
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines, Piece
from tui.widgets.rule import Rule

_DATES = {
    "stated": N_("the text says so"),
    "metadata": N_("the page's data say so"),
    "url": N_("the address says so"),
    "file": N_("the file says so"),
    "import": N_("given at import"),
}


def known(reading: Reading) -> list[tuple[str, str, str]]:
    """What it is, its value, and where that comes from."""
    from_block = any(
        block.label is Label.TITLE and block.text == reading.title for block in reading.blocks
    )
    if reading.language_by == "reader":
        language_from = _("you said so")
    elif reading.language == "und":
        language_from = ""
    else:
        sure = formats.percent(reading.language_sure)
        language_from = _("found in the text, {n} sure").format(n=sure)
    title_from = (_("in the text") if from_block else _("given at import")) if reading.title else ""
    rows = [
        (_("title"), reading.title or _("none stated"), title_from),
        (_("byline"), reading.byline or "", ""),
        (
            _("date"),
            formats.day(reading.date, full=True),
            _(_DATES.get(reading.date_from or "", "")) if reading.date else "",
        ),
        (_("language"), formats.language(reading.language), language_from),
        (_("source"), reading.source or "", ""),
        (_("address"), reading.url or "", ""),
        (_("came from"), reading.origin, ""),
        (_("its own id"), reading.given_id or "", ""),
        (_("added"), formats.day(reading.added[:10], full=True) if reading.added else "", ""),
        (_("reading time"), _("{n} min").format(n=reading.minutes), ""),
        (_("tags"), ", ".join(reading.tags), ""),
        (_("id"), reading.id, ""),
        ("SHA-256", reading.sha256, _("of the original bytes")),
        *((_("doubt"), remark, "") for remark in remarks(reading)),
    ]
    return [row for row in rows if row[1]]


class AboutText(Lines, can_focus=True):
    """The lines, a name before each value."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(id="about-text")
        self._rows = known(reading)
        self._laid: list[list[Piece]] = []

    def on_resize(self) -> None:
        """Break lines for the width there is."""
        width = max(20, self.size.width)
        column = max(cells(name) for name, _value, _whence in self._rows) + 4
        laid: list[list[Piece]] = [[]]
        for name, value, whence in self._rows:
            room = max(8, min(80, width - column - 2))
            for number, (start, end) in enumerate(wrap(value, room)):
                head = f"  {name}" if not number else ""
                pad = " " * (column - cells(head))
                laid.append([(head + pad, "muted"), (value[start:end], "ink")])
            if whence:
                laid.append([(" " * column, "ink"), (whence, "cut")])
        self._laid = laid
        self.virtual_size = Size(self.size.width, len(laid))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        return self.strip(self._laid[number] if number < len(self._laid) else [], width)


class About(Screen[None]):
    """Closes on the keys one would try."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,h,enter,I", "close"),
        ("j,down", "scroll(1)"),
        ("k,up", "scroll(-1)"),
        ("space,pagedown", "scroll(15)"),
        ("b,pageup", "scroll(-15)"),
    ]

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._text = AboutText(reading)

    def compose(self) -> ComposeResult:
        """A heading and the lines."""
        yield Heading(_("What is known of this article · Esc to close"), id="heading")
        yield Rule()
        yield self._text

    def on_mount(self) -> None:
        """Keys scroll."""
        self._text.focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self._text.scroll_relative(y=lines, animate=False, force=True)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def on_click(self) -> None:
        """A click closes."""
        self.dismiss(None)
