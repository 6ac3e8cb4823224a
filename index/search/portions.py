"""Segments made ahead, outside of the index's lock: by processes that each take a portion."""

from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

import numpy as np

from index.model import Entry
from index.search.build import Builder, by_language
from index.search.merging import merge
from index.search.segment import FULL, Segment

MOST = FULL
"""Entries of a portion at most."""
_FOLDER = "portions"


class Portions:
    """Makes portions for the index in `folder`; knows the words of one for the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = made_in(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._builder = Builder()

    def make(self, entries: Iterable[Entry]) -> list[Path]:
        """Segment files of `entries`, no two of one key and at most `MOST`; none for none.

        `FullText.adopt` makes them part of the index.
        """
        paths: list[Path] = []
        for entry in by_language(entries):
            self._builder.add(entry)
            if self._builder.is_full:
                paths.append(self._write())
        if len(self._builder):
            paths.append(self._write())
        if len(paths) < 2:
            return paths
        whole = self._new()
        segments = [Segment(path) for path in paths]
        merge(whole, [(segment, np.ones(segment.documents, bool)) for segment in segments])
        for path in paths:
            path.unlink()
        return [whole]

    def _write(self) -> Path:
        path = self._new()
        self._builder.write(path)
        return path

    def _new(self) -> Path:
        return self._folder / token_hex(8)


def made_in(folder: Path) -> Path:
    """Where the portions for the index in `folder` lie until they are adopted."""
    return folder / _FOLDER


def clear(folder: Path) -> None:
    """Remove portions that a killed program left."""
    where = made_in(folder)
    if where.is_dir():
        for path in where.iterdir():
            path.unlink(missing_ok=True)
