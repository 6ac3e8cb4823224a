"""The one table of keys: bindings, footer, help and the README's table all come from here.

Also the letters of other keyboard layouts by the key they lie on, so that `о` is `j`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from tui.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Key:
    """An action and the keys that call it.

    `action` is its stable name (and `action_<action>` the method); `keys` are Textual's key names;
    `places` are where it works: "list", "reader", "side" (counts and saved searches), "search",
    "panel" (lists to choose from; "single" where only one can be chosen).
    `shown` is how its keys are written; `short` its label in the footer where that is not `label`.
    """

    action: str
    keys: tuple[str, ...]
    shown: str
    label: str
    group: str
    places: tuple[str, ...]
    short: str = ""


MOVE, FIND, READ, MARK, REST = (
    N_("Moving"),
    N_("Finding"),
    N_("Reading"),
    N_("Marking"),
    N_("The rest"),
)
_LIST, _READER, _SEARCH, _PANEL = ("list",), ("reader",), ("search",), ("panel", "single")
_SIDE = ("side",)
_BOTH = (*_LIST, *_READER)
_ALL = (*_BOTH, *_SIDE)

TABLE: tuple[Key, ...] = (
    Key("down", ("j", "down"), "j ↓", N_("down"), MOVE, _ALL),
    Key("up", ("k", "up"), "k ↑", N_("up"), MOVE, _ALL),
    Key("go_on", ("space",), "␣", N_("a page down; at the end the next article"), MOVE, _READER),
    Key("page_down", ("pagedown", "ctrl+f"), "PgDn ^f", N_("a page down"), MOVE, _ALL),
    Key("page_up", ("b", "pageup", "ctrl+b"), "b PgUp", N_("a page up"), MOVE, _ALL),
    Key("half_down", ("ctrl+d",), "^d", N_("half a page down"), MOVE, _BOTH),
    Key("half_up", ("ctrl+u",), "^u", N_("half a page up"), MOVE, _BOTH),
    Key("first", ("g", "home"), "g Home", N_("to the beginning"), MOVE, _ALL),
    Key("last", ("G", "end"), "G End", N_("to the end"), MOVE, _ALL),
    Key("open", ("enter", "l", "right"), "↵ l", N_("read the article"), READ, _LIST, N_("open")),
    Key(
        "back",
        ("escape", "h", "left"),
        "Esc h",
        N_("back to the list"),
        READ,
        _READER,
        N_("back"),
    ),
    Key("next_hit", ("n",), "n", N_("next hit"), READ, _READER),
    Key("previous_hit", ("N",), "N", N_("previous hit"), READ, _READER),
    Key("next_article", ("right_square_bracket", "J"), "] J", N_("next article"), READ, _BOTH),
    Key(
        "previous_article", ("left_square_bracket", "K"), "[ K", N_("previous article"), READ, _BOTH
    ),
    Key("cuts", ("c",), "c", N_("show or hide what was cut"), READ, _BOTH, N_("cuts")),
    Key(
        "original",
        ("o", "r"),
        "o r",
        N_("the original, as it came in"),
        READ,
        _BOTH,
        N_("original"),
    ),
    Key("next_cut", ("right_curly_bracket",), "}", N_("next cut"), READ, _READER),
    Key("previous_cut", ("left_curly_bracket",), "{", N_("previous cut"), READ, _READER),
    Key("keep", ("plus",), "+", N_("keep this cut in the article"), READ, _READER, N_("keep")),
    Key("about", ("I",), "I", N_("all that is known of the article"), READ, _BOTH, N_("about")),
    Key("correct_language", ("w",), "w", N_("correct the article's language"), READ, _BOTH),
    Key("browse", ("O",), "O", N_("open its address in the browser"), READ, _BOTH),
    Key("copy_link", ("y",), "y", N_("copy its address"), READ, _BOTH),
    Key("copy_article", ("Y",), "Y", N_("copy its text"), READ, _BOTH),
    Key("pipe", ("vertical_line",), "|", N_("pipe its text to a command"), READ, _BOTH),
    Key("wider", ("greater_than_sign",), ">", N_("a wider column"), READ, _BOTH),
    Key("narrower", ("less_than_sign",), "<", N_("a narrower column"), READ, _BOTH),
    Key("search", ("slash",), "/", N_("search"), FIND, _ALL),
    Key("language", ("L",), "L", N_("filter by language"), FIND, _BOTH, N_("language")),
    Key("date", ("D",), "D", N_("filter by date"), FIND, _BOTH, N_("date")),
    Key("source", ("S",), "S", N_("filter by source"), FIND, _BOTH),
    Key("tagged", ("T",), "T", N_("filter by tag"), FIND, _BOTH),
    Key("side", ("f",), "f", N_("counts, dates and saved searches"), FIND, _BOTH, N_("facets")),
    Key("save", ("F",), "F", N_("save this search under a name"), FIND, _ALL, N_("save")),
    Key("history", ("H",), "H", N_("earlier searches"), FIND, _BOTH),
    Key("unread_only", ("U",), "U", N_("unread articles only"), FIND, _BOTH),
    Key("starred_only", ("B",), "B", N_("starred articles only"), FIND, _BOTH),
    Key("sort", ("s",), "s", N_("the next order"), FIND, _BOTH, N_("sort")),
    Key(
        "drop", ("backspace",), "⌫", N_("take off the last filter"), FIND, _BOTH, N_("last filter")
    ),
    Key("clear", ("x",), "x", N_("take off all filters"), FIND, _BOTH, N_("no filters")),
    Key("star", ("asterisk",), "*", N_("star, or take the star off"), MARK, _BOTH, N_("star")),
    Key("unread", ("m",), "m", N_("mark as read, or as unread"), MARK, _BOTH, N_("read")),
    Key("tag", ("t",), "t", N_("put tags on, or take them off"), MARK, _BOTH, N_("tags")),
    Key("export", ("e",), "e", N_("write to a file"), MARK, _BOTH, N_("export")),
    Key("undo", ("u", "z"), "u z", N_("undo"), MARK, _ALL, N_("undo")),
    Key("pick", ("space",), "␣", N_("mark the article, and go on"), MARK, _LIST, N_("mark")),
    Key("pick_range", ("v",), "v", N_("mark all from here; again: to here"), MARK, _LIST),
    Key("pick_all", ("a",), "a", N_("mark all that was found, or none"), MARK, _LIST, N_("all")),
    Key("import", ("i",), "i", N_("import files or a folder"), REST, _BOTH, N_("import")),
    Key("stop_import", ("X",), "X", N_("stop the import"), REST, _BOTH),
    Key("refused", ("R",), "R", N_("what the import refused"), REST, _BOTH),
    Key("palette", ("ctrl+p", "colon"), "^p :", N_("everything one can do"), REST, _ALL, N_("all")),
    Key("help", ("question_mark", "f1"), "? F1", N_("help"), REST, _ALL),
    Key("other_pane", ("tab",), "Tab", N_("the other pane"), REST, _ALL),
    Key("quit", ("q", "ctrl+q"), "q ^q", N_("back, and at last quit"), REST, _BOTH),
    Key(
        "set",
        ("enter", "l"),
        "↵",
        N_("filter by this alone; run a search"),
        FIND,
        _SIDE,
        N_("filter"),
    ),
    Key(
        "add", ("space",), "␣", N_("filter by this as well; begin a range"), FIND, _SIDE, N_("also")
    ),
    Key("before", ("left", "h"), "← h", N_("earlier dates"), FIND, _SIDE, N_("earlier")),
    Key("after", ("right",), "→", N_("later dates"), FIND, _SIDE, N_("later")),
    Key("off", ("x", "backspace"), "x", N_("take its filter off"), FIND, _SIDE, N_("take off")),
    Key("rename", ("e", "r"), "e", N_("rename the saved search"), FIND, _SIDE, N_("rename")),
    Key("remove", ("d", "delete"), "d", N_("remove the saved search"), FIND, _SIDE, N_("remove")),
    Key("aside", ("escape", "f", "q"), "Esc f", N_("back to the list"), FIND, _SIDE, N_("back")),
    Key("leave", ("enter",), "↵", N_("to the list"), FIND, _SEARCH),
    Key("complete", ("tab",), "Tab", N_("complete"), FIND, _SEARCH),
    Key("later", ("down",), "↓", N_("later searches, then the list"), FIND, _SEARCH),
    Key(
        "wipe",
        ("escape",),
        "Esc",
        N_("empty the line, then leave it"),
        FIND,
        _SEARCH,
        N_("clear"),
    ),
    Key("earlier", ("up",), "↑", N_("earlier searches"), FIND, _SEARCH, N_("earlier")),
    Key("choose", ("enter",), "↵", N_("choose"), FIND, _PANEL),
    Key("mark", ("space",), "␣", N_("mark several"), FIND, ("panel",)),
    Key("close", ("escape",), "Esc", N_("close"), FIND, _PANEL),
)

_FOOT = {
    "list": "open search side language date star pick sort palette help",
    "asked": "open search save side language date star sort palette help",
    "reader": "back next_hit cuts original star tag next_article search help",
    "cuts": "back keep next_cut previous_cut cuts original help",
    "side": "set add off aside help",
    "dates": "set before after add off aside",
    "saved": "set rename remove aside",
    "nothing": "open search drop clear import help",
    "picked": "unread star tag export pick pick_all help",
    "search": "leave complete wipe earlier",
    "panel": "choose mark close",
    "single": "choose close",
}
_WITHIN = {
    "dates": "side",
    "saved": "side",
    "picked": "list",
    "nothing": "list",
    "asked": "list",
    "cuts": "reader",
}
_OWN = {
    "list": frozenset({"open", "pick"}),
    "side": frozenset(key.action for key in TABLE if key.places == _SIDE),
    "search": frozenset({"leave", "complete", "wipe", "earlier", "later"}),
    "panel": frozenset({"choose", "mark", "close"}),
}
# Not offered by name: moving about, and what is offered where one already is.
_UNNAMED = frozenset(
    {key.action for key in TABLE if key.group == MOVE or not {*key.places} & {*_BOTH}}
    | {"open", "back", "palette", "other_pane", "pick"}
)


def keys_of(place: str) -> tuple[Key, ...]:
    """The keys that work in `place`, in the order of the table."""
    return tuple(key for key in TABLE if place in key.places)


def bindings(place: str, *, moving: bool = False) -> list[BindingType]:
    """The bindings of `place` for the widget it is; those of the screen are left to the screen.

    With `moving` the keys of moving about are among them, and all are handled at once, in the
    order they are pressed, even while a widget is still busy with the one before.
    """
    own = _OWN.get(place, frozenset())
    return [
        Binding(
            ",".join(key.keys),
            key.action,
            show=False,
            priority=moving,
            id=f"{place}.{key.action}",
        )
        for key in keys_of(place)
        if key.action in own or (moving and key.group == MOVE)
    ]


def screen_bindings() -> list[BindingType]:
    """The bindings of the main screen: all that works in list and reader alike, and ways out."""
    return [
        Binding(",".join(key.keys), key.action, show=False, priority=True, id=key.action)
        for key in TABLE
        if {*key.places} & {*_BOTH} and key.group != MOVE and key.action not in _OWN["list"]
    ]


def left_to_side() -> frozenset[str]:
    """The screen's actions whose keys mean something else in the side pane."""
    own = {name for key in TABLE if key.action in _OWN["side"] for name in key.keys}
    return frozenset(key.action for key in TABLE if own & {*key.keys} and "side" not in key.places)


def footer_of(place: str) -> list[tuple[str, str]]:
    """What the footer says in `place`: keys as written, and a word."""
    named = {key.action: key for key in keys_of(_WITHIN.get(place, place))}
    said = [named[action] for action in _FOOT[place].split()]
    return [(key.shown.split(" ", maxsplit=1)[0], _(key.short or key.label)) for key in said]


def offered() -> tuple[Key, ...]:
    """The actions of the command palette."""
    return tuple(key for key in TABLE if key.action not in _UNNAMED)


def groups(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Keys by their group, in the order of the table; the groups are not yet translated."""
    grouped: dict[str, list[Key]] = {}
    for key in keys:
        grouped.setdefault(key.group, []).append(key)
    return grouped


def readme_table() -> str:
    """The keys as the Markdown table of the README."""
    lines = ["| | key | does |", "|---|---|---|"]
    for group, keys in groups(TABLE).items():
        for number, key in enumerate(keys):
            written = " ".join(f"`{part}`" for part in key.shown.split(" "))
            lines.append(
                f"| {'' if number else group} | {written} | {key.label} |".replace("|  |", "| |")
            )
    return "\n".join(lines) + "\n"


# Rows of the physical keyboard as each layout has them, against the Latin row they lie on.
_LATIN = "qwertyuiop[]asdfghjklzxcvbnm"
_LAYOUTS = {
    "": (
        "йцукенгшщзхїфівапролдячсмить",  # Ukrainian
        "йцукенгшщзхъфывапролдячсмить",  # Russian
        "йцукенгшўзх'фывапролдячсміть",  # Belarusian
        ";ςερτυθιοπ[]ασδφγηξκλζχψωβνμ",  # Greek
        "/'קראטוןםפ][שדגכעיחלךזסבהנמצ",  # Hebrew
        "ضصثقفغعهخحجدشسيبلاتنمئءؤرﻻىة",  # Arabic
        "ضصثقفغعهخحجچشسیبلاتنمظطزرذدپ",  # Persian
    ),
    "sr": ("љњертзуиопшђасдфгхјклѕџцвбнм",),
    "mk": ("љњертѕуиопшѓасдфгхјклзџцвбнм",),
    "bg": ("явертъуиопшщасдфгхйклзьцжбнм",),
}


def layout(locale: str) -> dict[str, str]:
    """Letters of non-Latin layouts to the Latin key they lie on.

    Where layouts disagree the interface's language decides: в is `d` on most Cyrillic keyboards,
    `v` on a Serbian one.
    """
    table: dict[str, str] = {}
    for row in (*_LAYOUTS.get(locale.split("_", maxsplit=1)[0], ()), *_LAYOUTS[""]):
        for letter, latin in zip(row, _LATIN, strict=True):
            if ord(letter) > 127:
                table.setdefault(letter, latin)
                if letter.upper() != letter and latin.isalpha():
                    table.setdefault(letter.upper(), latin.upper())
    return table
