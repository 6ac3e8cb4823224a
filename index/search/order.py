"""Articles in order: by score, then the newest first; or by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.search.found import Found
from index.search.segment import UNDATED, Array
from index.search.view import View

ALIKE = 9
"""Decimals by which scores differ: the order of adding up must not decide."""
UNIT = 10.0**ALIKE
_UNITS = np.array(UNIT)
"""The same: numpy takes an array of one number in half the time of a number of Python's."""
_BITS = 63
"""What a number has for a score and the place of an article,"""
_SURE = 18
"""of which that may have so many: no query has words for a higher score than the rest can tell."""


@dataclass(slots=True)
class Order:
    """Articles in order, by their numbers in the whole view, with their scores."""

    articles: Array
    scores: Array

    def at(self, places: "Array | slice") -> "Order":
        """Those at `places`."""
        return Order(self.articles[places], self.scores[places])


class First(NamedTuple):
    """How many articles are found, and the first of them in order."""

    total: int
    order: Order


NOTHING = First(0, Order(np.zeros(0, np.int64), np.zeros(0)))


def by_score(view: View, articles: Array, scores: Array, most: int) -> Order:
    """The `most` best; equals by day, the newest first, then by key, the highest first."""
    ranks = view.ranks()
    whole = np.multiply(scores, _UNITS)
    np.rint(whole, whole)
    if ranks.bits > _SURE and whole.max(initial=0.0) >= 2.0 ** (_BITS - ranks.bits):
        order = np.lexsort((ranks.of.take(articles), whole))[: -most - 1 : -1]
        return Order(articles.take(order), whole.take(order) / UNIT)
    # Score and rank in one number: no two are the same, and the rank tells the article.
    both = whole.astype(np.int64)
    both <<= ranks.shift
    both |= ranks.of.take(articles)
    size = len(both)
    if 0 < 2 * most < size:
        both.partition(size - most)
        both = both[size - most :]
    both.sort()
    first = both[: -most - 1 : -1]
    return Order(ranks.articles.take(first & ranks.mask), (first >> ranks.shift) / _UNITS)


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
