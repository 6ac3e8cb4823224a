"""The articles of a segment in which words stand one behind another."""

import threading
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from index.search.adjacent import Pair, adjacent, once
from index.search.segment import GAP, LAST_PLACE, Array, Segment

_BETWEEN = 1100
"""Places between articles: more than the words of a query."""
_LOOKED_UP = 512
"""So many places are looked up sooner than all others are marked."""


class Phrased(NamedTuple):
    """Articles that hold a phrase, and the codes of its terms in them as far as they were met."""

    documents: Array
    codes: dict[int, Array]


def phrased(segment: Segment, numbers: list[int], step: int, field: str) -> Phrased | None:
    """The articles with these terms of the text, each at most `step` places behind the one before.

    None where `phrase_in` has to look through all that hold the terms.
    """
    if step != 1:
        return None
    if field == "text" and len(numbers) == 2 and numbers[0] != numbers[1]:
        documents = segment.side_by_side(*numbers)
        if documents is not None:
            return Phrased(documents, {})
        found = adjacent([Pair(0, segment, *numbers)])
        if found is None:
            return None
        return Phrased(found.articles, dict(zip(numbers, found.codes, strict=True)))
    candidates = _side_by_side(segment, numbers)
    if candidates is None:
        return None
    if len(candidates) and (field != "text" or numbers[2:]):
        candidates = phrase_in(segment, numbers, step, candidates, field)
    return Phrased(candidates, {})


def _side_by_side(segment: Segment, numbers: list[int]) -> Array | None:
    """The articles that hold the terms and, side by side, all those neighbours that are paired.

    None where no two neighbours are.
    """
    kept = {two: segment.side_by_side(*two) for two in dict.fromkeys(pairwise(numbers))}
    lists = sorted((one for one in kept.values() if one is not None), key=len)
    if not lists:
        return None
    documents = lists[0]
    for other in lists[1:]:
        documents = documents[_among(documents, other)]
    met = {number for two, one in kept.items() if one is not None for number in two}
    for number in dict.fromkeys(numbers):
        if number not in met:
            documents = documents[segment.codes_in(number, documents) != 0]
    return documents


def phrase_in(
    segment: Segment, numbers: list[int], step: int, documents: Array, field: str
) -> Array:
    """Those of `documents` in which the terms stand in order, each at most `step` places on."""
    found = _Places(segment, documents.astype(np.int64))
    at = found.side_by_side(numbers) if step == 1 else found.in_order(numbers, step)
    held = found.articles.take(found.nth(at))
    if field == "body":
        # Title words come before the gap: a phrase that ends behind it lies in the body.
        held = held[at - found.begins.take(found.nth(at)) >= segment.title_lengths.take(held)]
    return once(np.sort(held))


class _Places:
    """The places in some articles, numbered through from the first to the last."""

    def __init__(self, segment: Segment, articles: Array) -> None:
        self.segment = segment
        self._lay_out(articles)

    def _lay_out(self, articles: Array) -> None:
        self.articles = articles
        self._of: dict[int, Array] = {}
        # A free stretch behind each, so that no step leads from one into the next.
        sizes = self.segment.lengths.take(articles) + np.int64(GAP + _BETWEEN)
        ends = sizes.cumsum()
        self.begins = ends - sizes
        self.size = int(ends[-1]) if len(ends) else 0

    def nth(self, at: Array) -> Array:
        """Which of the articles each place is in."""
        nth: Array = self.begins.searchsorted(at, "right") - 1
        return nth

    def side_by_side(self, numbers: list[int]) -> Array:
        """Where a phrase begins: from its rarest word to its commonest."""
        runs: list[tuple[int, int, int]] = []
        at = 0
        for number, alike in groupby(numbers):
            times = len(list(alike))
            runs.append((self.segment.frequency(number), at, times))
            at += times
        (_, at, times), *others = sorted(runs)
        begins = self._of_run(numbers[at], times) - at
        for _, at, times in others:
            if not len(begins):
                break
            begins = begins[self._are_among(begins + at, self._of_run(numbers[at], times))]
        return begins

    def in_order(self, numbers: list[int], step: int) -> Array:
        """Where a loose phrase ends."""
        times = next(
            (at for at, number in enumerate(numbers) if number != numbers[0]), len(numbers)
        )
        ends = self._of_loose_run(numbers[0], times, step)
        for number in numbers[times:]:
            if not len(ends):
                break
            ends = self._narrowed(ends)
            places = self.of(number)
            before = ends.searchsorted(places)
            near = before > 0
            near[near] = places[near] - ends[before[near] - 1] <= step
            ends = places[near]
        return ends

    def _narrowed(self, places: Array) -> Array:
        """The same places, where articles that have none of them are forgotten if they are many."""
        if 2 * len(places) > len(self.articles):
            return places
        nth = self.nth(places)
        kept = once(nth)
        within = places - self.begins.take(nth)
        self._lay_out(self.articles.take(kept))
        found: Array = self.begins.take(kept.searchsorted(nth)) + within
        return found

    def _of_run(self, number: int, times: int) -> Array:
        """Where a term stands so often in a row, ascending."""
        places = self.of(number)
        if times == 1:
            return places
        first, last = places[: 1 - times], places[times - 1 :]
        found: Array = first[last - first == times - 1]
        return found

    def _of_loose_run(self, number: int, times: int, step: int) -> Array:
        """Where the last is of so many of a term, each at most `step` places behind another."""
        places = self.of(number)
        if times == 1 or not len(places):
            return places
        nth = np.arange(len(places))
        first = nth.copy()
        first[1:][places[1:] - places[:-1] <= step] = 0
        np.maximum.accumulate(first, out=first)
        return places[nth - first >= times - 1]

    def of(self, number: int) -> Array:
        """The places of a term that all the articles hold, ascending."""
        known = self._of.get(number)
        if known is not None:
            return known
        begins, times = self.segment.places_in(number, self.articles)
        firsts = self.begins
        if len(times) and times.max() > 1:
            ends = times.cumsum(dtype=np.int64)
            begins = np.repeat(begins - ends + times, times)
            begins += np.arange(len(begins))
            firsts = np.repeat(firsts, times)
        places = self.segment.places.take(begins)
        found: Array = firsts + places
        if self.segment.has_long:
            # The words share an article but a very long one has no places towards its end.
            found = found[places < LAST_PLACE]
        self._of[number] = found
        return found

    def _are_among(self, asked: Array, places: Array) -> Array:
        if len(asked) < _LOOKED_UP:
            return _among(asked, places)
        # To mark and to look is a fraction of a search in a long list.
        held = _all_false(self.size + _BETWEEN)
        try:
            held[places] = True
            return held.take(asked)
        finally:
            held[places] = False


_kept = threading.local()


def _all_false(size: int) -> Array:
    """At least `size` times False, to be given back so: fresh memory costs more to touch."""
    held: Array | None = getattr(_kept, "held", None)
    if held is None or len(held) < size:
        held = _kept.held = np.zeros(size, bool)
    return held


def _among(asked: Array, sorted_places: Array) -> Array:
    if not len(sorted_places):
        return np.zeros(len(asked), bool)
    at = np.searchsorted(sorted_places, asked)
    at[at == len(sorted_places)] = 0
    found: Array = sorted_places[at] == asked
    return found
