"""Articles found in several segments with the codes of the words asked for, to be scored."""

from collections.abc import Sequence

import numpy as np

from index.search.order import NOTHING, UNIT, First, Order, by_score
from index.search.segment import ODD, Array
from index.search.view import Term, View
from index.search.weights import WEIGHTS, joined, set_right

_HANDFUL = 6
"""So few articles are scored one by one."""
_WEIGHTS: list[float] = WEIGHTS.tolist()


class Gathered:
    """Articles of some segments, and the codes of each of some terms in them."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        self.places: list[int] = []
        self.documents: list[Array] = []
        self.codes: list[list[Array]] = [[] for _ in terms]

    def add(self, place: int, documents: Array, codes: list[Array]) -> None:
        """Articles of the segment at `place`, ascending, and the codes of each term in them."""
        self.places.append(place)
        self.documents.append(documents)
        for gathered, one in zip(self.codes, codes, strict=True):
            gathered.append(one)

    def first(
        self, view: View, most: int, languages: Sequence[str] = (), total: int | None = None
    ) -> First:
        """Those that live and are in all of `languages`: how many they are, and the `most` best.

        Where these are but the most promising of more, `total` says how many there are.
        """
        if not self.places:
            return NOTHING
        if not languages and total is None and sum(map(len, self.documents)) <= _HANDFUL:
            first = self._handful(view, most)
            if first is not None:
                return first
        articles = view.numbered(self.places, self.documents)
        chosen: Array | None = None
        if languages:
            # An article has one language: two that are asked for find nothing.
            numbers = {view.language_numbers.get(language, -1) for language in languages}
            spoken = view.languages().take(articles) == numbers.pop()
            chosen = spoken.nonzero()[0]
            if numbers or not len(chosen):
                return NOTHING
        words = [WEIGHTS.take(joined(codes)) for codes in self.codes]
        for term, codes, weights in zip(self.terms, self.codes, words, strict=True):
            if term.odd:
                set_all_right(view, term, self.places, self.documents, codes, weights)
        if chosen is not None:
            articles, words = articles.take(chosen), [one.take(chosen) for one in words]
        if view.alive is not None:
            alive = view.alive.take(articles)
            articles, words = articles.compress(alive), [one.compress(alive) for one in words]
        scores = scored(view, articles, words, self.terms)
        found = len(articles) if total is None else total
        return First(found, by_score(view, articles, scores, most))

    def _handful(self, view: View, most: int) -> First | None:
        """The same for so few that a step for each is sooner done; None where codes do not tell."""
        norms, ranks = view.norms("text"), view.ranks().of
        terms = [(float(term.worth), term) for term in self.terms]
        order: list[tuple[float, int, int]] = []
        for nth, (place, documents) in enumerate(zip(self.places, self.documents, strict=True)):
            base = view.bases[place]
            each = [codes[nth].tolist() for codes in self.codes]
            for at, document in enumerate(documents.tolist()):
                article = base + document
                if view.alive is not None and not view.alive[article]:
                    continue
                norm, score = float(norms[article]), 0.0
                for codes, (worth, term) in zip(each, terms, strict=True):
                    if codes[at] == ODD and term.odd:
                        return None
                    weight = _WEIGHTS[codes[at]]
                    score += weight / (weight + norm) * worth
                order.append((float(round(score * UNIT)), int(ranks[article]), article))
        order.sort(reverse=True)
        first = order[:most]
        return First(
            len(order),
            Order(
                np.array([article for _, _, article in first], np.int64),
                np.array([whole / UNIT for whole, _, _ in first]),
            ),
        )


def scored(view: View, articles: Array, words: list[Array], terms: list[Term]) -> Array:
    """The scores of articles; the weights of the words in them are given up for it."""
    norms = view.norms("text").take(articles)
    total: Array | None = None
    for score, term in zip(words, terms, strict=True):
        score /= score + norms  # noqa: PLW2901
        score *= term.worth  # noqa: PLW2901
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
    for place, articles, here in zip(places, documents, codes, strict=True):
        end = at + len(articles)
        set_right(weights[at:end], view.opened[place], term.numbers[place], articles, here)
        at = end
