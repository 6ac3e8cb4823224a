"""An archive's backup, and what a person did in it as text: making them, and taking them back."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.archive import Archive
from index.catalog import Catalog, backup, state
from index.places import Home, writer_lock
from index.search.fulltext import FullText


def back_up(home: Home, target: Path) -> int:
    """Copy all articles and marks of `home` into one file, while others read and write; its bytes.

    Raises ArchiveError.
    """
    return backup.back_up(home.catalog, target)


def restore(home: Home, source: Path) -> Path | None:
    """Make `home` hold what the backup `source` holds; where a copy of what it held lies.

    Its index is empty then: opening the archive, or `Archive.sync`, fills it. Raises ArchiveError.
    """
    home.make()
    with writer_lock(home):
        backup.check(source)
        # The index goes first: whatever happens now, it holds nothing of another catalog.
        fulltext = FullText(home.index)
        fulltext.rebuild()
        fulltext.close()
        aside = backup.restore(source, home.catalog)
        with Catalog(home.catalog, write=True) as catalog:
            catalog.unsettle()
    return aside


def dump(archive: Archive) -> Iterator[str]:
    """What a person did, a line of JSON each."""
    for said in state.dump(archive.catalog.database):
        yield json.dumps(said, ensure_ascii=False)


def load(archive: Archive, lines: Iterable[bytes]) -> tuple[int, int]:
    """Add what `dump` told; (lines taken over, lines about articles that are not here)."""
    found = state.load(archive.catalog.database, archive.catalog.undo, lines)
    for _ in archive.sync():
        pass
    return found
