"""The index as it stands at one moment: its segments, and what is counted over all of them."""

import itertools
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from whoosh.reading import EmptyReader, MultiReader, SegmentReader
from whoosh.searching import Searcher

from index.search.codec import Weighting, lengths, measured, stored_in, total_length
from index.search.compile import Known
from index.search.scoring import K1, UNIT, drift, norms, rarity
from index.search.segment import Array, Segment
from index.search.store import ArrayIndex

_BITS = 62
_REMEMBERED = 1024
_PUT_TOGETHER = 32
"""Words of which that is kept: at most as many times a byte as there are articles."""
_SINGLY = 4
"""Stretches that are added to one by one; of more all in one go."""


@dataclass(slots=True)
class Leaf:
    """One segment; `languages` and `sources` are the numbers that its own have in the view."""

    segment: Segment
    alive: Array | None
    languages: Array
    sources: Array
    lengths: dict[str, Array] = field(default_factory=dict)
    extents: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    row_error: float | None = None
    """How far the impacts kept are off at most, once asked for."""
    by_key: tuple[Array, Array] | None = None
    """The keys in ascending order, and the article that has each, once asked for."""

    @property
    def count(self) -> int:
        """Articles, deleted ones too."""
        return self.segment.documents

    def with_keys(self, keys: Array) -> Array:
        """The articles that have one of `keys`, in the order of their keys."""
        if self.by_key is None:
            order = np.argsort(self.segment.keys)
            self.by_key = (self.segment.keys[order], order)
        ordered, documents = self.by_key
        if not len(ordered):
            return documents
        places = np.searchsorted(ordered, keys)
        places[places == len(ordered)] = 0
        found: Array = documents[places[ordered[places] == keys]]
        return found

    def lengths_of(self, name: str) -> Array:
        """The length of each article's field, as scores count it."""
        name = measured(name)
        if name not in self.lengths:
            self.lengths[name] = lengths(self.segment, name).astype(np.float64)
        return self.lengths[name]

    def extent_of(self, name: str) -> tuple[float, float, float]:
        """The least, the greatest and the mean length of a field."""
        name = measured(name)
        if name not in self.extents:
            found = self.lengths_of(name)
            self.extents[name] = (float(found.min()), float(found.max()), float(found.mean()))
        return self.extents[name]


class Postings(NamedTuple):
    """The articles that hold a term, ascending, and the codes of it there: by segment."""

    places: list[int]
    """The segments that have the term, by their places in the view."""
    documents: list[Array]
    codes: list[Array]


@dataclass(slots=True)
class Term:
    """A term: its number in each segment (-1: none), and how many articles hold it."""

    numbers: list[int]
    holders: int
    worth: float
    """Its rarity, times K1 + 1: what the impact of it in an article is multiplied with."""
    units: Array
    """The same times `UNIT`: numpy takes an array of one number in half the time of a number."""
    odd: bool
    """Whether any of its codes is `ODD`."""
    postings: Postings | None = None
    """Where they lie in the files, once asked for: nothing is copied. Not of terms with a row."""


class Ranks(NamedTuple):
    """All articles by day, then key, the oldest first."""

    of: Array
    """The place of each,"""
    articles: Array
    """and the article at each place,"""
    keys: Array
    """and its key."""
    bits: int
    """So many bits has the number of a place,"""
    shift: Array
    """the same as an array of one number,"""
    mask: Array
    """and all of them set."""


class View:
    """A generation of the index, held open."""

    def __init__(self, index: ArrayIndex) -> None:
        self.index = index
        self.generation = index.generation
        self.segments = list(index.segments)
        languages: dict[str, int] = {}
        sources: dict[str, int] = {}
        self.leaves = [
            Leaf(
                part.opened,
                part.alive,
                _numbered(part.opened.language_names, languages),
                _numbered(part.opened.source_names, sources),
            )
            for part in self.segments
        ]
        self.opened = [leaf.segment for leaf in self.leaves]
        self.language_names = list(languages)
        self.language_numbers = languages
        self.ordered_languages = tuple(sorted(languages))
        self.source_names = list(sources)
        self.count_all = sum(leaf.count for leaf in self.leaves)
        self.count = sum(part.doc_count() for part in self.segments)
        self.bases = [0, *itertools.accumulate(leaf.count for leaf in self.leaves)]
        """The number in the view of the first article of each segment, and one behind the last."""
        self.numpy_bases = [np.array(base) for base in self.bases]
        self._bases = np.array(self.bases, np.int64)
        self.has_odd = any(leaf.segment.has_odd for leaf in self.leaves)
        """Whether any count needs to be looked up apart."""
        self.deleted = self.count_all - self.count
        self.alive = self._alive() if self.deleted else None
        """Which of all articles live; None while nothing is deleted."""
        self.known = Known()
        self.columns: object = None
        """Kept by `facets`: what articles are counted by."""
        self._terms: dict[tuple[str, str], Term] = {}
        self._kept: dict[int, tuple[object, dict[int, Any]]] = {}
        self._averages: dict[str, float] = {}
        self._norms: dict[str, Array] = {}
        self._keys: Array | None = None
        self._days: Array | None = None
        self._languages: Array | None = None
        self._ranks: Ranks | None = None
        self._searcher: Searcher | None = None

    def average(self, name: str) -> float:
        """The mean length of a field."""
        if name not in self._averages:
            total = sum(total_length(leaf.segment, name) for leaf in self.leaves)
            self._averages[name] = (total / self.count_all if self.count_all else 0.0) or 1.0
        return self._averages[name]

    def _alive(self) -> Array:
        parts = [
            np.ones(leaf.count, bool) if leaf.alive is None else leaf.alive for leaf in self.leaves
        ]
        return np.concatenate(parts)

    def numbered(self, places: list[int], documents: list[Array]) -> Array:
        """Articles of the segments at `places` by their numbers in the view, all in one."""
        if len(places) == 1:
            found: Array = documents[0] + self.numpy_bases[places[0]]
            return found
        found = np.concatenate(documents, dtype=np.int64)
        if len(places) > _SINGLY:
            found += self._bases.take(places).repeat(list(map(len, documents)))
            return found
        begin = 0
        for place, one in zip(places, documents, strict=True):
            end = begin + len(one)
            if place:
                found[begin:end] += self.numpy_bases[place]
            begin = end
        return found

    def term(self, name: str, text: str) -> Term:
        """A term of a field. Where terms asked for lately stand is remembered.

        The words before the one being typed are asked for again at each key.
        """
        known = self._terms.get((name, text))
        if known is not None:
            return known
        field, letters = stored_in(name), text.encode()
        numbers = []
        holders, odd = 0, False
        for segment in self.opened:
            number = segment.find(field, letters)
            numbers.append(number)
            if number >= 0:
                holders += segment.frequency(number)
                odd = odd or (segment.has_odd and number in segment.odd_terms)
        worth = self.worth(holders)
        if len(self._terms) >= _REMEMBERED:
            self._terms.clear()
        found = self._terms[name, text] = Term(numbers, holders, worth, np.array(worth * UNIT), odd)
        return found

    def worth(self, holders: int) -> float:
        """What a word in so many articles is worth, where its impact is 1."""
        return rarity(self.count_all, holders) * (K1 + 1)

    def postings(self, term: Term) -> Postings:
        """Where a term stands, all segments."""
        if term.postings is not None:
            return term.postings
        found = Postings([], [], [])
        is_list = True
        for place, number in enumerate(term.numbers):
            if number >= 0:
                segment = self.opened[place]
                is_list = is_list and number not in segment.dense
                documents, codes = segment.postings_of(number)
                found.places.append(place)
                found.documents.append(documents)
                found.codes.append(codes)
        if is_list:
            term.postings = found
        return found

    def row_error(self, place: int) -> float:
        """How far the impacts that a segment keeps are off at most."""
        leaf = self.leaves[place]
        if leaf.row_error is None:
            shortest, longest, mean = leaf.extent_of("text")
            leaf.row_error = leaf.segment.error + drift(
                shortest, longest, mean, self.average("text")
            )
        return leaf.row_error

    def kept(self, asked: object) -> dict[int, Any]:
        """What was put together for a word in its forms, by segment: of those asked for lately.

        The words before the one being typed are asked for again at each key.
        """
        known = self._kept.get(id(asked))
        if known is None or known[0] is not asked:
            if len(self._kept) >= _PUT_TOGETHER:
                self._kept.pop(next(iter(self._kept)))
            known = self._kept[id(asked)] = asked, {}
        return known[1]

    def norms(self, name: str) -> Array:
        """What the length of each article's field adds below the line of BM25, all segments."""
        known = self._norms.get(name)
        if known is not None:
            return known
        if measured(name) != name:
            self._norms[name] = self.norms(measured(name))
        else:
            parts = [np.zeros(0), *(lengths(leaf.segment, name) for leaf in self.leaves)]
            self._norms[name] = norms(np.concatenate(parts), self.average(name))
        return self._norms[name]

    def keys(self) -> Array:
        """The keys of all articles, one segment after another."""
        if self._keys is None:
            parts = [np.zeros(0, np.int64), *(leaf.segment.keys for leaf in self.leaves)]
            self._keys = np.concatenate(parts)
        return self._keys

    def days(self) -> Array:
        """The days of all articles."""
        if self._days is None:
            parts = [np.zeros(0, np.int32), *(leaf.segment.days for leaf in self.leaves)]
            self._days = np.concatenate(parts)
        return self._days

    def languages(self) -> Array:
        """The language of every article, by its place in `language_names`."""
        if self._languages is None:
            parts = [leaf.languages.take(leaf.segment.languages) for leaf in self.leaves]
            self._languages = np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.uint16)
        return self._languages

    def ranks(self) -> Ranks:
        """All articles in order by day, then key."""
        if self._ranks is None:
            ordered = _by_day_and_key(self.days(), self.keys())
            ranks = np.empty(len(ordered), np.int64)
            ranks[ordered] = np.arange(len(ordered))
            bits = len(ordered).bit_length()
            keys = self.keys().take(ordered)
            self._ranks = Ranks(ranks, ordered, keys, bits, np.array(bits), np.array(2**bits - 1))
        return self._ranks

    @property
    def searcher(self) -> Searcher:
        """Whoosh's own searcher over the same segments."""
        if self._searcher is None:
            storage, schema = self.index.storage, self.index.schema
            readers = [SegmentReader(storage, schema, part) for part in self.segments]
            if not readers:
                reader = EmptyReader(schema)
            else:
                reader = readers[0] if len(readers) == 1 else MultiReader(readers)
            self._searcher = Searcher(reader, weighting=Weighting())
        return self._searcher


def _by_day_and_key(days: Array, keys: Array) -> Array:
    """The articles in order: a merge, since those of a segment already are."""
    highest = int(keys.max(initial=0)).bit_length()
    span = int(days.max(initial=0)) - int(days.min(initial=0))
    if span.bit_length() + highest > _BITS or keys.min(initial=0) < 0:
        return np.lexsort((keys, days))
    both = days.astype(np.int64) - int(days.min(initial=0))
    both <<= highest
    both |= keys
    return np.argsort(both, kind="stable")


def _numbered(names: list[str], whole: dict[str, int]) -> Array:
    return np.array([whole.setdefault(name, len(whole)) for name in names], np.int64)
