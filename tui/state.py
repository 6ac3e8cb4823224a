"""The last view of an archive, kept so that the first frame shows it before the engine answers."""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from index.model import Row
from index.text.safe import safe_line
from tui import formats
from tui.answers import row_of

_FILE = "view.json"
_ROWS = 64


@dataclass(frozen=True, slots=True)
class View:
    """What was on the screen. `offset` is the number of its first row, `cursor` an article's id."""

    text: str = ""
    sort: str = ""
    understood: str = ""
    total: int = 0
    articles: int = 0
    rows: tuple[Row, ...] = ()
    cursor: str = ""
    history: tuple[str, ...] = field(default=())
    commands: tuple[str, ...] = field(default=())
    """Commands that articles were piped to, the last at the end."""


def load(folder: Path) -> View:
    """The view kept in `folder`; an empty one where there is none that can be read."""
    try:
        kept = json.loads((folder / _FILE).read_bytes())
        formats.recall(kept.get("formats"))
        return View(
            text=safe_line(kept["text"]),
            sort=safe_line(kept["sort"]),
            understood=safe_line(kept["understood"]),
            total=max(0, int(kept["total"])),
            articles=max(0, int(kept["articles"])),
            rows=tuple(row_of(row) for row in kept["rows"]),
            cursor=safe_line(kept["cursor"]),
            history=tuple(safe_line(text) for text in kept["history"])[-200:],
            commands=tuple(safe_line(text) for text in kept.get("commands", ()))[-50:],
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return View()


def save(folder: Path, view: View) -> None:
    """Keep `view` in `folder`; a folder that cannot be written is no reason to complain."""
    kept: dict[str, Any] = asdict(replace(view, rows=view.rows[:_ROWS]))
    kept["formats"] = formats.remember()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False)
            Path(name).replace(folder / _FILE)
        except OSError:
            Path(name).unlink(missing_ok=True)
