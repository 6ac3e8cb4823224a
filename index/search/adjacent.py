"""Articles in which one word stands right behind another: of several segments in one pass."""

import threading
from typing import NamedTuple

import numpy as np

from index.search.segment import FULL, MARKED, TIMES, Array, Segment
from index.search.weights import joined

_TIMES = int(TIMES.max())
_NUMBERS = np.arange(FULL, dtype=np.uint16)


class Adjacent(NamedTuple):
    """Articles of a segment, ascending, and the codes of the first and the second term in them."""

    documents: Array
    codes: list[Array]


class _Met(NamedTuple):
    """The articles of the rarer of two terms, and those of them where it meets the other."""

    segment: Segment
    begin: int
    documents: Array
    codes: Array
    at: Array
    """Which of the articles hold the other term too,"""
    held: Array
    """its codes in them,"""
    begins: Array
    """and where in `places` its places there begin."""


def adjacent(parts: list[tuple[Segment, int, int]]) -> list[Adjacent] | None:
    """The articles of each segment in which its second term stands right behind its first.

    It is looked for from the places of the rarer term. None where that one has a row, or where
    places are not as simple as they nearly always are.
    """
    ahead = 1
    if sum(one.frequency(second) - one.frequency(first) for one, first, second in parts) < 0:
        ahead = -1
        parts = [(segment, second, first) for segment, first, second in parts]
    for segment, rare, other in parts:
        odd = not segment.odd_terms.isdisjoint((rare, other))
        if odd or rare in segment.dense or segment.has_long:
            return None
    met = [_met(*part) for part in parts]
    offsets = [0]
    for one in met:
        offsets.append(offsets[-1] + len(one.documents))
    at = joined([one.at + offset for one, offset in zip(met, offsets, strict=False)])
    nth = _both(_of_rare(met, at, ahead), _of_other(met, at))
    bounds = nth.searchsorted(offsets).tolist()
    found = []
    for part, one in enumerate(met):
        there = nth[bounds[part] : bounds[part + 1]] - offsets[part]
        codes = [one.codes.take(there), one.held.take(one.at.searchsorted(there))]
        found.append(Adjacent(one.documents.take(there), codes[::ahead]))
    return found


def _met(segment: Segment, rare: int, other: int) -> _Met:
    documents, codes = segment.stretch_of(rare, 0, segment.documents)
    begin = segment.begin_of_places(rare)
    if other in segment.dense:
        held = segment.codes_in(other, documents)
        at = (held != 0).nonzero()[0]
        begins, _ = segment.places_in(other, documents.take(at))
        return _Met(segment, begin, documents, codes, at, held.take(at), begins)
    holders, every = segment.stretch_of(other, 0, segment.documents)
    if len(documents) * MARKED > len(holders):
        number_of = _numbers_of_articles()
        number_of[holders.astype(np.int64)] = _NUMBERS[: len(holders)]
        # What others have left there is told by what is found under the number.
        chosen = number_of.take(documents)
    else:
        chosen = holders.searchsorted(documents)
    at = (holders.take(chosen, mode="clip") == documents).nonzero()[0]
    chosen = chosen.take(at).astype(np.int64)
    held = every.take(chosen)
    before = (every[: int(chosen[-1]) + 1 if len(chosen) else 0] & _TIMES).cumsum(dtype=np.int64)
    begins = before.take(chosen) - (held & _TIMES) + segment.begin_of_places(other)
    return _Met(segment, begin, documents, codes, at, held, begins)


_kept = threading.local()


def _numbers_of_articles() -> Array:
    """Room for a number for each article; what is in it is left from before."""
    kept: Array | None = getattr(_kept, "numbers", None)
    if kept is None:
        kept = _kept.numbers = np.zeros(FULL, np.uint16)
    return kept


def _of_rare(met: list[_Met], at: Array, ahead: int) -> Array:
    """The places next to those of the rarer term where both are, ascending.

    Places are told apart by which of all articles they are in: its number << 16 | place.
    """
    times = joined([one.codes for one in met]) & _TIMES
    both = np.zeros(len(times), bool)
    both[at] = True
    places = []
    for one in met:
        count = int((one.codes & _TIMES).sum())
        places.append(one.segment.places[one.begin : one.begin + count])
    held = both.repeat(times).nonzero()[0]
    found: Array = (at << 16).repeat(times.take(at))
    found += joined(places).take(held)
    found += ahead
    return found


def _of_other(met: list[_Met], at: Array) -> Array:
    """The places of the other term where both are, ascending."""
    times = joined([one.held for one in met]) & _TIMES
    begins = joined([one.begins for one in met])
    ends = times.cumsum(dtype=np.int64)
    begins = (begins - ends + times).repeat(times)
    begins += np.arange(len(begins))
    found: Array = (at << 16).repeat(times)
    first = low = 0
    for one in met:
        if len(one.at):
            first += len(one.at)
            high = int(ends[first - 1])
            found[low:high] += one.segment.places.take(begins[low:high])
            low = high
    return found


def _both(some: Array, others: Array) -> Array:
    """The articles of what is in both, each once."""
    if len(some) > len(others):
        some, others = others, some
    if not len(some):
        return some
    there = others.take(others.searchsorted(some), mode="clip") == some
    return once(some.compress(there) >> 16)


def once(ordered: Array) -> Array:
    """Each of ascending numbers once."""
    if len(ordered) < 2:
        return ordered
    differs = np.empty(len(ordered), bool)
    differs[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:])
    found: Array = ordered.compress(differs)
    return found
