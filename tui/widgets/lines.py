"""Lines of styled pieces: what every widget of ours draws with, on Textual's Line API.

Text goes to the screen only as Segments, never as markup.
"""

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui import themes
from tui.text.bidi import has_right_to_left, mirrored, visual
from tui.text.wrap import cells, cut, fitting

Piece = tuple[str, str]
"""A text and the name of its style in `themes.STYLES`: "ink", "muted", "title", "hit" …"""
Span = tuple[int, int]


class Lines(ScrollView, inherit_bindings=False):
    """A widget that draws itself line by line; `pieces` of named styles become strips."""

    ALLOW_SELECT: ClassVar[bool] = False
    turns: ClassVar[bool] = True
    """Whether paragraphs that run from the right stand at the right."""
    reorders: ClassVar[bool] = False
    """Whether right-to-left text is put in the order of drawing here: the terminal does not."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.show_horizontal_scrollbar = False

    def notify_style_update(self) -> None:
        """Another theme: draw anew."""
        super().notify_style_update()
        self.forget()

    def set_length(self, lines: int) -> None:
        """There are so many lines now; nothing else moves for that, so the page is not laid out."""
        self.set_reactive(Lines.virtual_size, Size(self.scrollable_content_region.width, lines))

    def forget(self) -> None:
        """Forget lines already drawn."""

    def style_of(self, name: str, cursor: bool = False) -> Style:
        """The style called `name`, on the cursor's background or the paper's."""
        return themes.style(self.app.theme, name, cursor=cursor)

    def strip(
        self,
        pieces: Iterable[Piece],
        width: int,
        *,
        cursor: bool = False,
        right: bool = False,
        ordered: bool = False,
    ) -> Strip:
        """A line of `width` cells; what is too much is cut off with an ellipsis.

        `right`: it runs from the right. `ordered`: the pieces are in the order of drawing already.
        """
        base = self.style_of("ink", cursor)
        if self.reorders and not ordered:
            pieces = in_order(list(pieces), right=right, room=width)
        segments: list[Segment] = []
        left = width
        for text, name in pieces:
            wide = cells(text)
            if wide > left:
                text, wide = cut(text, left), left  # noqa: PLW2901 - the last piece, shortened
                segments.append(Segment(text, self.style_of(name, cursor)))
                left -= cells(text)
                break
            if text:
                segments.append(Segment(text, self.style_of(name, cursor)))
                left -= wide
        if left > 0:
            blank = Segment(" " * left, base)
            segments.insert(0, blank) if right else segments.append(blank)
        return Strip(segments, width)

    def blank(self, width: int) -> Strip:
        """An empty line."""
        return Strip([Segment(" " * width, self.style_of("ink"))], width)


def in_order(pieces: list[Piece], *, right: bool, room: int = 10**6) -> list[Piece]:
    """The pieces of a line in the order of drawing, at most `room` cells of them."""
    text = "".join(piece for piece, _style in pieces)
    if not has_right_to_left(text):
        return pieces
    if cells(text) > room:
        kept = fitting(text, room - 1)
        pieces = [*_first(pieces, kept), ("…", pieces[-1][1])]
        text = text[:kept] + "…"
    styles = [style for piece, style in pieces for _char in piece]
    drawn: list[Piece] = []
    for start, end, turned in visual(text, right=right):
        sign = mirrored(text[start:end]) if turned else text[start:end]
        if drawn and drawn[-1][1] == styles[start]:
            drawn[-1] = (drawn[-1][0] + sign, styles[start])
        else:
            drawn.append((sign, styles[start]))
    return drawn


def _first(pieces: list[Piece], length: int) -> list[Piece]:
    kept: list[Piece] = []
    for text, style in pieces:
        kept.append((text[:length], style))
        length -= len(text)
        if length <= 0:
            break
    return kept


def marked(
    text: str, spans: Iterable[Span], style: str, part: Span | None = None, hit: str = "hit"
) -> list[Piece]:
    """`text` (or its characters `part`) in `style`, its `spans` in style `hit`."""
    at, stop = part or (0, len(text))
    pieces: list[Piece] = []
    for start, end in spans:
        first, last = max(start, at), min(end, stop)
        if first < last:
            pieces += [(text[at:first], style), (text[first:last], hit)]
            at = last
    pieces.append((text[at:stop], style))
    return pieces


def width_of(pieces: Iterable[Piece]) -> int:
    """The cells `pieces` take."""
    return sum(cells(text) for text, _ in pieces)
