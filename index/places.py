"""Where an archive's files lie, and the lock that lets one program at a time write."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from index.errors import ArchiveError, ArchiveLockedError
from index.text.safe import safe_line

_NAME = "newsreader"
VARIABLE = "NEWSREADER_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one archive: the catalog's (never a cache) and the index's (disposable)."""

    folder: Path
    index: Path

    @classmethod
    def find(cls, archive: str | None = None) -> Self:
        """The archive named by `archive`, else by NEWSREADER_HOME, else the XDG data folder's."""
        given = archive or os.environ.get(VARIABLE)
        if given:
            folder = Path(given).expanduser()
            return cls(folder, folder / "index")
        folder = platformdirs.user_data_path(_NAME, appauthor=False)
        return cls(folder, platformdirs.user_cache_path(_NAME, appauthor=False) / "index")

    @classmethod
    def sample(cls) -> Self:
        """The archive of the sample articles: a thing to try, so it lies among the caches."""
        folder = platformdirs.user_cache_path(_NAME, appauthor=False) / "sample"
        return cls(folder, folder / "index")

    @property
    def catalog(self) -> Path:
        """The SQLite file."""
        return self.folder / "catalog.db"

    def make(self) -> None:
        """Create the folders. Raises ArchiveError."""
        for folder in (self.folder, self.index):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(
                    "the folder {path} cannot be made: {why}", path=folder, why=error.strerror
                ) from error


def state_folder() -> Path | None:
    """Where the log, the history and the last view lie; None where no folder can be made."""
    folder = platformdirs.user_state_path(_NAME, appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


@contextmanager
def writer_lock(home: Home) -> Iterator[None]:
    """Be the only writer of `home` meanwhile. Raises ArchiveLockedError, naming the holder.

    The lock is the kernel's (flock), so it ends with the process that holds it, however it ends;
    the file's content only tells who that is.
    """
    path = home.folder / "writer.lock"
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ArchiveError(
            "{path} cannot be written to: {why}", path=home.folder, why=error.strerror
        ) from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ArchiveLockedError(
                "another newsreader is writing to {path} ({who}); try again when it is done",
                path=home.folder,
                who=_holder(number),
            ) from error
        os.ftruncate(number, 0)
        os.pwrite(
            number, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0
        )
        yield
    finally:
        os.close(number)


def _holder(number: int) -> str:
    try:
        said = json.loads(os.pread(number, 4096, 0))
        return safe_line(f"process {said['pid']} on {said['host']}")
    except (OSError, ValueError, KeyError, TypeError):
        return "process unknown"
