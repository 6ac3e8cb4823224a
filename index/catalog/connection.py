"""The SQLite file: opening it, its transactions, and what its errors mean to a person."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from index.catalog.guard import Guard
from index.errors import ArchiveError, DamagedError
from index.places import full_disk
from index.text.safe import safe_line

VERSION = 2
_WAIT_S = 10.0
_NO_LOCKS = ("SQLITE_PROTOCOL", "SQLITE_IOERR_LOCK", "SQLITE_IOERR_SHMLOCK")
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")


class Database:
    """One SQLite file in WAL mode. Raises ArchiveError for all that SQLite may say."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self.path = path
        with self.honest():
            self.sql = _connect(path, write=write)
            self.guard = Guard(self.sql)
            found = int(self.sql.execute("PRAGMA user_version").fetchone()[0])
            if found > VERSION:
                self.sql.close()
                raise ArchiveError(
                    "{path} was written by a newer newsreader; please update this one", path=path
                )
            if write:
                self.sql.execute("PRAGMA journal_mode = WAL")
                # FULL: what was said to be kept is kept, even when the power fails.
                self.sql.execute("PRAGMA synchronous = FULL")
                if 0 < found < VERSION:
                    self._keep_a_copy(found)
                if found < VERSION:
                    self._upgrade()
                self.sql.execute("PRAGMA foreign_keys = ON")
                self.guard.watch()
            elif found < VERSION:
                self.sql.close()
                raise ArchiveError(
                    "{path} is of an older newsreader and must be brought up to date first;"
                    " that needs a folder that can be written to",
                    path=path,
                )

    def _upgrade(self) -> None:
        """Bring a file that is empty or of an older version up to date, all or nothing."""
        with self.writing():
            # Another program may have been quicker: the version is read under the lock.
            found = int(self.sql.execute("PRAGMA user_version").fetchone()[0])
            scripts = (
                [f"upgrade-{n}.sql" for n in range(found, VERSION)] if found else ["schema.sql"]
            )
            for name in scripts:
                script = Path(__file__).with_name(name).read_text(encoding="utf-8")
                for statement in _statements(script):
                    self.sql.execute(statement)
            self.guard.seal()
            self.sql.execute(f"PRAGMA user_version = {VERSION}")

    def _keep_a_copy(self, version: int) -> None:
        """Copy the file, as it is, to one beside it: an update may be regretted."""
        copy = self.path.with_name(f"{self.path.name}.version-{version}")
        if not copy.exists():
            copied(self.sql, copy)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all that happens inside is kept, or none of it."""
        with self.honest():
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                yield self.sql
                self.sql.execute("COMMIT")
            except BaseException:
                if self.sql.in_transaction:
                    self.sql.execute("ROLLBACK")
                raise

    @contextmanager
    def honest(self) -> Iterator[None]:
        """Say what SQLite says as an ArchiveError."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # its words may be damaged, too
            raise _translated(error, self.path) from error


def copied(source: sqlite3.Connection, target: Path) -> None:
    """Copy the whole of `source`, as it is at one moment, to `target`: all of it is there, or none.

    Others may go on reading and writing meanwhile. Raises sqlite3.Error, OSError.
    """
    temporary = target.with_name(f"{target.name}.{token_hex(4)}.tmp")
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in `folder`: a new name is not safe before."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    if write:
        return sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    uri = f"{path.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(
        uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        # A WAL file on a read-only disk cannot be opened, unless as one that never changes.
        db.close()
        wal = path.with_name(f"{path.name}-wal")
        if not wal.exists() or wal.stat().st_size == 0:
            return _open(f"{path.absolute().as_uri()}?immutable=1")
        # The last changes lie in the WAL, which can only be read beside a file of its own.
        with tempfile.TemporaryDirectory(prefix="newsreader-") as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            shutil.copyfile(wal, copy.with_name(wal.name))
            with closing(_open(str(copy))) as whole:
                db = _open(":memory:")
                whole.backup(db)
    return db


def _open(where: str) -> sqlite3.Connection:
    """A connection in autocommit mode; one thread at a time may use it."""
    uri = where.startswith("file:")
    return sqlite3.connect(
        where, uri=uri, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )


def _translated(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> ArchiveError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ArchiveError("another program is using {path}; please try again", path=path)
    if code.startswith(_FULL):
        return full_disk(path)
    if code.startswith(_NO_LOCKS):
        return ArchiveError(
            "the disk that holds {path} cannot lock files (a network disk?); keep the archive on"
            " a disk of this machine: see --archive",
            path=path,
        )
    if code.startswith("SQLITE_READONLY"):
        return ArchiveError("{path} cannot be written to", path=path)
    if code.startswith("SQLITE_CANTOPEN"):
        return ArchiveError("{path} cannot be opened", path=path)
    # Bytes that are no text any more have no code of SQLite's.
    undecodable = isinstance(error, UnicodeDecodeError) or "decode to UTF-8" in str(error)
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or undecodable:
        return DamagedError(
            "{path} is damaged ({why}); newsreader doctor tells what can be done",
            path=path,
            why=safe_line(str(error)),
        )
    return ArchiveError("{path}: {why}", path=path, why=safe_line(str(error)))


def _statements(script: str) -> list[str]:
    """The statements of a script without strings or triggers that hold a semicolon."""
    lines = [line.split("--")[0] for line in script.splitlines()]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def now() -> str:
    """The moment, UTC, ISO 8601, as the catalog writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
