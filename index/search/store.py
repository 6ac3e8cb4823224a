"""The index folder: Whoosh's names, lock and clean-up; our list of segments, checked and synced.

`_MAIN_<generation>.toc` lists the segments of a generation and what is deleted of each: a line
with the CRC-32 of what follows, then JSON. It takes the place of Whoosh's pickle, since a pickle
that somebody else has put there would run as a program. A segment is `MAIN_<id>.seg`.

A commit writes segments, then the list under a temporary name, then renames it: a program killed
anywhere leaves the generation before or the one after, and files that the next commit removes.
"""

import base64
import json
import os
import re
import zlib
from pathlib import Path
from secrets import token_hex
from time import sleep
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files

from index.search.checked import note, open_checked
from index.search.codec import NAME, SUFFIX, ArraySegment, schema
from index.search.errors import CorruptError

if TYPE_CHECKING:
    from index.search.segment import Segment

MARKER = "newsreader search index"
FORMAT = 8
_OURS = re.compile(
    # The last two are of format 1 and of Whoosh's own codec.
    rf"_{NAME}_\d+\.toc|{NAME}_[0-9a-z]+\.(?:seg|tmp)|manifest\.json|{NAME}_[0-9a-z]+\.\w+"
    r"|checked\.json"
)
_LOCK = f"{NAME}_WRITELOCK"
_ATTEMPTS = 20


class ArrayIndex(FileIndex):  # type: ignore[misc]  # Whoosh has no types
    """An index of array segments in a folder. Raises CorruptError where it is not ours or whole."""

    def __init__(self, folder: Path) -> None:
        # FileIndex's own __init__ would unpickle what it finds.
        self.folder = folder
        self.storage = FileStorage(str(folder))
        self.indexname = NAME
        self._schema = schema()
        self._opened: dict[str, Segment] = {}
        self.generation = -1
        self.segments: list[ArraySegment] = []
        self.refresh_segments()

    @staticmethod
    def lock_of(folder: Path) -> Any:  # noqa: ANN401 - Whoosh has no types
        """The lock that one writer holds; it goes with the program that holds it."""
        return FileStorage(str(folder)).lock(_LOCK)

    @classmethod
    def create(cls, folder: Path) -> "ArrayIndex":
        """Begin an empty index, in place of the one that may be there. Foreign files stay."""
        folder.mkdir(parents=True, exist_ok=True)
        latest = TOC._latest_generation(FileStorage(str(folder)), NAME)
        for path in folder.iterdir():
            # A lock file is never removed: another program may hold it.
            if _OURS.fullmatch(path.name) and path.name != _LOCK and path.is_file():
                path.unlink()
        write_list(folder, latest + 1, [])
        return cls(folder)

    def refresh_segments(self) -> bool:
        """Open the newest generation, if it is not open yet; whether there was a newer one."""
        for attempt in range(_ATTEMPTS):
            generation = self.latest_generation()
            if generation == self.generation and generation >= 0:
                return False
            try:
                self.segments = self._open(generation)
            except FileNotFoundError as error:
                # A writer has put a newer generation there and cleaned up behind it.
                if generation == self.latest_generation() or attempt == _ATTEMPTS - 1:
                    raise CorruptError(str(error)) from error
                sleep(0.01)
                continue
            self.generation = generation
            return True
        raise CorruptError(str(self.folder))

    def _open(self, generation: int) -> list[ArraySegment]:
        if generation < 0:
            raise CorruptError(str(self.folder))
        listed = read_list(self.folder / f"_{NAME}_{generation}.toc")
        segments = []
        for item in listed:
            identity = item["id"]
            if identity not in self._opened:
                self._opened[identity] = open_checked(self.folder, self.path_of(identity))
            opened = self._opened[identity]
            if opened.documents != item["documents"]:
                raise CorruptError(opened.path.name)
            alive = None
            if item["deleted"]:
                bits = np.frombuffer(zlib.decompress(base64.b64decode(item["deleted"])), np.uint8)
                alive = ~np.unpackbits(bits, count=opened.documents).view(bool)
            segments.append(ArraySegment(opened, identity, alive))
        kept = {segment.segid for segment in segments}
        self._opened = {name: opened for name, opened in self._opened.items() if name in kept}
        return segments

    def path_of(self, identity: str) -> Path:
        """Where the segment of this identity lies."""
        return self.folder / f"{NAME}_{identity}{SUFFIX}"

    def new_identity(self) -> str:
        """An identity that no segment has."""
        return token_hex(8)

    def commit(self, segments: list[ArraySegment]) -> None:
        """Make `segments` the next generation. The caller holds the lock."""
        generation = max(self.generation, self.latest_generation()) + 1
        write_list(self.folder, generation, segments)
        self.segments, self.generation = segments, generation
        fresh = [self.path_of(part.segid) for part in segments if part.segid not in self._opened]
        self._opened = {segment.segid: segment.opened for segment in segments}
        note(self.folder, fresh)
        clean_files(self.storage, NAME, generation, segments)

    def _read_toc(self) -> TOC:
        return TOC(self._schema, list(self.segments), self.generation)


def write_list(folder: Path, generation: int, segments: list[ArraySegment]) -> None:
    """Write the list of a generation so that it is there as a whole or not at all."""
    listed = []
    for segment in segments:
        deleted = ""
        if segment.alive is not None:
            bits = np.packbits(~segment.alive).tobytes()
            deleted = base64.b64encode(zlib.compress(bits)).decode()
        listed.append(
            {"id": segment.segid, "documents": segment.doc_count_all(), "deleted": deleted}
        )
    said = json.dumps({"is": MARKER, "format": FORMAT, "segments": listed}).encode()
    temporary = folder / f"{NAME}_{token_hex(8)}.tmp"
    with temporary.open("wb") as file:
        file.write(b"%08x\n" % zlib.crc32(said))
        file.write(said)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / f"_{NAME}_{generation}.toc")
    _sync_folder(folder)


def read_list(path: Path) -> list[dict[str, Any]]:
    """The segments that a list names. Raises CorruptError where it is not whole or not ours."""
    crc, _, said = path.read_bytes().partition(b"\n")
    try:
        if int(crc, 16) != zlib.crc32(said):
            raise CorruptError(path.name)
        read = json.loads(said)
    except ValueError as error:
        raise CorruptError(path.name) from error
    if not isinstance(read, dict) or (read.get("is"), read.get("format")) != (MARKER, FORMAT):
        raise CorruptError(path.name)
    segments: list[dict[str, Any]] = read["segments"]
    return segments


def _sync_folder(folder: Path) -> None:
    """The rename itself has to reach the disk."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
