"""Articles in which one word stands right behind another: of several segments in one pass."""

import threading
from typing import NamedTuple

import numpy as np

from index.search.segment import FULL, LAST_PLACE, MARKED, TIMES, Array, Segment, added_before

_TIMES = int(TIMES.max())
_NUMBERS = np.arange(FULL, dtype=np.uint16)


class Adjacent(NamedTuple):
    """Articles of a segment, ascending, and the codes of the first and the second term in them."""

    documents: Array
    codes: list[Array]


class _Met(NamedTuple):
    """Articles of a segment in which two terms meet, the rarer first: ascending, with the codes."""

    segment: Segment
    documents: Array
    codes: list[Array]
    begins: list[Array]
    """Where in `places` the places of each term in them begin."""


def adjacent(parts: list[tuple[Segment, int, int]]) -> list[Adjacent] | None:
    """The articles of each segment in which its second term stands right behind its first.

    None where the rarer term has a row, or where places are not as simple as they nearly always
    are.
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
    nth = _next_to(met, ahead)
    found = []
    offset = low = 0
    for one in met:
        offset += len(one.documents)
        high = int(nth.searchsorted(offset)) if one is not met[-1] else len(nth)
        there = nth[low:high] - (offset - len(one.documents))
        codes = [each.take(there) for each in one.codes[::ahead]]
        found.append(Adjacent(one.documents.take(there), codes))
        low = high
    return found


def _met(segment: Segment, rare: int, other: int) -> _Met:
    documents, codes = segment.stretch_of(rare, 0, segment.documents)
    if other in segment.dense:
        held = segment.codes_in(other, documents)
        at = (held != 0).nonzero()[0]
        held = held.take(at)
        both = documents.take(at)
        begins, _ = segment.places_in(other, both)
    else:
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
        both = documents.take(at)
        begins = _begins(segment, other, every, chosen)
    firsts = _begins(segment, rare, codes, at)
    return _Met(segment, both, [codes.take(at), held], [firsts, begins])


def _begins(segment: Segment, term: int, codes: Array, chosen: Array) -> Array:
    """Where the places of a term in those of its articles begin that are `chosen`."""
    if not len(chosen):
        return chosen
    begins = added_before(codes[: int(chosen[-1]) + 1] & _TIMES, chosen)
    begins += segment.begin_of_places(term)
    return begins


_kept = threading.local()


def _numbers_of_articles() -> Array:
    """Room for a number for each article; what is in it is left from before."""
    kept: Array | None = getattr(_kept, "numbers", None)
    if kept is None:
        kept = _kept.numbers = np.zeros(FULL, np.uint16)
    return kept


def _next_to(met: list[_Met], ahead: int) -> Array:
    """Which of all articles have the second term so far behind the first, ascending, each once."""
    times = np.concatenate([codes for one in met for codes in one.codes]) & _TIMES
    ends = times.cumsum(dtype=np.int64)
    if not len(ends):
        return ends
    begins = np.concatenate([begins for one in met for begins in one.begins])
    at = (begins - ends + times).repeat(times)
    at += np.arange(len(at))
    # Places are told apart by which of all articles they are in: its number << 16 | place.
    places = _numbered(met, ahead).repeat(times)
    low = first = 0
    for one in met:
        if len(one.documents):
            first += 2 * len(one.documents)
            high = int(ends[first - 1])
            places[low:high] += one.segment.places.take(at[low:high])
            low = high
    # No term stands twice at one place: what is there twice are both of them.
    places.sort()
    twice = places[1:] == places[:-1]
    return once(places[1:].compress(twice).astype(np.int64) >> 16)


def _numbered(met: list[_Met], ahead: int) -> Array:
    """The number << 16 of each article, for either term; for the first the place it is ahead."""
    count = sum(len(one.documents) for one in met)
    # Numbers of half the size are put in order in half the time.
    numbers: Array = np.arange(0, count << 16, 1 << 16)
    if count <= LAST_PLACE:
        numbers = numbers.astype(np.uint32)
    first = numbers + 1 if ahead > 0 else numbers - 1
    parts = []
    begin = 0
    for one in met:
        end = begin + len(one.documents)
        parts += [first[begin:end], numbers[begin:end]]
        begin = end
    return np.concatenate(parts)


def once(ordered: Array) -> Array:
    """Each of ascending numbers once."""
    if len(ordered) < 2:
        return ordered
    differs = np.empty(len(ordered), bool)
    differs[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:])
    found: Array = ordered.compress(differs)
    return found
