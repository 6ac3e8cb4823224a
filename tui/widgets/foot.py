"""The foot of the screen: the keys of this place, a passing word, or how far an import is."""

from textual import events
from textual.strip import Strip

from tui import formats, keys
from tui.answers import Progress
from tui.i18n import _, ngettext
from tui.text.wrap import cells
from tui.widgets.lines import Lines, Piece, width_of

_STAYS = 4.0  # seconds a passing word stays


class Foot(Lines):
    """One line."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.place = "list"
        self.word = ""
        self.progress: Progress | None = None
        self.right = ""
        self._warning = False
        self._warned: tuple[int, str] | None = None  # which word it was, and the word
        self._said = 0

    def say(self, word: str, *, warning: bool = False) -> None:
        """Say something in passing; for its own time a warning stands behind what is said later."""
        self._said += 1
        said = self._said
        if warning:
            self._warned = (said, word)
        elif self._warned is not None:
            word, warning = f"{word} · {self._warned[1]}", True
        self.word, self._warning = word, warning
        self.set_timer(_STAYS, lambda: self._hush(said))
        self.refresh()

    def _hush(self, said: int) -> None:
        if self._warned is not None and self._warned[0] == said:
            self._warned = None
        if said == self._said:
            self.word = ""
            self.refresh()

    def show_place(self, place: str, right: str) -> None:
        """Show the keys of `place`, and `right` at the right end."""
        if (self.place, self.right) != (place, right):
            self.place, self.right = place, right
            self.refresh()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far an import is; None: no longer."""
        self.progress = progress
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line."""
        width = self.size.width
        right: list[Piece] = [(f"{self.right} ", "muted")]
        room = width - width_of(right)
        if self.word:
            if cells(self.word) + 2 > room:  # what is said matters more than where one is
                right, room = [], width
            left: list[Piece] = [(f" {self.word}", "warn" if self._warning else "accent")]
        elif self.progress is not None:
            left = [(f" {progress_text(self.progress)}", "ink")]
        else:
            left = self._keys(room)
        pad = max(0, room - width_of(left))
        return self.strip([*left, (" " * pad, "ink"), *right], width)

    def _keys(self, room: int) -> list[Piece]:
        """The keys of this place; those for which there is no room are left out."""
        hints = [
            [(f" {shown} ", "accent"), (f"{label}  ", "muted")]
            for shown, label in keys.footer_of(self.place)
        ]
        while hints and sum(width_of(hint) for hint in hints) > room:
            hints.pop(-2 if len(hints) > 1 else -1)
        return [piece for hint in hints for piece in hint]

    async def on_click(self, event: events.Click) -> None:
        """A click on the foot shows the help."""
        event.stop()
        await self.run_action("screen.help")


def progress_text(progress: Progress) -> str:
    """How far an import is, in words."""
    name = progress.path.rstrip("/").rpartition("/")[2]
    if progress.of is None:
        done = formats.number(progress.done)
    else:
        done = formats.fill(_("{n} of about {all}"), n=progress.done, all=progress.of)
    parts = [_("Importing {name}").format(name=name) if name else _("Importing"), done]
    if progress.rate >= 1:
        parts.append(formats.fill(_("{n} a second"), n=round(progress.rate)))
    if progress.refused:
        said = ngettext("{n} refused", "{n} refused", progress.refused)
        parts.append(formats.fill(said, n=progress.refused))
    parts.append(_("Esc to hide"))
    return " · ".join(parts)
