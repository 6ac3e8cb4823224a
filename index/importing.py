"""Importing: documents read, cleaned, kept and indexed, with word of how far it is."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from index.catalog import Catalog
from index.catalog.ledger import Status
from index.errors import SourceError
from index.indexing import level
from index.ingest import ingest
from index.model import Document
from index.places import Home
from index.recleaning import Known
from index.search.fulltext import FullText
from index.sources import Meter, read

_BATCH = 128
"""Articles in one transaction."""
_SYNC = 5_000
"""Articles the index takes at once while importing."""
_SYNC_S = 3.0
"""What an import brings is soon found at first, and later in larger portions, which cost less."""
SLOWEST_SYNC_S = 20.0
"""The longest that long work waits before what it made can be found."""
_LARGE = 10_000
"""Articles imported at once after which the index is packed, so that searching is quickest."""


@dataclass(slots=True)
class Progress:
    """How far an import is. `of` is an estimate, None where it cannot be known."""

    path: str = ""
    done: int = 0
    of: int | None = None
    rate: float = 0.0
    counts: dict[str, int] = field(
        default_factory=lambda: {"added": 0, "updated": 0, "unchanged": 0, "refused": 0}
    )


class Import:
    """One run of an import: reads, skips what is known, cleans, keeps, indexes.

    The caller holds the writer's lock. Everything told of is kept, whatever happens next.
    """

    def __init__(self, home: Home, catalog: Catalog, fulltext: FullText, number: int) -> None:
        self._home, self._catalog, self._fulltext = home, catalog, fulltext
        self._number = number
        self._meter = Meter()
        self._progress = Progress()
        self._started = self._synced = time.monotonic()
        self._patience = _SYNC_S
        self._told: list[Status] = []

    def run(
        self, paths: Sequence[str], *, cleaning: bool, workers: int | None
    ) -> Iterator[Status | Progress]:
        """Import `paths`, telling of each item and, now and then, of the progress."""
        known = Known(self._catalog, cleaning=cleaning)
        batch = []
        for article in ingest(self._new(paths), habits=known.habits, workers=workers):
            batch.append(article)
            if len(batch) >= _BATCH:
                self._told += self._catalog.put(batch)
                known.forget()
                batch = []
                yield from self._tell()
                self._sync_sometimes()
        self._told += self._catalog.put(batch)
        yield from self._tell()
        for _ in self._level():
            yield self._state()
        if self._progress.counts["added"] + self._progress.counts["updated"] >= _LARGE:
            self._fulltext.optimize()
        yield self._state()

    def _level(self) -> Iterator[tuple[int, int]]:
        return level(self._home, self._catalog, self._fulltext)

    def _new(self, paths: Sequence[str]) -> Iterator[Document]:
        """The documents not in the catalog yet; the others are told of at once."""
        for item in read(paths, self._meter):
            self._progress.path = item.origin
            if isinstance(item, SourceError):
                self._told.append(Status(item.origin, "refused", None, str(item)))
                continue
            known = self._catalog.known(item.identity, sha256(item.original).hexdigest())
            if known is None:
                yield item
            else:
                self._told.append(Status(item.origin, "unchanged", known, None))

    def _tell(self) -> Iterator[Status | Progress]:
        self._catalog.ledger.record(self._number, self._told)
        for status in self._told:
            self._progress.counts[status.status] += 1
            self._progress.done += 1
        yield from self._told
        self._told = []
        yield self._state()

    def _state(self) -> Progress:
        progress, fraction = self._progress, self._meter.fraction
        took = max(time.monotonic() - self._started, 1e-6)
        progress.rate = progress.done / took
        progress.of = max(progress.done, round(progress.done / fraction)) if fraction else None
        return progress

    def _sync_sometimes(self) -> None:
        late = time.monotonic() - self._synced > self._patience
        if late or self._catalog.pending_count() >= _SYNC:
            for _ in self._level():
                pass
            self._synced = time.monotonic()
            self._patience = min(1.5 * self._patience, SLOWEST_SYNC_S)
