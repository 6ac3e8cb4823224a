"""Which segment files were read through and found whole: until they change, they need it no more.

`checked.json` in the index folder holds size, times and inode of each. It only saves work: what is
not in it, or otherwise than in it, is read through again, a gigabyte a second. Any write through
the file system changes a file's times; a disk that forgets silently is for `newsreader doctor`.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from index.search.codec import NAME as COMMITS
from index.search.segment import Segment

NAME = "checked.json"
Stamp = list[int]


def open_checked(folder: Path, path: Path) -> Segment:
    """The segment at `path`, known to be as it was written. Raises CorruptError."""
    before = _stamp(path)
    segment = Segment(path)
    if _known(folder).get(path.name) != before:
        segment.verify()
        note(folder, [path], before={path.name: before})
    return segment


def note(folder: Path, paths: Iterable[Path], before: dict[str, Stamp] | None = None) -> None:
    """Remember that the files at `paths` are whole (as they were at `before`, else as they are)."""
    known = {name: stamp for name, stamp in _known(folder).items() if (folder / name).exists()}
    for path in paths:
        known[path.name] = (before or {}).get(path.name) or _stamp(path)
    # Named as a commit names its own: the next commit removes what a killed program left.
    temporary = folder / f"{COMMITS}_{token_hex(8)}.tmp"
    with suppress(OSError):  # a folder that cannot be written to: it is read through each time
        try:
            temporary.write_text(json.dumps(known), encoding="ascii")
            temporary.replace(folder / NAME)
        finally:
            temporary.unlink(missing_ok=True)


def _known(folder: Path) -> dict[str, Stamp]:
    try:
        said = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _stamp(path: Path) -> Stamp:
    found = os.stat(path)  # noqa: PTH116 - FileNotFoundError is what the caller expects
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
