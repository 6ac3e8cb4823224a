"""The SQLite file: opening it, its transactions, and what its errors mean to a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import ArchiveError

VERSION = 2
_WAIT_S = 10.0


class Database:
    """One SQLite file in WAL mode. Raises ArchiveError for all that SQLite may say."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self.path = path
        with self.honest():
            self.sql = _connect(path, write=write)
            self.sql.execute("PRAGMA foreign_keys = ON")
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
                if found < VERSION:
                    self._upgrade()
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
            self.sql.execute(f"PRAGMA user_version = {VERSION}")

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
        except sqlite3.Error as error:
            raise _translated(error, self.path) from error


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
        db = _open(f"{path.absolute().as_uri()}?immutable=1")
    return db


def _open(where: str) -> sqlite3.Connection:
    """A connection in autocommit mode; one thread at a time may use it."""
    uri = where.startswith("file:")
    return sqlite3.connect(
        where, uri=uri, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )


def _translated(error: sqlite3.Error, path: Path) -> ArchiveError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ArchiveError("another program is using {path}; please try again", path=path)
    if code.startswith("SQLITE_FULL"):
        return ArchiveError(
            "the disk that holds {path} is full; nothing already kept is lost", path=path
        )
    if code.startswith("SQLITE_READONLY"):
        return ArchiveError("{path} cannot be written to", path=path)
    if code.startswith("SQLITE_CANTOPEN"):
        return ArchiveError("{path} cannot be opened", path=path)
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return ArchiveError(
            "{path} is damaged ({why}); newsreader doctor tells what can be done",
            path=path,
            why=error,
        )
    return ArchiveError("{path}: {why}", path=path, why=error)


def _statements(script: str) -> list[str]:
    """The statements of a script without strings or triggers that hold a semicolon."""
    lines = [line.split("--")[0] for line in script.splitlines()]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def now() -> str:
    """The moment, UTC, ISO 8601, as the catalog writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
