"""A line to type in, without a frame; what is pasted into it is made safe."""

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from index.text.safe import safe_line

LONGEST = 4096
"""Characters a line takes; what is pasted beyond them is left out."""


class LineInput(Input):
    """Textual's Input draws its value as it is: nothing unsafe may come into it."""

    # Textual lays the page out anew where it changes; here nothing moves for it.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    def __init__(
        self,
        value: str,
        *,
        id: str,  # noqa: A002 - Textual's name
        placeholder: str = "",
        longest: int = LONGEST,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            id=id,
            compact=True,
            max_length=longest,
            select_on_focus=False,
        )
        self.cursor_blink = False
        # As an argument it would be watched before there is a screen.
        self.set_reactive(Input.value, safe_line(value)[:longest])

    def on_mount(self) -> None:
        """Type on after what is there."""
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        """Take one line of what is pasted, as far as there is room."""
        longest = self.max_length or LONGEST
        text = safe_line(event.text[: longest * 4])
        room = longest - len(self.value) + len(self.selected_text)
        self.replace(text[: max(0, room)], *sorted(self.selection))
        event.stop()
        event.prevent_default()
