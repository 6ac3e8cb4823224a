"""The page as the next start will first show it, drawn as text for `tui.picture`."""

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

from tui import formats
from tui.state import View

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.screens.main import MainScreen


def still(screen: "MainScreen", view: View) -> str:
    """`screen` at rest on `view`: the list without the article; empty where no list is in sight.

    The screen is not to be used any more: its list is put where a start puts it.
    """
    if not view.rows or not screen.list.display or not screen.list.region:
        return ""
    screen.set_focus(None)
    screen.show_view(view)
    screen.list.stand_anew()
    at = min(screen.list.cursor + 1, view.total)
    screen.foot.word, screen.foot.progress = "", None
    place = "asked" if view.text.strip() else "list"
    screen.foot.show_place(place, f"{formats.number(at)}/{formats.number(view.total)}")
    drawn = [widget for widget in screen.query("#panes > *, #top > *") if widget.display]
    drawn += [screen.understood, screen.foot, *screen.query("#rule-top, #rule-foot")]
    page = [Strip.blank(screen.size.width, screen.rich_style)] * screen.size.height
    empty = {screen.reader, screen.facets}
    return "".join(
        f"\x1b[{y};{x}H{strip.render(screen.app.console)}"
        for y, x, strip in (
            *((number, 1, strip) for number, strip in enumerate(page, start=1)),
            *(line for widget in drawn if widget not in empty for line in _lines(widget)),
        )
    )


def _lines(widget: "Widget") -> list[tuple[int, int, Strip]]:
    """The lines of `widget`, each with its place on the screen, from 1."""
    place = widget.region
    widget._styles_cache.clear()
    strips = widget.render_lines(Region(0, 0, place.width, place.height))
    return [(place.y + number, place.x + 1, strip) for number, strip in enumerate(strips, start=1)]
