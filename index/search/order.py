"""Articles in order: by score, then the newest first; or by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.search.found import Found
from index.search.scoring import UNIT
from index.search.segment import UNDATED, Array
from index.search.view import Ranks, View

_UNITS = np.array(UNIT)
"""`UNIT`: numpy takes an array of one number in half the time of a number of Python's."""
_BITS = 63
"""What a number has for a score and the place of an article,"""
_SURE = 18
"""of which that may have so many: no query has words for a higher score than the rest can tell."""
_SORTED = 512
"""So few are sooner sorted than parted into those that are wanted and the rest."""


@dataclass(slots=True)
class Order:
    """Articles in order, by their numbers in the whole view, with their scores."""

    articles: Array
    scores: Array

    def at(self, places: "Array | slice") -> "Order":
        """Those at `places`."""
        return Order(self.articles[places], self.scores[places])


class First(NamedTuple):
    """How many articles are found, and the keys of the first of them in order, with their scores.

    Ready to be handed out: nearly all that is asked is asked for no more than that.
    """

    total: int
    keys: list[int]
    scores: list[float]
    articles: Array | None = None
    """All that are found, by their numbers in the view; None where these were not put together."""


NOTHING = First(0, [], [], np.zeros(0, np.int64))


def by_score(view: View, articles: Array, scores: Array, most: int) -> Order:
    """The `most` best; equals by day, the newest first, then by key, the highest first."""
    ranks = view.ranks()
    units = np.multiply(scores, _UNITS)
    both = _as_numbers(ranks, articles, units, most)
    if both is None:
        order = np.lexsort((ranks.of.take(articles), units))[: -most - 1 : -1]
        return Order(articles.take(order), units.take(order) / UNIT)
    return Order(ranks.articles.take(both & ranks.mask), (both >> ranks.shift) / _UNITS)


def first_by_score(
    view: View, articles: Array, units: Array, most: int, total: int | None = None
) -> First:
    """The same, where these articles are all that is found, or the best of `total`.

    Their scores, times `UNIT`, are rounded in place.
    """
    found, whole = (len(articles), articles) if total is None else (total, None)
    ranks = view.ranks()
    both = _as_numbers(ranks, articles, units, most)
    if both is None:
        order = by_score(view, articles, units / UNIT, most)
        keys = view.keys().take(order.articles)
        return First(found, keys.tolist(), order.scores.tolist(), whole)
    keys = ranks.keys[both & ranks.mask]
    both >>= ranks.shift
    return First(found, keys.tolist(), (both / _UNITS).tolist(), whole)


def _as_numbers(ranks: Ranks, articles: Array, units: Array, most: int) -> Array | None:
    """The `most` best, score and rank of each in one number: no two are the same.

    Scores are rounded in place. None where there are any so high that they leave no room.
    """
    np.rint(units, units)
    if ranks.bits > _SURE and units.max(initial=0.0) >= 2.0 ** (_BITS - ranks.bits):
        return None
    both = units.astype(np.int64)
    both <<= ranks.shift
    both |= ranks.of[articles]
    size = len(both)
    if size > _SORTED and 2 * most < size:
        both.partition(size - most)
        both = both[size - most :]
    both.sort()
    return both[: -most - 1 : -1] if most else both[:0]


def by_day(view: View, found: list[Found], most: int, *, oldest: bool) -> Order:
    """The first `most` articles by day, undated ones last; their scores are left at 0."""
    parts = [np.zeros(0, np.int64)]
    for leaf, here in enumerate(found):
        if len(here):
            days = view.leaves[leaf].segment.days
            parts.append(_first_of_segment(days, here, most, oldest=oldest) + view.bases[leaf])
    articles = np.concatenate(parts)
    days = view.days().take(articles)
    # The undated have the least of days: last already when the newest come first.
    ranks = np.where(days == UNDATED, UNDATED, -days) if oldest else days
    order = np.lexsort((view.keys().take(articles), ranks))[: -most - 1 : -1]
    return Order(articles.take(order), np.zeros(len(order)))


def by_value(view: View, found: list[Found], most: int, sort: str) -> Order:
    """The first `most` articles as they were added (last first), or by their length."""
    parts = [here.as_list() + view.numpy_bases[leaf] for leaf, here in enumerate(found)]
    articles = np.concatenate([np.zeros(0, np.int64), *parts])
    keys = view.keys().take(articles)
    if sort == "added":
        order = np.argsort(-keys, kind="stable")[:most]
    else:
        lengths = view.norms("text").take(articles)
        order = np.lexsort((-keys, -lengths if sort == "longest" else lengths))[:most]
    return Order(articles.take(order), np.zeros(len(order)))


def place_by_day(view: View, found: list[Found], key: int, *, oldest: bool) -> int:
    """How many of the articles found come before the one with `key` (found) in this order."""
    day = UNDATED
    for leaf in view.leaves:
        here = leaf.with_keys(np.array([key]))
        if len(here) and (leaf.alive is None or leaf.alive[here[0]]):
            day = int(leaf.segment.days[here[0]])
    before = 0
    for leaf, articles in zip(view.leaves, found, strict=True):
        days = leaf.segment.days
        begin, end = (int(np.searchsorted(days, day, side)) for side in ("left", "right"))
        dated = int(np.searchsorted(days, UNDATED, "right"))
        first, last = (dated, begin) if oldest and day != UNDATED else (end, len(days))
        mask = articles.as_mask()
        before += int(np.count_nonzero(mask[first:last]))
        alike = mask[begin:end] & (leaf.segment.keys[begin:end] > key)
        before += int(np.count_nonzero(alike))
    return before


def _first_of_segment(days: Array, here: Found, most: int, *, oldest: bool) -> Array:
    """Articles among which the first `most` of a segment by day are certainly."""
    first_dated = int(days.searchsorted(UNDATED, "right")) if days[0] == UNDATED else 0
    if oldest:
        dated = _stretch(here, first_dated, len(days), most, last=False)
        # Keys fall within a day, but articles are numbered by rising keys: take the day whole.
        if len(dated):
            end = int(days.searchsorted(days[dated[-1]], "right"))
            dated = np.concatenate(
                (dated, _stretch(here, int(dated[-1]) + 1, end, end, last=False))
            )
    else:
        dated = _stretch(here, first_dated, len(days), most, last=True)
    if len(dated) >= most:
        return dated
    undated = _stretch(here, 0, first_dated, most - len(dated), last=True)
    return np.concatenate((undated, dated))


def _stretch(here: Found, begin: int, end: int, most: int, *, last: bool) -> Array:
    """The first or last `most` articles found in [begin, end)."""
    if most <= 0 or begin >= end:
        return np.zeros(0, np.int64)
    if here.documents is not None:
        low, high = here.documents.searchsorted((begin, end)).tolist()
        chosen = here.documents[low:high]
        return (chosen[-most:] if last else chosen[:most]).astype(np.int64)
    gathered: list[Array] = []
    count = 0
    for low, high in _steps(begin, end, most, last=last):
        part = here.within(low, high)
        gathered.append(part)
        count += len(part)
        if count >= most:
            break
    if last:
        return np.concatenate(gathered[::-1])[-most:]
    return np.concatenate(gathered)[:most]


def _steps(begin: int, end: int, most: int, *, last: bool) -> Iterator[tuple[int, int]]:
    """Stretches of [begin, end) from one of its ends, ever longer."""
    size = max(4 * most, 512)
    while begin < end:
        if last:
            low = max(begin, end - size)
            yield low, end
            end = low
        else:
            high = min(end, begin + size)
            yield begin, high
            begin = high
        size *= 4
