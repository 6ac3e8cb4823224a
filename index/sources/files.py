"""Files on disk: walking folders, telling formats apart, unpacking streams within limits."""

import gzip
import io
import lzma
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import zstandard

from index.errors import SourceError
from index.sources.limits import LARGEST_FILE, LONGEST_LINE
from index.text.safe import safe_line

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

_LARGEST_XZ = 2**28  # bytes of memory to unpack one; `xz -9` needs 65 MB
_PIECE = 2**16
_LARGEST_WINDOW = 2**27  # bytes; what `zstd --long` makes, and a bound on memory

_TEXT = {".txt", ".text", ".md", ".markdown", ".rst"}
_HTML = {".html", ".htm", ".xhtml", ".shtml"}
_JSONL = {".jsonl", ".ndjson", ".json", ".jsonlines"}
_PACKED = {".gz", ".xz", ".zst"}
_ARCHIVES = {".zip", ".tar", ".tgz", ".7z", ".rar", ".warc"}
_OTHER = {
    ".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".webm", ".ogg", ".wav", ".avi",
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".epub", ".db", ".sqlite",
    ".exe", ".so", ".dll", ".py", ".pyc", ".sh",
}  # fmt: skip
_MARKUP = re.compile(
    rb"\s*(?:<!--.{0,4096}?-->\s*)*<(?:!doctype html|html|head|body|article|\?xml)\b",
    re.IGNORECASE | re.DOTALL,
)


class Kind(Enum):
    """The format of a file's content."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


def walk(path: Path) -> Iterator[Path | SourceError]:
    """The files at `path`: itself, or all below a folder in order of name.

    Hidden entries and links to folders are passed over in a folder (a link could lead in circles);
    what is neither file nor folder (a pipe, a device) is an error, never opened.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        yield error(path, "there is no such file or folder")
        return
    except (OSError, ValueError) as problem:
        yield error(path, "cannot be read: {why}", why=_why(problem))
        return
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield from _walk_folder(path)
    else:
        yield error(path, "is not a regular file")


def _walk_folder(folder: Path) -> Iterator[Path | SourceError]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as problem:
        yield error(folder, "cannot be read: {why}", why=_why(problem))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk_folder(path)
            elif entry.is_symlink() and entry.is_dir():
                continue
            elif _suffix(path) in _OTHER:
                yield error(path, "is not an article: files of this type are left out")
            else:
                yield from walk(path)
        except OSError as problem:
            yield error(path, "cannot be read: {why}", why=_why(problem))


@dataclass(slots=True)
class Stream:
    """An open file, unpacked; `origin` is how a person sees it, `path` is None for stdin."""

    path: Path | None
    kind: Kind
    data: io.BufferedReader
    raw: BinaryIO

    @property
    def origin(self) -> str:
        """The name to show."""
        return "standard input" if self.path is None else shown(_absolute(self.path))

    @property
    def identity(self) -> str:
        """The same each time the same file is read."""
        return "stdin" if self.path is None else f"file:{_absolute(self.path)}"

    def taken(self) -> int:
        """Bytes of the packed file read so far."""
        try:
            return self.raw.tell()
        except (OSError, ValueError):
            return 0

    def whole(self) -> bytes:
        """All bytes. Raises SourceError where they are more than LARGEST_FILE, or damaged."""
        data = self._read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise self.error("is larger than {mb} MB", mb=LARGEST_FILE // 2**20)
        return data

    def lines(self) -> Iterator[bytes | None]:
        """The lines with their ends; None for one longer than LONGEST_LINE. Raises SourceError."""
        while line := self._readline():
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = self._readline()
                yield None
            else:
                yield line

    def error(self, template: str, **values: object) -> SourceError:
        """A SourceError about this file."""
        return SourceError(self.origin, template, **values)

    def _read(self, size: int) -> bytes:
        try:
            return self.data.read(size)
        except (OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError) as problem:
            raise self.error("cannot be unpacked or read: {why}", why=_why(problem)) from problem

    def _readline(self) -> bytes:
        try:
            return self.data.readline(LONGEST_LINE + 1)
        except (OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError) as problem:
            raise self.error("cannot be unpacked or read: {why}", why=_why(problem)) from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.path is not None:
            self.data.close()
            self.raw.close()


def open_stream(path: Path | None, stdin: BinaryIO | None = None) -> Stream:
    """Open a file, or `stdin` where `path` is None. Raises SourceError."""
    if path is None:
        raw = cast("BinaryIO", stdin)
    else:
        if _suffix(path) in _ARCHIVES:
            raise error(path, "is an archive: unpack it, then import the folder")
        raw = _open(path)
    packed = cast("io.BufferedReader", raw)
    try:
        data = _unpacked(packed)
        head = data.peek(4096)[:4096]
        if not head:
            raise error(path, "is empty")
    except (OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError) as problem:
        _close(raw, path)
        raise error(path, "cannot be unpacked or read: {why}", why=_why(problem)) from problem
    except SourceError:
        _close(raw, path)
        raise
    return Stream(path, _kind(path, head), data, packed)


def _close(raw: BinaryIO, path: Path | None) -> None:
    if path is not None:  # standard input is not ours to close
        raw.close()


def _open(path: Path) -> BinaryIO:
    """Open without following a file that turned into a pipe: never wait for a writer."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        raise error(path, "cannot be read: {why}", why=_why(problem)) from problem
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise error(path, "is not a regular file")
    return open(number, "rb")  # noqa: PTH123 - a descriptor, closed by Stream


def _unpacked(packed: io.BufferedReader) -> io.BufferedReader:
    """`packed`, unpacked as its first bytes tell (a name may lie)."""
    magic = packed.peek(6)[:6]
    reader: object
    if magic.startswith(b"\x1f\x8b"):
        reader = gzip.GzipFile(fileobj=packed, mode="rb")
    elif magic.startswith(b"\xfd7zXZ\x00"):
        reader = _Xz(packed)
    elif magic.startswith(b"\x28\xb5\x2f\xfd"):
        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        reader = unpacker.stream_reader(packed, read_across_frames=True)
    else:
        return packed
    return io.BufferedReader(cast("io.RawIOBase", reader), 1 << 17)


class _Xz(io.RawIOBase):
    """What an .xz file holds, in one stream or several; what needs much memory is refused."""

    def __init__(self, packed: io.BufferedReader) -> None:
        self._packed = packed
        self._unpacker: lzma.LZMADecompressor | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        """Fill `buffer`. Raises LZMAError, EOFError where the file breaks off."""
        room = memoryview(buffer)
        while True:
            if self._unpacker is None or self._unpacker.eof:
                data = b"" if self._unpacker is None else self._unpacker.unused_data
                while not (data := data.lstrip(b"\0")):  # streams may be padded with zeros
                    data = self._packed.read(_PIECE)
                    if not data:
                        return 0
                self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LARGEST_XZ)
            elif self._unpacker.needs_input:
                data = self._packed.read(_PIECE)
                if not data:
                    raise EOFError("it ends too soon")
            else:
                data = b""
            found = self._unpacker.decompress(data, max_length=len(room))
            if found:
                room[: len(found)] = found
                return len(found)


def _kind(path: Path | None, head: bytes) -> Kind:
    suffix = "" if path is None else _suffix(path)
    if suffix in _JSONL:
        return Kind.JSONL
    if suffix in _HTML:
        return Kind.HTML
    if suffix in _TEXT:
        return Kind.TEXT
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") and b'"' in start[:64]:
        return Kind.JSONL
    return Kind.HTML if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) else Kind.TEXT


def _suffix(path: Path) -> str:
    """The suffix that tells the format: that below .gz, .xz, .zst."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _absolute(path: Path) -> Path:
    """`path` from the root, as it was named: links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow them


def shown(path: Path) -> str:
    """A path as a person may see it: names of files come from strangers, too."""
    return safe_line(os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def error(path: Path | None, template: str, **values: object) -> SourceError:
    """A SourceError about `path` (None: standard input)."""
    return SourceError("standard input" if path is None else shown(path), template, **values)


def _why(problem: BaseException) -> str:
    """What went wrong, in the system's words."""
    said = problem.strerror if isinstance(problem, OSError) else None
    return safe_line(said or str(problem) or type(problem).__name__)
