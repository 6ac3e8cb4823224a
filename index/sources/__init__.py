"""Readers of the formats articles come in, one module a format.

`read` turns paths into documents, one at a time, in a stable order. What cannot be read is a
`SourceError` in the stream; nothing ends it but the end of the paths.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources import html, jsonl, text
from index.sources.files import Kind, Stream, open_stream, walk

STDIN = "-"


@dataclass(slots=True)
class Meter:
    """How far reading has come: bytes taken of the files' `total` (0 while not known)."""

    total: int = 0
    taken: int = 0

    @property
    def fraction(self) -> float | None:
        """The share that is done, 0 to 1; None where it cannot be known (standard input)."""
        return min(1.0, self.taken / self.total) if self.total else None


def read(paths: Iterable[str], meter: Meter | None = None) -> Iterator[Document | SourceError]:
    """The documents in `paths`: files, folders (searched through, in order of name), "-" for stdin.

    Text, HTML and JSONL, each also as .gz, .xz or .zst. A missing, empty, unreadable, binary or
    over-long file, and a broken JSONL line, give a SourceError that names it.
    """
    meter = meter or Meter()
    found: list[Path | SourceError | None] = []
    for name in paths:
        if name == STDIN:
            found.append(None)
        else:
            found.extend(walk(Path(name)))
    sizes = {path: _size(path) for path in found if isinstance(path, Path)}
    meter.total = 0 if None in found else sum(sizes.values())
    before = 0
    for path in found:
        if isinstance(path, SourceError):
            yield path
            continue
        for item, taken in _read_one(path):
            meter.taken = before + taken
            yield item
        before += 0 if path is None else sizes[path]
        meter.taken = before


def reread(
    form: Form, encoding: str, original: bytes, origin: str, identity: str, stated: Stated
) -> Document | SourceError:
    """The document that `original` was kept from, as its source would give it today."""
    match form:
        case Form.JSON:
            return jsonl.parse(original, origin, identity)
        case Form.HTML:
            return html.document(original, origin, identity, stated, encoding)
        case Form.TEXT:
            return text.document(original, origin, identity, stated, encoding)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_one(path: Path | None) -> Iterator[tuple[Document | SourceError, int]]:
    """The documents of one file (None: standard input), each with the bytes taken so far."""
    try:
        stream = open_stream(path, sys.stdin.buffer if path is None else None)
    except SourceError as error:
        yield error, 0
        return
    with stream:
        try:
            yield from _documents(stream)
        except SourceError as error:  # the file turned out unreadable on the way
            yield error, stream.taken()


def _documents(stream: Stream) -> Iterator[tuple[Document | SourceError, int]]:
    if stream.kind is Kind.JSONL:
        for item in jsonl.read(stream):
            yield item, stream.taken()
        return
    data = stream.whole()
    # What has no file is known again by its bytes.
    identity = stream.identity if stream.path else f"sha256:{sha256(data).hexdigest()}"
    document = html.document if stream.kind is Kind.HTML else text.document
    yield document(data, stream.origin, identity, Stated()), stream.taken()
