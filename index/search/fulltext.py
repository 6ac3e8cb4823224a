"""The face of the full-text index: entries in, hits out. Nothing in it is not in the catalog."""

import errno
import os
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.errors import ArchiveError, ArchiveLockedError
from index.model import Entry, Hits
from index.places import NO_LOCKS, full_disk
from index.search import lexicon, tree
from index.search.build import Builder, by_language
from index.search.codec import NAME, ArraySegment
from index.search.compile import compiled
from index.search.errors import CorruptError
from index.search.execute import Execution
from index.search.facets import facets as counted
from index.search.facets import facets_of, tag_counts, tag_counts_of
from index.search.few import few
from index.search.found import Found
from index.search.limits import check
from index.search.merging import merge, packed, to_merge
from index.search.opened import best_of_open
from index.search.order import Order, by_day, by_value, place_by_day
from index.search.query import ParsedQuery
from index.search.rank import Ranker
from index.search.segment import Array, Segment
from index.search.spelling import edits_within
from index.search.store import ArrayIndex
from index.search.view import View

Sets = Callable[[tree.Flagged | tree.Tagged], Collection[int]]
Stop = Callable[[], bool]
_REMEMBERED = 16
_DEEP = 4096
_FAR = 16_384
"""How far down the order by relevance an entry's place is looked for."""
SORTS = ("relevance", "newest", "oldest", "added", "longest", "shortest")
"""`added`: those that came into the archive last come first."""


class FullText:
    """A full-text index in `folder`.

    `needs_rebuild` is True where the folder holds none that this program wrote and can read: it
    then answers nothing until `rebuild()`, after which every entry has to be put again.
    One program writes at a time, any number may read; a reader keeps what it has opened until it
    calls `refresh()`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: ArrayIndex | None = None
        self._view: View | None = None
        self._answers: OrderedDict[tree.Node, _Answer] = OrderedDict()
        self._builder: Builder | None = None
        self._open()

    @property
    def needs_rebuild(self) -> bool:
        """Whether there is no index here that can be used."""
        return self._index is None

    @property
    def count(self) -> int:
        """Entries held."""
        return 0 if self._view is None else self._view.count

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the entries held."""
        return () if self._view is None else self._view.ordered_languages

    def _open(self) -> None:
        try:
            self._index = ArrayIndex(self.folder)
            self._look()
        except (CorruptError, OSError, KeyError, TypeError):
            self._index = self._view = None

    def _look(self) -> None:
        assert self._index is not None
        self._view = View(self._index)
        self._answers.clear()

    def rebuild(self) -> None:
        """Begin anew with an empty index. Mark everything as pending in the catalog first."""
        self.close()
        with self._writing():
            self._index = ArrayIndex.create(self.folder)
        self._look()

    def refresh(self) -> None:
        """See what another program has committed since."""
        if self._index is None:
            self._open()
            return
        try:
            if self._index.refresh_segments():
                self._look()
        except CorruptError:
            self._index = self._view = None

    def verify(self) -> bool:
        """Whether every byte of the index is as it was written."""
        if self._index is None:
            return False
        try:
            for part in self._index.segments:
                part.opened.verify()
        except CorruptError:
            return False
        return True

    def put(self, entries: Iterable[Entry], *, tidy: bool = True) -> None:
        """Add `entries`; those whose key is known take the place of the old ones.

        All become visible at once, when they are safely on disk. Whoever is waited for calls
        `tidy` later, when nobody waits.
        """
        newest = {entry.key: entry for entry in entries}
        if newest:
            self._change(newest, newest.keys())
            if tidy:
                self.tidy()

    def delete(self, keys: Iterable[int]) -> None:
        """Forget the entries with these keys."""
        gone = set(keys)
        if gone:
            self._change({}, gone)
            self.tidy()

    def adopt(self, paths: Iterable[Path], keys: Collection[int]) -> None:
        """Make segments that `Portions` made part of the index, in place of the entries `keys`."""
        with self._writing():
            index = self._ready()
            segments = _without(index.segments, keys)
            for path in paths:
                identity = index.new_identity()
                path.replace(index.path_of(identity))
                segments.append(ArraySegment(Segment(index.path_of(identity)), identity))
            index.commit(segments)
            self._look()

    def _ready(self) -> ArrayIndex:
        """The index as it is now, to be changed; the caller holds the lock."""
        if self._index is None:
            raise ArchiveError("The search index has to be rebuilt first.")
        self._index.refresh_segments()
        return self._index

    def _change(self, entries: dict[int, Entry], gone: Collection[int]) -> None:
        with self._writing():
            index = self._ready()
            segments = _without(index.segments, gone)
            # What is known of words serves the next entries too; a failure leaves it half done.
            builder, self._builder = self._builder or Builder(), None
            segments.extend(_built(index, builder, entries.values()))
            self._builder = builder
            index.commit(segments)
            self._look()

    def forget_words(self) -> None:
        """Analyse words anew: there are dictionaries that were not there before."""
        self._builder = None
        self._answers.clear()

    def tidy(self) -> None:
        """Merge segments of which there are too many: the next searches are quicker for it."""
        if self._index is None or not to_merge(self._index.segments):
            return
        with self._writing():
            index = self._ready()
            while chosen := to_merge(index.segments):
                self._merge(index, chosen)

    def _merge(self, index: ArrayIndex, chosen: list[ArraySegment]) -> None:
        merged = _merged(index, chosen)
        left = [part for part in index.segments if part not in chosen]
        index.commit([*left, *merged])
        self._look()

    def optimize(self) -> None:
        """Merge into as few segments as can be: worth it when much has been put and no more comes.

        Takes some ten seconds for every 65,536 entries that are not in a full segment yet.
        """
        with self._writing():
            index = self._ready()
            for chosen in packed(index.segments):
                self._merge(index, chosen)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock; say in a sentence what the disk refuses."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                yield
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise full_disk(self.folder / NAME) from error
            raise ArchiveError(
                "The search index in {folder} cannot be written: {reason}",
                folder=str(self.folder),
                reason=error.strerror or str(error),
            ) from error
        except CorruptError as error:
            self._index = self._view = None
            raise ArchiveError(
                "The search index in {folder} is damaged and has to be rebuilt.",
                folder=str(self.folder),
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold Whoosh's lock; on a disk that cannot lock, the archive's own has to do."""
        lock = ArrayIndex.lock_of(self.folder)
        try:
            if not lock.acquire():
                raise ArchiveLockedError(
                    "Another newsreader is writing to the search index in {folder}.",
                    folder=str(self.folder),
                )
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            # Whoosh closes the file again when the lock goes, which may be another's by then.
            os.close(lock.fd)
            lock.fd = None
            yield
            return
        try:
            yield
        finally:
            lock.release()

    def search(
        self,
        parsed: ParsedQuery,
        *,
        sort: str = "",
        offset: int = 0,
        limit: int = 64,
        facets: bool = True,
        ids: Sets | None = None,
        tags: Mapping[str, Collection[int]] | None = None,
        keep: int | None = None,
        stop: Stop | None = None,
    ) -> Hits:
        """What `parsed` finds. `ids` gives the keys of a flag or tag; `stop` is asked now and then.

        `sort` is one of `SORTS`; empty: relevance where there are words, else newest.
        Equal scores are in the order of newest. Undated entries come last in newest and oldest;
        equals are ordered by key, highest first. `tags` (keys by tag) are counted with the facets.
        The place of the entry with key `keep` in the order is told, where it is found.
        Raises Superseded once `stop()` is true, QueryError where a query of very many words
        would take long, ArchiveError where the index turns out damaged.
        """
        sort = sort or ("relevance" if parsed.has_words else "newest")
        if self._view is None:
            empty: dict[str, dict[str, int]] = {"language": {}, "month": {}, "source": {}}
            return Hits(0, [], [], empty if facets else {})
        try:
            check(self._view, parsed.tree, parsed.text)
            known = self._answers and parsed.tree in self._answers
            if keep is None and sort == "relevance" and not known:
                found = few(self._view, parsed.tree, offset + limit, whole=facets)
                if found is not None:
                    total, keys, scores, articles = found
                    counts = {}
                    if facets and articles is not None:
                        counts = facets_of(self._view, articles)
                        if tags:
                            counts["tag"] = tag_counts_of(self._view, articles, tags)
                    return Hits(total, keys[offset:], scores[offset:], counts)
            answer = self._answer(self._view, parsed, ids, stop)
            order = answer.page(sort, offset, limit)
            counts = answer.facets() if facets else {}
            if facets and tags:
                counts = {**counts, "tag": tag_counts(self._view, answer.found, tags)}
            return Hits(
                total=answer.total,
                keys=self._view.keys().take(order.articles).tolist(),
                scores=order.scores.tolist(),
                facets=counts,
                place=None if keep is None else answer.place(sort, keep),
            )
        except (LookupError, ValueError, ArithmeticError, MemoryError) as error:
            # See whether the files changed under us, and say so if they did.
            if self.verify():
                raise
            self._index = self._view = None
            self._answers.clear()
            raise ArchiveError(
                "The search index in {folder} is damaged and has to be rebuilt.",
                folder=str(self.folder),
            ) from error

    def _answer(
        self, view: View, parsed: ParsedQuery, ids: Sets | None, stop: Stop | None
    ) -> "_Answer":
        """The answer, remembered for the next page of it unless flags and tags play a part."""
        known = self._answers.get(parsed.tree)
        if known is not None:
            self._answers.move_to_end(parsed.tree)
            known.ranker.execution.stop = stop
            return known
        asked = compiled(parsed.tree, ids or (lambda _: ()), known=view.known)
        answer = _Answer(Ranker(Execution(view, asked, stop)))
        if not parsed.id_sets:
            self._answers[parsed.tree] = answer
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return answer

    def words(self, beginning: str, most: int) -> list[tuple[str, int]]:
        """The words of title and body that begin so, with their articles: the commonest first."""
        counts: Counter[str] = Counter()
        for leaf in [] if self._view is None else self._view.leaves:
            for number, articles in lexicon.commonest(leaf.segment, beginning, 4 * most):
                counts[leaf.segment.text(number).decode()] += articles
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]

    def articles_with(self, word: str) -> int:
        """How many articles hold just this folded word (deleted ones may be counted)."""
        return 0 if self._view is None else self._view.term("text", word).holders

    def near(self, word: str, edits: int) -> list[str]:
        """Words at most so many edits from `word`: the nearest first, then the commonest."""
        counts: Counter[str] = Counter()
        for leaf in [] if self._view is None else self._view.leaves:
            segment = leaf.segment
            for number in lexicon.neighbours(segment, "text", word, edits):
                counts[segment.text(number).decode()] += segment.frequency(number)
        return sorted(
            counts, key=lambda near: (not edits_within(word, near, 1), -counts[near], near)
        )

    def close(self) -> None:
        """Let go of the files."""
        self._answers.clear()
        self._index = self._view = self._builder = None


class _Answer:
    """What one query found in one view, and as much of its orders as was asked for."""

    def __init__(self, ranker: Ranker) -> None:
        self.ranker = ranker
        self._found: list[Found] | None = None
        total = ranker.only_word()
        self.total = sum(map(len, self.found)) if total is None else total
        self._orders: dict[str, Order] = {}
        self._facets: dict[str, dict[str, int]] | None = None

    @property
    def found(self) -> list[Found]:
        """What is found in each segment."""
        if self._found is None:
            execution = self.ranker.execution
            self._found = [execution.run(leaf) for leaf in range(len(execution.view.leaves))]
        return self._found

    def page(self, sort: str, offset: int, limit: int) -> Order:
        """The articles [offset, offset + limit) in an order, with their scores."""
        wanted = min(max(offset, 0) + max(limit, 0), self.total)
        order = self._orders.get(sort)
        if order is None or len(order.articles) < wanted:
            # Whoever asks for more and more scrolls: each time four times as much is put in order.
            most = wanted if order is None else 4 * wanted
            most = self.total if most > _DEEP else max(most, 1)
            self._orders[sort] = order = self._ordered(sort, most)
        page = order.at(slice(max(offset, 0), wanted))
        return page if sort == "relevance" else self.ranker.scored(page)

    def _ordered(self, sort: str, most: int) -> Order:
        if sort == "relevance":
            order = self.ranker.best_of_word(most)
            if order is None:
                order = best_of_open(self.ranker, self.found, most)
            return self.ranker.best(self.found, most) if order is None else order
        if sort in ("newest", "oldest"):
            return by_day(self.ranker.view, self.found, most, oldest=sort == "oldest")
        return by_value(self.ranker.view, self.found, most, sort)

    def place(self, sort: str, key: int) -> int | None:
        """The place of the entry `key` in an order, None where it is not found, or far down.

        Orders by value are counted out; that by relevance is only looked at as far as people go.
        """
        if not any(
            found.as_mask()[leaf.with_keys(np.array([key]))].any()
            for leaf, found in zip(self.ranker.view.leaves, self.found, strict=True)
            if len(found)
        ):
            return None
        if sort in ("newest", "oldest"):
            return place_by_day(self.ranker.view, self.found, key, oldest=sort == "oldest")
        most = self.total if sort != "relevance" else min(self.total, _FAR)
        self.page(sort, 0, most)
        keys = self.ranker.view.keys().take(self._orders[sort].articles[:most])
        places = np.flatnonzero(keys == key)
        return int(places[0]) if len(places) else None

    def facets(self) -> dict[str, dict[str, int]]:
        """Counts over the whole answer."""
        if self._facets is None:
            self._facets = counted(self.ranker.view, self.found)
        return self._facets


def _without(segments: list[ArraySegment], gone: Collection[int]) -> list[ArraySegment]:
    """The segments with the entries of these keys deleted."""
    keys = np.sort(np.fromiter(gone, np.int64, len(gone)))
    changed = []
    for part in segments:
        held = _among(part.opened.keys, keys)
        if part.alive is not None:
            held &= part.alive
        if not held.any():
            changed.append(part)
            continue
        alive = ~held if part.alive is None else part.alive & ~held
        if alive.any():
            changed.append(ArraySegment(part.opened, part.segid, alive))
    return changed


def _among(asked: Array, ordered: Array) -> Array:
    places = np.searchsorted(ordered, asked)
    places[places == len(ordered)] = 0
    found: Array = ordered[places] == asked
    return found


def _built(index: ArrayIndex, builder: Builder, entries: Iterable[Entry]) -> Iterator[ArraySegment]:
    """New segments of these entries."""

    def written() -> ArraySegment:
        identity = index.new_identity()
        builder.write(index.path_of(identity))
        return ArraySegment(Segment(index.path_of(identity)), identity)

    for entry in by_language(entries):
        builder.add(entry)
        if builder.is_full:
            yield written()
    if len(builder):
        yield written()


def _merged(index: ArrayIndex, chosen: list[ArraySegment]) -> list[ArraySegment]:
    """One segment in place of several."""
    sources = [
        (part.opened, np.ones(part.opened.documents, bool) if part.alive is None else part.alive)
        for part in chosen
    ]
    identity = index.new_identity()
    merge(index.path_of(identity), sources)
    return [ArraySegment(Segment(index.path_of(identity)), identity)]
