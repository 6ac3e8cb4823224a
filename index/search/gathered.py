"""Articles found in several segments with the codes of the words asked for, to be scored."""

import numpy as np

from index.search.order import NOTHING, First, first_by_score
from index.search.scoring import UNIT
from index.search.segment import ODD, Array
from index.search.view import Term, View
from index.search.weights import WEIGHTS, joined, set_right

_HANDFUL = 10
"""So few articles are scored one by one."""
_WEIGHTS: list[float] = WEIGHTS.tolist()


class Gathered:
    """Articles of some segments, and the codes of each of some terms in them."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        self.places: list[int] = []
        self.documents: list[Array] = []
        self.codes: list[list[Array]] = [[] for _ in terms]
        self.numbered: Array | None = None
        """More articles, by their numbers in the view; none with an odd code."""

    def add(self, place: int, documents: Array, codes: list[Array]) -> None:
        """Articles of the segment at `place`, ascending, and the codes of each term in them."""
        self.places.append(place)
        self.documents.append(documents)
        for gathered, one in zip(self.codes, codes, strict=True):
            gathered.append(one)

    def add_numbered(self, articles: Array, codes: list[Array]) -> None:
        """Articles of any segments by their numbers in the view, and none of the codes is odd.

        They are the last that are added.
        """
        self.numbered = articles
        for gathered, one in zip(self.codes, codes, strict=True):
            gathered.append(one)

    def first(self, view: View, most: int) -> First:
        """Those that live: how many they are, and the `most` best."""
        size = sum(map(len, self.documents))
        if self.numbered is not None:
            size += len(self.numbered)
        if not size:
            return NOTHING
        if size <= _HANDFUL:
            first = self._handful(view, most)
            if first is not None:
                return first
        articles = self._articles(view)
        words = [WEIGHTS.take(joined(codes)) for codes in self.codes]
        for term, codes, weights in zip(self.terms, self.codes, words, strict=True):
            if term.odd:
                set_all_right(view, term, self.places, self.documents, codes, weights)
        if view.alive is not None:
            alive = view.alive.take(articles)
            articles, words = articles.compress(alive), [one.compress(alive) for one in words]
        return first_by_score(view, articles, scored(view, articles, words, self.terms), most)

    def _articles(self, view: View) -> Array:
        """All of them by their numbers in the view."""
        if not self.places:
            assert self.numbered is not None, "there are some"
            return self.numbered
        articles = view.numbered(self.places, self.documents)
        return articles if self.numbered is None else np.concatenate((articles, self.numbered))

    def _handful(self, view: View, most: int) -> First | None:
        """The same for so few that a step for each is sooner done; None where codes do not tell."""
        norms, ranks = view.norms("text"), view.ranks()
        worths = [term.worth * UNIT for term in self.terms]
        is_odd = any(term.odd for term in self.terms)
        every = self._articles(view)
        codes = [joined(each).tolist() for each in self.codes]
        order: list[tuple[int, int]] = []
        for article, *held in zip(every.tolist(), *codes, strict=True):
            if is_odd and ODD in held:
                return None
            if view.alive is not None and not view.alive[article]:
                continue
            norm, score = float(norms[article]), 0.0
            for code, worth in zip(held, worths, strict=True):
                weight = _WEIGHTS[code]
                score += weight / (weight + norm) * worth
            order.append((round(score), int(ranks.of[article])))
        order.sort(reverse=True)
        first = order[:most]
        keys = [int(ranks.keys[rank]) for _, rank in first]
        if view.alive is not None:
            every = ranks.articles[np.array([rank for _, rank in order], np.int64)]
        return First(len(order), keys, [whole / UNIT for whole, _ in first], every)


def scored(view: View, articles: Array, words: list[Array], terms: list[Term]) -> Array:
    """The scores of articles, times `UNIT`; the weights of words in them are given up for it."""
    norms = view.norms("text")[articles]
    total: Array | None = None
    for score, term in zip(words, terms, strict=True):
        score /= score + norms  # noqa: PLW2901
        score *= term.units  # noqa: PLW2901
        total = score if total is None else total + score
    assert total is not None, "there is a word"
    return total


def set_all_right(
    view: View,
    term: Term,
    places: list[int],
    documents: list[Array],
    codes: list[Array],
    weights: Array,
) -> None:
    """Put into the weights of a term, all segments in one, what its codes do not tell."""
    at = 0
    # What comes behind these has no odd codes.
    for place, articles, here in zip(places, documents, codes, strict=False):
        end = at + len(articles)
        set_right(weights[at:end], view.opened[place], term.numbers[place], articles, here)
        at = end
