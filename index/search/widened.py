"""Few articles that hold words in any of their forms: the short way of `few` for such words."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from index.search.forms import AnyForm, common
from index.search.nodes import OfDays, stretch_of_days
from index.search.order import NOTHING, First, first_by_score
from index.search.scoring import UNIT
from index.search.segment import Array
from index.search.sides import Side
from index.search.view import Term, View
from index.search.weights import joined

_WHOLE = -1
"""The place where what is put together of all segments is kept."""
MOST = 8192
"""Articles of the rarest word, where nothing but words narrows it."""


class Merged(NamedTuple):
    """All living articles with a word in any of its forms, by their numbers in the view."""

    articles: Array
    times: Array
    """How much the forms weigh there,"""
    worths: Array
    """and what the best of them is worth, with the rarity of all."""


def widened(
    view: View, words: list[Term | AnyForm], days: list[OfDays], languages: list[str], most: int
) -> First | None:
    """The articles with all of `words`, of these days and languages; None if they are many."""
    sides = sorted([Side(view, word) for word in words], key=lambda side: side.holders)
    if not sides[0].holders:
        return NOTHING
    rarest = _of_side(view, sides[0], days, languages)
    if rarest is None:
        return None
    articles, times, worths = rarest
    norms = view.norms("text").take(articles)
    scores = times / (times + norms) * worths
    for side in sides[1:]:
        if not len(articles):
            return NOTHING
        at, times, worths = _met(view, side, articles)
        articles, norms = articles.take(at), norms.take(at)
        scores = scores.take(at) + times / (times + norms) * worths
    if not len(articles):
        return NOTHING
    return first_by_score(view, articles, scores * UNIT, most)


def _of_side(view: View, side: Side, days: list[OfDays], languages: list[str]) -> Merged | None:
    """The articles with one word, of these days and languages; None if they are many."""
    if side.holders <= MOST and not isinstance(side.asked, Term):
        return _narrowed(view, _merged(view, side.asked, side), days, languages)
    if side.holders > MOST and not days and not languages:
        return None
    places, parts = [], []
    for place, segment in enumerate(view.opened):
        documents = side.within(place, *stretch_of_days(days, segment))
        for code in languages:
            number = segment.language_numbers.get(code, -1)
            documents = documents.compress(segment.languages.take(documents) == number)
        if len(documents):
            places.append(place)
            parts.append(documents)
    return _together(view, side, places, parts)


def _together(view: View, side: Side, places: list[int], parts: list[Array]) -> Merged:
    """What a word is worth in articles of the segments at `places` that hold it, if they live."""
    each = [side.counted(place, one) for place, one in zip(places, parts, strict=True)]
    articles = view.numbered(places, parts) if places else np.zeros(0, np.int64)
    times = joined([one[0] for one in each])
    worths = joined([one[1] for one in each]) * side.worth
    if view.alive is not None:
        alive = view.alive.take(articles)
        articles, times, worths = (one.compress(alive) for one in (articles, times, worths))
    return Merged(articles, times, worths)


def _merged(view: View, word: AnyForm, side: Side) -> Merged:
    """All of a word, kept while it is among those asked for lately."""
    kept = view.kept(word)
    found: Merged | None = kept.get(_WHOLE)
    if found is None:
        places = [place for place, one in enumerate(side.forms) if one.count]
        parts = [side.forms[place].within(0, view.leaves[place].count) for place in places]
        found = kept[_WHOLE] = _together(view, side, places, parts)
    return found


def _narrowed(view: View, merged: Merged, days: list[OfDays], languages: list[str]) -> Merged:
    """Of the articles with a word those of these days and languages."""
    chosen: Array | None = None
    for one in days:
        on = view.days().take(merged.articles)
        held = (on >= one.first) & (on <= one.last)
        chosen = held if chosen is None else chosen & held
    for code in languages:
        spoken = view.languages().take(merged.articles)
        held = spoken == view.language_numbers.get(code, -1)
        chosen = held if chosen is None else chosen & held
    return merged if chosen is None else Merged._make(one.compress(chosen) for one in merged)


def _met(view: View, side: Side, articles: Array) -> tuple[Array, Array, Array]:
    """Which of `articles` (ascending) hold a word, and how much it weighs and is worth there."""
    if not isinstance(side.asked, Term) and side.holders <= MOST:
        merged = _merged(view, side.asked, side)
        at, there = common(articles, merged.articles)
        return at, merged.times.take(there), merged.worths.take(there)
    bounds = articles.searchsorted(view.bases).tolist()
    each = []
    for place, (begin, end) in enumerate(pairwise(bounds)):
        if begin < end:
            each.append(side.counted(place, articles[begin:end] - view.bases[place]))
    times, worths = joined([one[0] for one in each]), joined([one[1] for one in each])
    at = (times > 0).nonzero()[0]
    return at, times.take(at), worths.take(at) * side.worth
