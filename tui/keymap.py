"""Keys of one's own: the table of keys changed as config.toml says, before anything is bound."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from textual.keys import _character_to_key

from tui import keys, settings
from tui.i18n import N_
from tui.keys import Key
from tui.settings import Problem, Settings

# Names of keys as people write them, against Textual's; and how they are shown.
_NAMES: Final = {
    "esc": "escape", "return": "enter", "pgdn": "pagedown", "pgup": "pageup", "del": "delete",
    "ins": "insert", "bs": "backspace",
}  # fmt: skip
_SIGNS: Final = {
    "escape": "Esc", "enter": "↵", "space": "␣", "tab": "Tab", "backspace": "⌫", "delete": "Del",
    "insert": "Ins", "home": "Home", "end": "End", "pageup": "PgUp", "pagedown": "PgDn",
    "up": "↑", "down": "↓", "left": "←", "right": "→",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip
_MODIFIERS: Final = {"ctrl": "^", "alt": "Alt-", "shift": "Shift-"}
_SHOWN = 2  # keys of an action that are shown
_TYPED: Final = frozenset({"search", "panel", "single"})


def rebind(held: Settings) -> list[Problem]:
    """Change the table of keys as `held` wishes; what is wrong with the wishes, each with its line.

    A key taken from another action is gone from it. Of two wishes for one key the first holds.
    """
    if not held.keys:
        return []
    keys.TABLE, problems = bound(keys.TABLE, held.keys)
    try:
        lines = settings.path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return [
        replace(problem, line=settings.line_of(lines, "keys", action))
        for action, problem in problems
    ]


def bound(
    table: tuple[Key, ...], wanted: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[Key, ...], list[tuple[str, Problem]]]:
    """`table` with the keys of `wanted`, and what is wrong with them."""
    names = sorted({key.action for key in table})
    problems = [(action, _unknown(action, names)) for action in wanted if action not in names]
    changed = {
        key.action: _wished(key, wanted[key.action], problems)
        for key in table
        if key.action in wanted
    }
    taken: dict[tuple[str, str], str] = {}
    for action in wanted:
        if action in changed:
            changed[action] = _without_taken(changed[action], taken, problems)
    return tuple(_settled(key, changed, taken, problems) for key in table), problems


def _wished(key: Key, written: tuple[str, ...], problems: list[tuple[str, Problem]]) -> Key:
    """`key` with the keys written, as far as they are keys and fit the place."""
    found = []
    for one in written:
        name = textual_name(one)
        if name is None:
            said = N_(
                "{name}: {key} is no key; a letter, a sign, or a name such as ctrl+d, space, f2"
            )
            problems.append((key.action, Problem(0, said, {"name": key.action, "key": one})))
        elif _TYPED & {*key.places} and len(one) == 1:
            said = N_("{name}: {key} is typed where this key works; take another")
            problems.append((key.action, Problem(0, said, {"name": key.action, "key": one})))
        else:
            found.append(name)
    return _with_keys(key, tuple(found)) if found or not written else key


def _without_taken(
    key: Key, taken: dict[tuple[str, str], str], problems: list[tuple[str, Problem]]
) -> Key:
    """`key` without those keys that an earlier wish has in one of its places."""
    kept = []
    for one in key.keys:
        other = next((taken[place, one] for place in key.places if (place, one) in taken), "")
        if other:
            said = N_("{name}: {key} is the key of {other} already")
            values = {"name": key.action, "key": shown(one), "other": other}
            problems.append((key.action, Problem(0, said, values)))
            continue
        kept.append(one)
        taken.update(dict.fromkeys(((place, one) for place in key.places), key.action))
    return _with_keys(key, tuple(kept))


def _settled(
    key: Key,
    changed: Mapping[str, Key],
    taken: Mapping[tuple[str, str], str],
    problems: list[tuple[str, Problem]],
) -> Key:
    if key.action in changed:
        return changed[key.action]
    kept = tuple(one for one in key.keys if not any((place, one) in taken for place in key.places))
    if len(kept) == len(key.keys):
        return key
    if not kept:
        other = next(
            taken[place, key.keys[0]] for place in key.places if (place, key.keys[0]) in taken
        )
        said = N_("{name} has no key now: {key} is the key of {other}")
        values = {"name": key.action, "key": shown(key.keys[0]), "other": other}
        problems.append((other, Problem(0, said, values)))
    return _with_keys(key, kept)


def _with_keys(key: Key, names: tuple[str, ...]) -> Key:
    return replace(key, keys=names, shown=" ".join(shown(name) for name in names[:_SHOWN]))


def _unknown(action: str, names: list[str]) -> Problem:
    meant = settings.meant(action, names)
    if meant:
        said = N_("there is no action {name}; {meant}?")
        return Problem(0, said, {"name": action, "meant": meant[0]})
    said = N_("there is no action {name}; newsreader config show names all")
    return Problem(0, said, {"name": action})


def textual_name(written: str) -> str | None:
    """Textual's name of a key as people write it ("?", "^d", "Ctrl+D", "PgDn"), or None."""
    if len(written) == 1 and written.isprintable():
        return "space" if written == " " else _character_to_key(written)
    caret = re.fullmatch(r"\^(\S)", written)
    if caret:
        return f"ctrl+{caret[1].lower()}"
    *modifiers, last = written.replace("-", "+").lower().split("+")
    if any(modifier not in _MODIFIERS for modifier in modifiers) or not last:
        return None
    last = _NAMES.get(last, last)
    if last not in _SIGNS and not (modifiers and len(last) == 1):
        known = {_character_to_key(chr(code)) for code in range(33, 127)}
        if last not in known or (len(last) == 1 and not modifiers):
            return None
    return "+".join([*modifiers, last])


def shown(name: str) -> str:
    """How the key that Textual calls `name` is written."""
    *modifiers, last = name.split("+")
    if last in _SIGNS:
        sign = _SIGNS[last]
    elif len(last) == 1:
        sign = last
    else:
        sign = next((chr(n) for n in range(33, 127) if _character_to_key(chr(n)) == last), last)
    return "".join(_MODIFIERS[modifier] for modifier in modifiers) + sign


def as_toml() -> Iterator[str]:
    """The table of keys as lines of config.toml's section [keys]."""
    seen = set()
    for key in keys.TABLE:
        if key.action in seen:
            continue
        seen.add(key.action)
        names = ", ".join(f'"{_written(name)}"' for name in key.keys)
        yield f"{key.action} = [{names}]"


def _written(name: str) -> str:
    *modifiers, last = name.split("+")
    if last not in _SIGNS and len(last) > 1:
        last = shown(last)
    return "+".join([*modifiers, {'"': '\\"', "\\": "\\\\"}.get(last, last)])
