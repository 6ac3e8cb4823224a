"""Bringing the index level with the catalog: much of it in as many processes as there are cores."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from index.catalog import Catalog
from index.places import Home
from index.search import portions
from index.search.fulltext import FullText
from index.text.lemmas import at_hand, prepare
from index.text.stems import missing_dictionaries

STEP = 5_000
"""Articles that one process takes into the index at once."""
SHARED = 20_000
"""So many pending articles are shared among processes."""
_LEAST = 4_000
"""Articles worth handing to a process."""

Change = tuple[int, int]


def level(
    home: Home, catalog: Catalog, fulltext: FullText, workers: int | None = None
) -> Iterator[tuple[int, int]]:
    """Index what is pending; tells (done, left) after each step.

    The caller holds the writer's lock. What is told of can be found; segments are merged after
    that, so that nobody waits for it.
    """
    done = 0
    count = _cores() if workers is None else workers
    shared = count > 1
    while shared and catalog.pending_count() >= SHARED:
        before = done
        for changes in _shared(home, catalog, fulltext, count):
            done += len(changes)
            yield done, catalog.pending_count()
        shared = done > before
    while changes := catalog.pending(STEP):
        entries = catalog.entries([key for key, _ in changes])
        if late := missing_dictionaries({entry.language for entry in entries}):
            # They take seconds: what came in can be found before, if only by its very words.
            with at_hand():
                fulltext.put(entries, tidy=False)
            yield done, catalog.pending_count()
            prepare(late)
            fulltext.forget_words()
        fulltext.put(entries, tidy=False)
        catalog.settle(changes)  # only now: a crash in between repeats, it never loses
        done += len(changes)
        yield done, catalog.pending_count()
        fulltext.tidy()


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _shared(home: Home, catalog: Catalog, fulltext: FullText, count: int) -> Iterator[list[Change]]:
    """Have portions made by processes, and take each into the index."""
    portions.clear(home.index)
    changes = catalog.pending(count * 4 * portions.MOST)
    size = max(_LEAST, min(portions.MOST, -(-len(changes) // count)))
    waiting: deque[tuple[list[Change], Future[list[Path]]]] = deque()
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(home,)
    )
    try:
        for begin in range(0, len(changes), size):
            portion = changes[begin : begin + size]
            waiting.append((portion, pool.submit(_make, [key for key, _ in portion])))
        while waiting:
            portion, future = waiting.popleft()
            fulltext.adopt(future.result(), [key for key, _ in portion])
            catalog.settle(portion)
            yield portion
    except BrokenProcessPool:
        return  # one process alone does the rest
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_worker: tuple[Catalog, portions.Portions] | None = None


def _begin(home: Home) -> None:
    global _worker  # noqa: PLW0603 - what a worker process keeps between portions
    from index.ingest import start_worker  # noqa: PLC0415 - only workers need it

    start_worker()
    _worker = Catalog(home.catalog, write=False), portions.Portions(home.index)


def _make(keys: list[int]) -> list[Path]:
    assert _worker is not None, "a worker begins before it works"
    catalog, made = _worker
    entries = (
        entry
        for begin in range(0, len(keys), STEP)
        for entry in catalog.entries(keys[begin : begin + STEP])
    )
    return made.make(entries)
