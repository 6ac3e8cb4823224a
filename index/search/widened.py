"""Few articles that hold words in any of their forms: the short way of `few` for such words."""

from typing import NamedTuple

import numpy as np

from index.search.forms import AnyForm, Formed, formed
from index.search.nodes import OfDays, stretch_of_days
from index.search.order import NOTHING, First, by_score
from index.search.scoring import K1, rarity
from index.search.segment import Array
from index.search.view import View
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


def _merged(view: View, word: AnyForm) -> Merged | None:
    """All of a word, kept while it is among those asked for lately; None where it is in many."""
    kept = view.kept(word)
    found: Merged | None = kept.get(_WHOLE)
    if found is not None or _WHOLE in kept:
        return found
    term = [formed(segment, word) for segment in view.opened]
    holders = sum(one.count for one in term)
    if holders <= MOST:
        places = [place for place, one in enumerate(term) if one.count]
        parts = [term[place].within(0, view.leaves[place].count) for place in places]
        each = [term[place].counted(one) for place, one in zip(places, parts, strict=True)]
        articles = view.numbered(places, parts) if places else np.zeros(0, np.int64)
        times, worths = joined([one[0] for one in each]), joined([one[1] for one in each])
        worths = worths * (rarity(view.count_all, holders) * (K1 + 1))
        if view.alive is not None:
            alive = view.alive.take(articles)
            articles, times, worths = (one.compress(alive) for one in (articles, times, worths))
        found = Merged(articles, times, worths)
    kept[_WHOLE] = found
    return found


def _alone(
    view: View, merged: Merged, days: list[OfDays], languages: list[str], most: int
) -> First:
    """Of the articles with one word those of these days and languages."""
    articles, times, worths = merged
    chosen: Array | None = None
    for one in days:
        on = view.days().take(articles)
        held = (on >= one.first) & (on <= one.last)
        chosen = held if chosen is None else chosen & held
    for code in languages:
        held = view.languages().take(articles) == view.language_numbers.get(code, -1)
        chosen = held if chosen is None else chosen & held
    if chosen is not None:
        articles, times, worths = (one.compress(chosen) for one in merged)
    if not len(articles):
        return NOTHING
    scores = view.norms("text").take(articles)
    scores += times
    np.divide(times, scores, out=scores)
    scores *= worths
    return First(len(articles), by_score(view, articles, scores, most))


def widened(
    view: View, words: list[AnyForm], days: list[OfDays], languages: list[str], most: int
) -> First | None:
    """The articles with all of `words`, of these days and languages; None if they are many."""
    if len(words) == 1:
        merged = _merged(view, words[0])
        if merged is not None:
            return _alone(view, merged, days, languages, most)
    terms = [[formed(leaf.segment, word) for leaf in view.leaves] for word in words]
    holders = [sum(one.count for one in term) for term in terms]
    if not all(holders):
        return NOTHING
    if min(holders) > MOST and not days and not languages:
        return None
    rarest = holders.index(min(holders))
    places: list[int] = []
    parts: list[Array] = []
    counted: list[list[tuple[Array, Array]]] = [[] for _ in terms]
    for place in range(len(view.leaves)):
        here = [term[place] for term in terms]
        documents = _documents(here[rarest], here, days, languages)
        if len(documents):
            places.append(place)
            parts.append(documents)
            for gathered, one in zip(counted, here, strict=True):
                gathered.append(one.counted(documents))
    if not places:
        return NOTHING
    articles = view.numbered(places, parts)
    norms = view.norms("text").take(articles)
    scores = np.zeros(len(articles))
    for gathered, count in zip(counted, holders, strict=True):
        times = np.concatenate([one[0] for one in gathered])
        worths = np.concatenate([one[1] for one in gathered])
        worths *= times / (times + norms)
        worths *= rarity(view.count_all, count) * (K1 + 1)
        scores += worths
    if view.alive is not None:
        alive = view.alive.take(articles)
        articles, scores = articles.compress(alive), scores.compress(alive)
    return First(len(articles), by_score(view, articles, scores, most))


def _documents(
    rarest: Formed, here: list[Formed], days: list[OfDays], languages: list[str]
) -> Array:
    """The articles of a segment with all of the words `here`, ascending."""
    segment = rarest.segment
    documents = rarest.within(*stretch_of_days(days, segment))
    for code in languages:
        if len(documents):
            number = segment.language_numbers.get(code, -1)
            documents = documents.compress(segment.languages.take(documents) == number)
    for one in here:
        if one is not rarest and len(documents):
            documents = documents.compress(one.holds(documents))
    return documents
