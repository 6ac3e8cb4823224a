"""The whole catalog in one file, and back: what `newsreader backup` and `restore` do.

A backup is a catalog, complete at one moment. The index is not in it: it is made again.
"""

import errno
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from index.catalog.connection import VERSION, copied
from index.errors import ArchiveError, DamagedError
from index.places import full_disk
from index.text.safe import safe_line

_BEYOND_READING = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def back_up(catalog: Path, target: Path) -> int:
    """Copy `catalog` to `target`, while others read and write; how many bytes that made.

    `target` is there whole, or as it was. Raises ArchiveError.
    """
    if not catalog.is_file():
        raise ArchiveError("there is no archive in {path}", path=catalog.parent)
    try:
        with closing(_reading(catalog)) as source:
            copied(source, target)
        return target.stat().st_size
    except (sqlite3.Error, OSError) as error:
        raise _refused(error, target) from error


def check(backup: Path) -> None:
    """Read `backup` through. Raises DamagedError where it is not a whole catalog."""
    said = _wrong_with(backup)
    if said:
        raise DamagedError("{path} is not a whole backup: {why}", path=backup, why=said)


def restore(backup: Path, catalog: Path) -> Path | None:
    """Put what `backup` holds in the place of what `catalog` holds; where a copy of that now lies.

    Who has `catalog` open goes on with the new content. The caller holds the writer's lock and has
    the index made anew. Raises ArchiveError, DamagedError where `backup` is not a whole catalog.
    """
    check(backup)
    try:
        with closing(_reading(backup)) as source:
            if not catalog.exists():
                copied(source, catalog)
                return None
            aside = catalog.with_name(f"{catalog.name}.before-restore")
            try:
                with closing(sqlite3.connect(catalog, timeout=10, isolation_level=None)) as live:
                    copied(live, aside)
                    live.execute("PRAGMA synchronous = FULL")
                    source.backup(live)  # one transaction: all of it, or nothing
            except sqlite3.DatabaseError as error:
                if not getattr(error, "sqlite_errorname", "").startswith(_BEYOND_READING):
                    raise
                catalog.replace(aside)  # damaged: it is kept as it is
                for suffix in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        side = catalog.with_name(catalog.name + suffix)
                        side.replace(aside.with_name(aside.name + suffix))
                copied(source, catalog)
    except (sqlite3.Error, OSError) as error:
        raise _refused(error, catalog) from error
    return aside


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _wrong_with(backup: Path) -> str:
    """Why `backup` cannot be put back; empty where it can."""
    if not backup.is_file():
        return "there is no such file"
    try:
        with closing(_reading(backup)) as copy:
            version = copy.execute("PRAGMA user_version").fetchone()[0]
            if not 0 < version <= VERSION:
                return "it was not written by newsreader, or by a newer one"
            copy.execute("SELECT count(*) FROM article").fetchone()
            found = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return safe_line(str(error))
    return "" if found == "ok" else safe_line(found)


def _refused(error: sqlite3.Error | OSError, path: Path) -> ArchiveError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith("SQLITE_FULL") or getattr(error, "errno", None) == errno.ENOSPC:
        return full_disk(path)
    why = error.strerror if isinstance(error, OSError) else None
    return ArchiveError(
        "{path} cannot be written: {why}", path=path, why=safe_line(why or str(error))
    )
