"""Where an archive's files lie, and the lock that lets one program at a time write."""

import errno
import fcntl
import json
import os
import shutil
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
_LOCKED = "another newsreader is writing to {path} ({who}); try again when it is done"
VARIABLE = "NEWSREADER_HOME"
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
"""What a disk says that cannot lock."""


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


def full_disk(path: Path) -> ArchiveError:
    """That there is no room left for `path`, and how much there is."""
    try:
        left = shutil.disk_usage(path.parent).free / 2**20
    except OSError:
        left = 0.0
    return ArchiveError(
        "the disk that holds {path} is full ({free} MB free); nothing already kept is lost",
        path=path,
        free=f"{left:.1f}",
    )


@contextmanager
def writer_lock(home: Home) -> Iterator[None]:
    """Be the only writer of `home` meanwhile. Raises ArchiveLockedError, naming the holder.

    The lock is the kernel's (flock), so it ends with the process that holds it, however it ends;
    the file's content only tells who that is. Where the disk knows no such locks (some network
    disks), the content itself is the lock, and one whose process is gone counts no more.
    """
    path = home.folder / "writer.lock"
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ArchiveError(
            "{path} cannot be written to: {why}", path=home.folder, why=error.strerror
        ) from error
    try:
        _lock(number, home.folder)
        _sign(number)
        holder = _holder(number)
        if holder is not None and holder.pid != os.getpid():  # only where the disk cannot lock
            raise ArchiveLockedError(_LOCKED, path=home.folder, who=holder.said)
        yield
        os.ftruncate(number, 0)
    finally:
        os.close(number)


def _lock(number: int, folder: Path) -> None:
    """Take the lock that the file `number` is. Raises ArchiveLockedError."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(number)
        if error.errno in NO_LOCKS and (holder is None or holder.is_gone):
            return
        raise ArchiveLockedError(
            _LOCKED,
            path=folder,
            who="process unknown" if holder is None else holder.said,
        ) from error


def _sign(number: int) -> None:
    """Write down who holds the lock."""
    said = {"pid": os.getpid(), "host": socket.gethostname(), "boot": _boot()}
    os.ftruncate(number, 0)
    os.pwrite(number, json.dumps(said).encode(), 0)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who wrote into a lock; `boot` tells processes of one number before and after a restart."""

    pid: int
    host: str
    boot: str

    @property
    def said(self) -> str:
        return safe_line(f"process {self.pid} on {self.host}")

    @property
    def is_gone(self) -> bool:
        """Whether it surely runs no more: of another machine nobody here can tell."""
        if self.host != socket.gethostname():
            return False
        if self.boot != _boot() or self.pid == os.getpid():
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


def _holder(number: int) -> _Holder | None:
    try:
        said = json.loads(os.pread(number, 4096, 0))
        return _Holder(int(said["pid"]), str(said["host"]), str(said.get("boot", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _boot() -> str:
    """What tells this run of the machine from others; empty where it does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
