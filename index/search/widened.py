"""Few articles that hold words in any of their forms: the short way of `few` for such words."""

import numpy as np

from index.search.forms import AnyForm, Formed, formed
from index.search.nodes import OfDays, stretch_of_days
from index.search.order import NOTHING, First, by_score
from index.search.scoring import K1, rarity
from index.search.segment import Array
from index.search.view import View

MOST = 8192
"""Articles of the rarest word, where nothing but words narrows it."""


def widened(
    view: View, words: list[AnyForm], days: list[OfDays], languages: list[str], most: int
) -> First | None:
    """The articles with all of `words`, of these days and languages; None if they are many."""
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
