"""The five looks. All colours and weights of the stylesheet are named here, nowhere else.

`ink` and `paper` are our own, `contrast` is for eyes that need more of it; `terminal` uses only the
terminal's sixteen colours and its own paper; `mono` only attributes, and is taken where NO_COLOR
is set.
"""

from functools import cache
from typing import Final

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

TOKENS = ("paper", "ink", "muted", "rule", "accent", "hit", "cursor", "star", "cut", "warn")
WEIGHTS = ("muted-style", "hit-style", "here-style", "cut-style", "chip-style")
STYLES: Final = {
    "ink": ("ink", "", "paper"),
    "title": ("ink", "bold", "paper"),
    "muted": ("muted", "muted-style", "paper"),
    "rule": ("rule", "", "paper"),
    "accent": ("accent", "", "paper"),
    "hit": ("hit", "hit-style", "paper"),
    "here": ("hit", "here-style", "paper"),
    "cut": ("cut", "cut-style", "paper"),
    "star": ("star", "", "paper"),
    "warn": ("warn", "", "paper"),
    "chip": ("accent", "chip-style", "cursor"),
}
"""What our lines are drawn with: a colour, a weight (of WEIGHTS, or as it is), what is under it."""


def _theme(name: str, *, dark: bool, ansi: bool, tokens: dict[str, str]) -> Theme:
    variables = {
        **tokens,
        "ansi-background": tokens["paper"],
        "ansi-foreground": tokens["ink"],
        "footer-background": tokens["paper"],
        "input-cursor-background": tokens["accent"],
        "input-cursor-foreground": tokens["paper"],
        "input-cursor-text-style": "reverse" if ansi else "none",
        "input-selection-background": tokens["cursor"],
        "scrollbar": tokens["rule"],
        "scrollbar-hover": tokens["muted"],
        "scrollbar-active": tokens["accent"],
        "scrollbar-background": tokens["paper"],
        "scrollbar-background-hover": tokens["paper"],
        "scrollbar-background-active": tokens["paper"],
        "scrollbar-corner-color": tokens["paper"],
    }
    return Theme(
        name=name,
        primary=tokens["accent"],
        accent=tokens["accent"],
        warning=tokens["warn"],
        error=tokens["warn"],
        success=tokens["accent"],
        foreground=tokens["ink"],
        background=tokens["paper"],
        surface=tokens["paper"],
        panel=tokens["paper"],
        boost=tokens["paper"],
        dark=dark,
        ansi=ansi,
        variables=variables,
    )


_WEIGHTS = {
    "muted-style": "none",
    "hit-style": "underline",
    "here-style": "reverse bold",
    "cut-style": "italic",
    "chip-style": "none",
}
INK = {
    "paper": "#211f1c",
    "ink": "#e6dfd2",
    "muted": "#a59b8b",
    "rule": "#4b463f",
    "accent": "#e2a650",
    "hit": "#e2a650",
    "cursor": "#2f2c27",
    "star": "#e2a650",
    "cut": "#a59b8b",
    "warn": "#ee8a75",
    **_WEIGHTS,
}
PAPER = {
    "paper": "#faf7f1",
    "ink": "#2b2723",
    "muted": "#6c645a",
    "rule": "#cfc7b9",
    "accent": "#9c3a20",
    "hit": "#9c3a20",
    "cursor": "#efeadf",
    "star": "#9c3a20",
    "cut": "#6c645a",
    "warn": "#9a1b1b",
    **_WEIGHTS,
}
CONTRAST = {
    "paper": "#000000",
    "ink": "#ffffff",
    "muted": "#d8d8d8",
    "rule": "#949494",
    "accent": "#ffe14d",
    "hit": "#ffe14d",
    "cursor": "#00315c",
    "star": "#ffe14d",
    "cut": "#d8d8d8",
    "warn": "#ffb3a7",
    "muted-style": "none",
    "hit-style": "underline bold",
    "here-style": "reverse bold",
    "cut-style": "italic",
    "chip-style": "bold",
}
TERMINAL = {
    "paper": "ansi_default",
    "ink": "ansi_default",
    "muted": "ansi_default",
    "rule": "ansi_bright_black",
    "accent": "ansi_magenta",
    "hit": "ansi_magenta",
    "cursor": "ansi_default",
    "star": "ansi_magenta",
    "cut": "ansi_default",
    "warn": "ansi_red",
    "muted-style": "dim",
    "hit-style": "underline",
    "here-style": "reverse bold",
    "cut-style": "italic dim",
    "chip-style": "none",
}
MONO = {
    **dict.fromkeys(TOKENS, "ansi_default"),
    "muted-style": "dim",
    "hit-style": "underline bold",
    "here-style": "reverse bold",
    "cut-style": "italic dim",
    "chip-style": "none",
}
THEMES = (
    _theme("ink", dark=True, ansi=False, tokens=INK),
    _theme("paper", dark=False, ansi=False, tokens=PAPER),
    _theme("contrast", dark=True, ansi=False, tokens=CONTRAST),
    _theme("terminal", dark=True, ansi=True, tokens=TERMINAL),
    _theme("mono", dark=True, ansi=True, tokens=MONO),
)


@cache
def style(theme: str, name: str, *, cursor: bool) -> Style:
    """The style `name` in the look called `theme`, on the cursor's background or its own.

    Worked out here, not in the stylesheet: there each widget pays for each style as it is mounted.
    """
    looks = {one.name: one.variables for one in THEMES}
    tokens = looks.get(theme, looks["ink"])
    colour, weight, under = STYLES[name]
    text = Style.from_color(
        Color.parse(tokens[colour]).rich_color,
        Color.parse(tokens["cursor" if cursor else under]).rich_color,
    )
    return text + Style.parse(tokens.get(weight, weight) or "none")
