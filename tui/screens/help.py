"""The keys of this place, out of the one table; the help key again shows all."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from tui import keys
from tui.i18n import N_, _
from tui.text.wrap import cells
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines, Piece, width_of
from tui.widgets.rule import Rule

_SYNTAX = (
    ("НАТО саміт", N_("both words, in any script and form")),
    ('"peace talks"', N_("these words side by side")),
    ("a OR b   -c", N_("either; not this one")),
    ("diplom*   helsnki~", N_("words that begin so; nearly so")),
    ("title:  body:  author:", N_("only there")),
    ("lang:uk,en", N_("in these languages")),
    ("date:2026-02   date:7d", N_("published then; in the last seven days")),
    ("after:2025-03  date:undated", N_("from then on; without a date")),
    ("source:bbc.com", N_("from there")),
    ("is:unread   tag:boats", N_("by what you did with them")),
)


_TWO = 120  # cells from which on there are two columns


class HelpText(Lines, can_focus=True):
    """The keys, grouped, in one column or two."""

    def __init__(self, place: str) -> None:
        super().__init__(id="help-text")
        self.place = place
        self._blocks: list[list[list[Piece]]] = []
        self._laid: list[list[Piece]] = []

    def set(self, place: str) -> None:
        """Show the keys of `place`; of all places where it is empty."""
        self.place = place
        table = keys.keys_of(place) if place else keys.TABLE
        self._blocks = [
            [[(f" {_(group)}", "title")], *(_row(key.shown, _(key.label)) for key in rows), []]
            for group, rows in keys.groups(table).items()
        ]
        typing = _("What one can type in the search line")
        heading = [(f" {typing}", "title")]
        examples = [_row(example, _(meaning), 28) for example, meaning in _SYNTAX]
        self._blocks.append([heading, *examples])
        self._lay()

    def _lay(self) -> None:
        """One column of blocks, or two where there is room."""
        column = self.size.width // 2 if self.size.width >= _TWO else 0
        lines = [line for block in self._blocks for line in block]
        if column:
            left: list[list[Piece]] = []
            right: list[list[Piece]] = []
            for block in self._blocks:
                (left if len(left) + len(block) <= len(lines) * 0.6 else right).extend(block)
            lines = [
                _beside(
                    left[n] if n < len(left) else [], right[n] if n < len(right) else [], column
                )
                for n in range(max(len(left), len(right)))
            ]
        self._laid = lines
        self.virtual_size = Size(self.size.width, len(lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line `y` of the visible part."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        return self.strip(self._laid[number] if number < len(self._laid) else [], width)

    def on_resize(self) -> None:
        """Lay anew."""
        self._lay()


def _row(shown: str, label: str, column: int = 10) -> list[Piece]:
    return [(f"   {shown}" + " " * (column - cells(shown)) + "  ", "accent"), (label, "ink")]


def _beside(left: list[Piece], right: list[Piece], column: int) -> list[Piece]:
    return [*left, (" " * max(0, column - width_of(left)), "ink"), *right]


class Help(Screen[None]):
    """Closes on the keys one would try."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,h,enter", "close"),
        ("question_mark,f1", "all"),
        ("j,down", "scroll(1)"),
        ("k,up", "scroll(-1)"),
        ("space,pagedown", "scroll(15)"),
        ("b,pageup", "scroll(-15)"),
    ]

    def __init__(self, place: str) -> None:
        super().__init__()
        self._text = HelpText(place)
        self._place = place

    def compose(self) -> ComposeResult:
        """A heading and the keys."""
        yield Heading(_("Keys here · ? for all · Esc to close"), id="heading")
        yield Rule()
        yield self._text

    def on_mount(self) -> None:
        """Show the keys of the place help was called in."""
        self._text.set(self._place)
        self._text.focus()

    def action_all(self) -> None:
        """All keys, or those of this place."""
        self._text.set("" if self._text.place else self._place)

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self._text.scroll_relative(y=lines, animate=False, force=True)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
