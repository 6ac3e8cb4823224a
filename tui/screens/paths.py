"""Choosing a path to import, with completion."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from index.text.safe import safe_line
from tui.i18n import _
from tui.widgets.choice_list import Choice

_MOST = 200  # entries shown


async def offer_paths(typed: str) -> Sequence[Choice]:
    """What is typed, if it is there, and what it may become."""
    return await asyncio.to_thread(_offer, typed)


def _offer(typed: str) -> list[Choice]:
    path = Path(typed).expanduser()
    folder = path if typed.endswith("/") or not typed else path.parent
    offered: list[Choice] = []
    if typed and path.exists():
        what = _("import this folder") if path.is_dir() else _("import this file")
        offered.append(Choice(str(path), safe_line(path.name or str(path)), what, completion=typed))
    start = "" if typed.endswith("/") or not typed else path.name
    shown = typed[: len(typed) - len(start)]
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (
                    (not entry.is_dir(), entry.name)
                    for entry in entries
                    if entry.name.startswith(start)
                    and (start.startswith(".") or not entry.name.startswith("."))
                ),
            )
    except OSError as error:
        if not offered:
            said = error.strerror or _("this cannot be read")
            offered.append(Choice("", safe_line(said), error=True))
        return offered
    for is_file, name in found[:_MOST]:
        if name != start or is_file != path.is_file():
            label = f"{name}{'' if is_file else '/'}"
            # A name that is not safe to show can be chosen, but not completed in the line.
            whole = f"{shown}{label}" if safe_line(label) == label else ""
            offered.append(Choice(str(folder / name), safe_line(label), completion=whole))
    if not offered:
        offered.append(Choice("", _("there is no such file or folder"), error=True))
    return offered
