"""Settings: config.toml, which newsreader only reads, and what was chosen in the reader since.

A setting that is wrong is a `Problem` with its line, never a reason to stop: the rest holds, and
what is wrong is as if it were not there. Without Textual: the command line reads them, too.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import platformdirs

from index.text.safe import safe_line
from tui.i18n import N_, say

THEMES: Final = ("ink", "paper", "contrast", "terminal", "mono")
BIDI: Final = ("auto", "on", "off")
NARROWEST, WIDEST = 40, 100
"""Cells of a line of text, at least and at most."""
_LARGEST = 2**20  # bytes of a config.toml that are read
_CHOSEN = "chosen.json"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in config.toml; `line` counts from 1, 0 where it has none."""

    line: int
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence, in the reader's language."""
        return safe_line(say(self.template, self.values))


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds. Empty texts: nothing was set, and the surroundings decide.

    `measure` is in cells; `keys` are names of actions with the keys wanted for them, not yet
    looked at (`tui.keys.rebind` does); `aliases` are files in the form of assets/aliases.toml;
    the limits are for one item of an import (index.sources.limits), 0: as built in.
    """

    theme: str = ""
    locale: str = ""
    measure: int = 72
    plain: bool = False
    bidi: str = "auto"
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[Path, ...] = ()
    file_mb: int = 0
    line_mb: int = 0
    lines: int = 0
    tags: int = 0
    problems: tuple[Problem, ...] = ()


# Section and name of each setting; keys are apart, their names are those of the table of keys.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ui": ("theme", "locale", "measure", "plain", "bidi"),
    "search": ("aliases",),
    "limits": ("file_mb", "line_mb", "lines", "tags"),
}


def path() -> Path:
    """Where config.toml lies, or would lie."""
    return platformdirs.user_config_path("newsreader", appauthor=False) / "config.toml"


def load(file: Path | None = None) -> Settings:
    """The settings of `file` (else of `path()`); what it does not set is as built in."""
    file = file or path()
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        said = N_("the settings cannot be read: {why}")
        return Settings(problems=(Problem(0, said, {"why": error.strerror}),))
    if len(data) > _LARGEST:
        return Settings(problems=(Problem(0, N_("the file is too large for settings")),))
    return read(data.decode("utf-8", "replace"), file.parent)


def read(text: str, folder: Path) -> Settings:
    """The settings that `text` makes; paths in it start from `folder`."""
    import tomllib  # noqa: PLC0415 - most people have no settings

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"\s*\(at line (\d+)[^)]*\)", str(error))
        why = str(error)[: at.start()] if at else str(error)
        said = N_("this is no TOML: {why}; nothing of the file is used")
        line = int(at[1]) if at else text.count("\n") + 1
        return Settings(problems=(Problem(line, said, {"why": why}),))
    return _Reading(text, folder).settings(found)


class _Reading:
    """Takes over what can be used, and notes what cannot."""

    def __init__(self, text: str, folder: Path) -> None:
        self._lines = text.splitlines()
        self._folder = folder
        self._problems: list[Problem] = []

    def settings(self, found: Mapping[str, object]) -> Settings:
        good: dict[str, Any] = {}
        for section, table in found.items():
            if section not in {*SECTIONS, "keys"}:
                self._unknown("", section, [*SECTIONS, "keys"])
            elif not isinstance(table, dict):
                self._wrong("", section, N_("{name} is a section: write [{name}]"))
            elif section == "keys":
                good["keys"] = dict(self._keys(table))
            else:
                good.update(self._section(section, table))
        self._problems.sort(key=lambda problem: problem.line)
        return Settings(**good, problems=tuple(self._problems))

    def _section(self, section: str, table: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            if name not in SECTIONS[section]:
                self._unknown(section, name, SECTIONS[section])
                continue
            taken = _TAKING[name](value, self._folder)
            if isinstance(taken, Problem):
                values = {"name": name, "value": _said(value), **taken.values}
                self._problems.append(Problem(self._line(section, name), taken.template, values))
            else:
                yield name, taken

    def _keys(self, table: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, value in table.items():
            wanted = [value] if isinstance(value, str) else value
            if isinstance(wanted, list) and all(isinstance(key, str) and key for key in wanted):
                yield name, tuple(wanted)
            else:
                self._wrong("keys", name, N_("{name} is a key or a list of keys, each in quotes"))

    def _unknown(self, section: str, name: str, known: Sequence[str]) -> None:
        near = meant(name, known)
        said = N_("there is no setting {name}; there is: {known}")
        values = {"name": name, "known": ", ".join(known)}
        if near:
            said, values = (
                N_("there is no setting {name}; {meant}?"),
                {"name": name, "meant": near[0]},
            )
        self._problems.append(Problem(self._line(section, name), said, values))

    def _wrong(self, section: str, name: str, said: str) -> None:
        self._problems.append(Problem(self._line(section, name), said, {"name": name}))

    def _line(self, section: str, name: str) -> int:
        return line_of(self._lines, section, name)


def line_of(lines: Sequence[str], section: str, name: str) -> int:
    """The line, from 1, where `name` of `section` is set; 0 where it is not found."""
    here = ""
    quoted = rf"[\"']?{re.escape(name)}[\"']?"
    for number, line in enumerate(lines, start=1):
        heading = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if heading:
            here = heading[1]
            if not section and here.split(".")[0].strip("\"'") == name:
                return number
        elif (here == section and re.match(rf"\s*{quoted}\s*(=|\.)", line)) or (
            section and not here and re.match(rf"\s*{section}\s*\.\s*{quoted}\s*=", line)
        ):
            return number
    return line_of(lines, "", section) if section else 0


def meant(name: str, known: Sequence[str]) -> list[str]:
    """The name that was probably meant."""
    import difflib  # noqa: PLC0415 - most people have no mistakes in their settings

    return difflib.get_close_matches(name, known, n=1)


def _said(value: object) -> str:
    return safe_line(json.dumps(value, ensure_ascii=False, default=str))[:60]


_Taken = Callable[[object, Path], object]


def _one_of(allowed: Sequence[str]) -> _Taken:
    def take(value: object, _: Path) -> object:
        if value in allowed:
            return value
        near = meant(str(value), allowed)
        said = N_("{name} cannot be {value}; it is one of {allowed}")
        values = {"allowed": ", ".join(allowed)}
        if near:
            said, values = N_("{name} cannot be {value}; {meant}?"), {"meant": near[0]}
        return Problem(0, said, values)

    return take


def _number(least: int, most: int) -> _Taken:
    def take(value: object, _: Path) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        said = N_("{name} cannot be {value}; it is a number from {least} to {most}")
        return Problem(0, said, {"least": least, "most": most})

    return take


def _switch(value: object, _: Path) -> object:
    if isinstance(value, bool):
        return value
    return Problem(0, N_("{name} cannot be {value}; it is true or false"))


def _locale(value: object, _: Path) -> object:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        return value.replace("-", "_")
    return Problem(0, N_("{name} cannot be {value}; it is a locale such as uk or sr_Latn"))


def _paths(value: object, folder: Path) -> object:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        return Problem(0, N_("{name} is a path or a list of paths, each in quotes"))
    found = tuple(folder / Path(text).expanduser() for text in texts)
    for one in found:
        if not one.is_file():
            return Problem(0, N_("there is no file {path}"), {"path": safe_line(str(one))})
    return found


_TAKING: Mapping[str, _Taken] = {
    "theme": _one_of(THEMES),
    "locale": _locale,
    "measure": _number(NARROWEST, WIDEST),
    "plain": _switch,
    "bidi": _one_of(BIDI),
    "aliases": _paths,
    "file_mb": _number(1, 4096),
    "line_mb": _number(1, 1024),
    "lines": _number(1, 10**8),
    "tags": _number(1, 10**8),
}


# ---- chosen in the reader


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose in the reader; empty or 0: nothing. It holds over config.toml."""

    theme: str = ""
    locale: str = ""
    measure: int = 0


def load_chosen(folder: Path | None, settings: Settings) -> Chosen:
    """What was chosen when config.toml said what `settings` say; a later change of it wins."""
    if folder is None:
        return Chosen()
    try:
        kept = json.loads((folder / _CHOSEN).read_bytes())
        good = {
            one.name: kept[one.name]["is"]
            for one in fields(Chosen)
            if one.name in kept
            and kept[one.name]["over"] == getattr(settings, one.name)
            and not isinstance(_TAKING[one.name](kept[one.name]["is"], folder), Problem)
        }
        return Chosen(**good)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return Chosen()


def save_chosen(folder: Path, chosen: Chosen, settings: Settings) -> None:
    """Keep what was chosen; a folder that cannot be written is no reason to complain."""
    kept = {
        one.name: {"is": getattr(chosen, one.name), "over": getattr(settings, one.name)}
        for one in fields(Chosen)
        if getattr(chosen, one.name)
    }
    with contextlib.suppress(OSError):
        new = folder / f"{_CHOSEN}.new"
        new.write_text(json.dumps(kept), encoding="utf-8")
        new.replace(folder / _CHOSEN)
