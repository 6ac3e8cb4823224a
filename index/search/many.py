"""Words, all of which or any of which must be found, in many articles: the short way for these.

What the words are worth in an article is added up roughly, in whole numbers, from the impacts that
segments keep; the few articles that may be among the best are then scored exactly.
"""

from typing import Any, NamedTuple

import numpy as np

from index.search.order import NOTHING, First, Order, by_score, first_by_score
from index.search.scoring import UNIT
from index.search.segment import Array, Segment
from index.search.sides import Impacts, Side, scored
from index.search.view import View

MOST_WORDS = 8
"""Words that can be added up in 16 bits so that each still counts."""
_ROOM = 64_000
"""The highest sum in these, of which rounding may take a little,"""
_WIDE = 4_000_000_000
"""and in 32 bits, for more words."""
_STRIPES = 64
_LONG = 4096
"""A list of which the best are first looked for among the best of stripes."""


def all_of(view: View, sides: list[Side], most: int) -> First:
    """The articles that hold all of these words."""
    best = _Sums(view, sides).best(most, every=True)
    return NOTHING if best is None else first_by_score(view, *best.in_units(), most, best.total)


def any_of(view: View, sides: list[Side], most: int) -> First:
    """The articles that hold any of these words."""
    best = _best_of_any(view, sides, most)
    return NOTHING if best is None else first_by_score(view, *best.in_units(), most, best.total)


def best_of_any(view: View, sides: list[Side], most: int) -> Order:
    """The `most` best of these, by their numbers in the view."""
    best = _best_of_any(view, sides, most)
    if best is None:
        return Order(np.zeros(0, np.int64), np.zeros(0))
    return by_score(view, best.articles, best.scores, most)


def _best_of_any(view: View, sides: list[Side], most: int) -> "_Best | None":
    held = [side for side in sides if side.holders]
    return _Sums(view, held).best(most, every=False) if held else None


class _Best(NamedTuple):
    """Some articles, among them the best of `total`, with their scores."""

    total: int
    articles: Array
    scores: Array

    def in_units(self) -> tuple[Array, Array]:
        """Articles and scores, these times `UNIT`."""
        return self.articles, self.scores * UNIT


class _Exact(NamedTuple):
    """Some of the words, and what they are worth together in each article of a segment."""

    sides: set[int]
    sums: Array


class _Sums:
    """What some words are worth in articles, in such units that the sum has 16 bits, or 32."""

    def __init__(self, view: View, sides: list[Side]) -> None:
        self.view = view
        self.sides = sides
        self.is_wide = len(sides) > MOST_WORDS
        self.kind: type[np.unsignedinteger[Any]] = np.uint32 if self.is_wide else np.uint16
        self.scale = (_WIDE if self.is_wide else _ROOM) / sum(side.worth for side in sides)
        exact = [side.worth * self.scale / 255 for side in sides]
        self.steps = [np.array(round(step), self.kind) for step in exact]
        """What an impact of 1 is worth."""
        self.off = 255 * sum(abs(round(step) - step) for step in exact)
        """How far sums of exact impacts are off at most."""
        if self.is_wide:
            self.off += len(sides)  # what is added up exactly is cut to a whole number

    def best(self, most: int, *, every: bool) -> _Best | None:
        """How many articles hold all of the words, or any, and the `most` best of them and more.

        None where there are none.
        """
        found: list[tuple[int, Array | None, Array]] = []
        total, off = 0, 0.0
        tops = []
        for place, leaf in enumerate(self.view.leaves):
            exact = self._exact(place, leaf.count) if self.is_wide and not every else None
            each = [
                None if exact is not None and at in exact.sides else side.impacts(place)
                for at, side in enumerate(self.sides)
            ]
            held = [(at, one) for at, one in enumerate(each) if one is not None]
            if (not held and exact is None) or (every and len(held) < len(each)):
                continue
            segment = leaf.segment
            documents, sums = (
                self._all(segment, held)
                if every
                else (None, self._any(segment, held, None if exact is None else exact.sums))
            )
            if leaf.alive is not None:
                sums = sums * (leaf.alive if documents is None else leaf.alive.take(documents))
            here = int(np.count_nonzero(sums))
            if here:
                total += here
                found.append((place, documents, sums))
                tops.append(_tops(sums, most))
                errors = sum(one.error * self.sides[at].worth for at, one in held)
                off = max(off, errors * self.scale)
        if not found:
            return None
        least = max(_last_of(tops, most) - int(2 * (self.off + off)) - 1, 1)
        return self._scored(found, least, total)

    def _scored(
        self, found: list[tuple[int, Array | None, Array]], least: int, total: int
    ) -> _Best:
        """Those articles whose sum is at least so high."""
        places, chosen = [], []
        for place, documents, sums in found:
            high = (sums >= np.array(least, self.kind)).nonzero()[0]
            if len(high):
                places.append(place)
                chosen.append(high if documents is None else documents.take(high))
        articles = self.view.numbered(places, chosen)
        return _Best(total, articles, scored(self.sides, articles, places, chosen))

    def _exact(self, place: int, count: int) -> "_Exact":
        """The sums of the words of a segment of which no impacts are kept."""
        found = _Exact(set(), np.zeros(count, self.kind))
        for at, side in enumerate(self.sides):
            worth = side.exactly(place)
            if worth is not None:
                found.sides.add(at)
                units = np.maximum(worth[1] * (side.worth * self.scale), 1.0).astype(self.kind)
                np.add.at(found.sums, worth[0], units)
        return found

    def _any(
        self, segment: Segment, held: list[tuple[int, Impacts]], total: Array | None = None
    ) -> Array:
        """The sum for every article of a segment, 0 for those that hold none of the words.

        Together with `total`, where some are added up already.
        """
        for at, one in held:
            if one.documents is None:
                part = one.values.astype(self.kind)
                part *= self.steps[at]
                if total is None:
                    total = part
                else:
                    total += part
        if total is None:
            total = np.zeros(segment.documents, self.kind)
        for at, one in held:
            if one.documents is not None:
                # Places of 64 bits are not converted one by one.
                np.add.at(total, one.documents.astype(np.int64), one.values * self.steps[at])
        return total

    def _all(self, segment: Segment, held: list[tuple[int, Impacts]]) -> tuple[Array | None, Array]:
        """Articles of a segment (None: all), and their sums: 0 where one of the words is not."""
        if all(one.documents is None for _, one in held):
            both = held[0][1].values != 0
            for _, one in held[1:]:
                both &= one.values != 0
            total = self._any(segment, held)
            total *= both
            return None, total
        (first, rarest), *others = sorted(
            held, key=lambda part: (part[1].documents is None, part[1].holders)
        )
        documents, total = rarest.documents, rarest.values * self.steps[first]
        assert documents is not None, "lists come first"
        for at, one in others:
            values = one.row(segment).take(documents)
            kept = (values != 0).nonzero()[0]
            total = total.take(kept)
            total += values.take(kept) * self.steps[at]
            documents = documents.take(kept)
        return documents, total


def _tops(sums: Array, most: int) -> Array:
    """Sums of `most` different articles, or of all: the best, or little less than these."""
    if len(sums) > _LONG:
        whole = len(sums) // _STRIPES * _STRIPES
        if whole // _STRIPES >= most:
            sums = np.maximum.reduce(sums[:whole].reshape(_STRIPES, -1))
    if len(sums) <= most:
        return sums
    found: Array = np.partition(sums, len(sums) - most)[len(sums) - most :]
    return found


def _last_of(tops: list[Array], most: int) -> int:
    """A sum that the last of the `most` best certainly reaches; 0 where there may be fewer."""
    both = tops[0] if len(tops) == 1 else np.concatenate(tops)
    if len(both) < most:
        return 0
    return int(np.partition(both, len(both) - most)[len(both) - most])
