"""Articles in which one word stands right behind another: of several segments in one pass."""

from typing import NamedTuple

import numpy as np

from index.search.segment import LAST_PLACE, MARKED, TIMES, Array, Segment, added_before
from index.search.weights import joined
from index.text.strings import stretches

_TIMES = int(TIMES.max())
_COMPARED = 16_384
"""So many pairs of places are sooner compared, each with each, than put in order."""
_ONE = np.array(1, np.uint16)
_NTHS = np.arange(_TIMES, dtype=np.uint8)[:, None]


class Pair(NamedTuple):
    """Two different terms of a segment, the number of whose first article is `base`."""

    base: int
    segment: Segment
    first: int
    second: int


class Adjacent(NamedTuple):
    """Articles, ascending, and the codes of the first and the second term in them."""

    articles: Array
    codes: list[Array]


class _Places(NamedTuple):
    """Where a term stands in articles."""

    begins: Array
    """Where in `places` its places in each begin."""
    times: Array
    """How many these are."""
    places: Array


class _Met(NamedTuple):
    """Those of some articles that hold a term."""

    at: Array
    """Which of the articles they are, ascending."""
    codes: Array
    where: _Places


def adjacent(pairs: list[Pair]) -> Adjacent | None:
    """The articles in which the second term of a pair stands right behind the first.

    None where the rarer term has a row, or where places are not as simple as they nearly always
    are.
    """
    ahead = 1
    if sum(one.frequency(second) - one.frequency(first) for _, one, first, second in pairs) < 0:
        ahead = -1
        pairs = [Pair(base, segment, second, first) for base, segment, first, second in pairs]
    in_lists = True
    for _, segment, rare, other in pairs:
        if segment.has_odd and not segment.odd_terms.isdisjoint((rare, other)):
            return None
        if rare in segment.dense or segment.has_long:
            return None
        in_lists = in_lists and other not in segment.dense
    each = [segment.postings_of(rare) for _, segment, rare, _ in pairs]
    articles, codes = _numbered(pairs, each), joined([one[1] for one in each])
    met = _met_in_lists(pairs, articles) if in_lists else _met_in_rows(pairs, each)
    held = codes[met.at]
    if len(held):
        rarer = _Places(
            added_before(codes & _TIMES, met.at),
            held & _TIMES,
            joined([segment.places_of(rare) for _, segment, rare, _ in pairs]),
        )
        few = len(held) * int(rarer.times.max()) * int(met.where.times.max()) <= _COMPARED
        chosen = (_compared if few else _sorted)(rarer, met.where, ahead)
        at = met.at[chosen]
        return Adjacent(articles[at], [held[chosen], met.codes[chosen]][::ahead])
    return Adjacent(articles[met.at], [held, met.codes])


def _numbered(pairs: list[Pair], postings: list[tuple[Array, Array]]) -> Array:
    """The articles of postings in the segments of `pairs`, by their numbers."""
    if len(pairs) == 1:
        return postings[0][0].astype(np.int64) + pairs[0].base
    found = np.concatenate([documents for documents, _ in postings], dtype=np.int64)
    begin = 0
    for pair, (documents, _) in zip(pairs, postings, strict=True):
        end = begin + len(documents)
        if pair.base:
            found[begin:end] += pair.base
        begin = end
    return found


def _met_in_lists(pairs: list[Pair], articles: Array) -> _Met:
    """Where the second terms of `pairs`, of which none has a row, are in `articles`."""
    each = [segment.postings_of(other) for _, segment, _, other in pairs]
    holders, codes = _numbered(pairs, each), joined([one[1] for one in each])
    if len(articles) * MARKED > len(holders):
        held = np.zeros(pairs[-1].base + pairs[-1].segment.documents, bool)
        held[holders] = True
        at = held[articles].nonzero()[0]
        held[holders] = False
        held[articles] = True
        there = held[holders].nonzero()[0]
    else:
        there = holders.searchsorted(articles)
        at = (holders.take(there, mode="clip") == articles).nonzero()[0]
        there = there[at]
    times = codes & _TIMES
    places = joined([segment.places_of(other) for _, segment, _, other in pairs])
    return _Met(at, codes[there], _Places(added_before(times, there), times[there], places))


def _met_in_rows(pairs: list[Pair], postings: list[tuple[Array, Array]]) -> _Met:
    """The same where some have one, in the articles of all `postings`."""
    places, codes, where = [], [], []
    before = 0
    for (_, segment, _, other), (documents, _) in zip(pairs, postings, strict=True):
        held = segment.codes_in(other, documents)
        at = held.nonzero()[0]
        held = held[at]
        begins, times = segment.places_in(other, documents[at])
        places.append(segment.places[stretches(begins, times.astype(np.int64))])
        codes.append(held)
        where.append(at + before)
        before += len(documents)
    together = joined(codes)
    times = together & _TIMES
    begins = times.cumsum(dtype=np.int64) - times
    return _Met(joined(where), together, _Places(begins, times, joined(places)))


def _compared(one: _Places, other: _Places, ahead: int) -> Array:
    """Which of some articles have a place of one term so far ahead of one of the other."""
    before, behind = _nth_places(one), _nth_places(other)
    if ahead > 0:
        before += _ONE
    else:
        behind += _ONE
    alike = before[0] == behind
    for nth in before[1:]:
        alike |= nth == behind
    found: Array = np.logical_or.reduce(alike).nonzero()[0]
    return found


def _nth_places(one: _Places) -> Array:
    """The first places in all articles, the second ones, and so on: the last again if need be."""
    most = int(one.times.max())
    if most == 1:
        return one.places[one.begins][None]
    at = np.minimum(_NTHS[:most], one.times - _NTHS[1]) + one.begins
    found: Array = one.places.take(at)
    return found


def _sorted(one: _Places, other: _Places, ahead: int) -> Array:
    """The same, for so many that all places are put in order."""
    count = len(one.begins)
    times = np.concatenate((one.times, other.times))
    ends = times.cumsum(dtype=np.int64)
    at = (np.concatenate((one.begins, other.begins)) - ends + times).repeat(times)
    at += np.arange(len(at))
    # Places are told apart by which of all articles they are in: its number << 16 | place.
    # Numbers of half the size are put in order in half the time.
    numbers: Array = np.arange(0, count << 16, 1 << 16)
    if count <= LAST_PLACE:
        numbers = numbers.astype(np.uint32)
    found = np.concatenate((numbers + 1 if ahead > 0 else numbers - 1, numbers)).repeat(times)
    half = int(ends[count - 1])
    found[:half] += one.places[at[:half]]
    found[half:] += other.places[at[half:]]
    # No term stands twice at one place: what is there twice are both of them.
    found.sort()
    twice = (found[1:] == found[:-1]).nonzero()[0]
    return once(found[twice] >> 16).astype(np.int64)


def once(ordered: Array) -> Array:
    """Each of ascending numbers once."""
    if len(ordered) < 2:
        return ordered
    differs = np.empty(len(ordered), bool)
    differs[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:])
    found: Array = ordered.compress(differs)
    return found
