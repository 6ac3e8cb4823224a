"""The first screen of an empty archive: bring something in, look at the sample, or leave."""

from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.strip import Strip

from tui.i18n import N_, _
from tui.text.wrap import cells
from tui.widgets.lines import Lines, Piece

Wish = Literal["import", "sample", "quit"]
_CHOICES: tuple[tuple[Wish, str, str], ...] = (
    ("import", "i", N_("Import a folder or file")),
    ("sample", "s", N_("Open the sample articles")),
    ("quit", "q", N_("Quit")),
)
_COMMAND = "newsreader import PATH…"


class Welcome(Lines, can_focus=True):
    """Three lines to choose from."""

    def __init__(self) -> None:
        super().__init__(id="welcome")
        self.cursor = 0

    def render_line(self, y: int) -> Strip:
        """Line `y`."""
        width, height = self.size
        lines: list[tuple[list[Piece], bool]] = [
            ([("newsreader", "accent")], False),
            ([(_("There are no articles here yet."), "muted")], False),
            ([], False),
            *(
                ([(f"{key}  ", "accent"), (_(label), "ink")], number == self.cursor)
                for number, (_wish, key, label) in enumerate(_CHOICES)
            ),
            ([], False),
            ([(_("Or, on the command line:") + "  ", "muted"), (_COMMAND, "ink")], False),
        ]
        number = y - max(1, (height - len(lines)) // 3)
        if not 0 <= number < len(lines):
            return self.blank(width)
        widest = max(sum(cells(text) for text, _ in pieces) for pieces, _here in lines)
        pieces, here = lines[number]
        left = max(0, (width - widest) // 2 - 2)
        mark = ("▌ " if here else "  ", "accent")
        return Strip.join(
            [
                self.strip([], left),
                self.strip([mark, *pieces], min(width - left, widest + 4), cursor=here),
                self.strip([], max(0, width - left - widest - 4)),
            ]
        )


class FirstRun(Screen[Wish]):
    """Gives what the person wishes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("j,down,tab", "move(1)"),
        ("k,up,shift+tab", "move(-1)"),
        ("enter,l", "choose"),
        ("i", "wish('import')"),
        ("s", "wish('sample')"),
        ("q,escape", "wish('quit')"),
    ]

    def compose(self) -> ComposeResult:
        """The choices."""
        yield Welcome()

    def on_mount(self) -> None:
        """Keys go to the choices."""
        self.query_one(Welcome).focus()

    def action_move(self, step: int) -> None:
        """To the next choice."""
        welcome = self.query_one(Welcome)
        welcome.cursor = (welcome.cursor + step) % len(_CHOICES)
        welcome.refresh()

    def action_choose(self) -> None:
        """Choose what the cursor stands on."""
        self.dismiss(_CHOICES[self.query_one(Welcome).cursor][0])

    def action_wish(self, wish: Wish) -> None:
        """Choose by its letter."""
        self.dismiss(wish)

    def on_click(self, event: events.Click) -> None:
        """A click on a line chooses it."""
        welcome = self.query_one(Welcome)
        number = event.y - max(1, (welcome.size.height - 8) // 3) - 3
        if 0 <= number < len(_CHOICES):
            self.dismiss(_CHOICES[number][0])
