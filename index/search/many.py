"""Words, all of which or any of which must be found, in many articles: the short way for these.

What the words are worth in an article is added up roughly, in whole numbers, from the impacts that
segments keep; the few articles that may be among the best are then scored exactly.
"""

import numpy as np

from index.search.gathered import Gathered
from index.search.order import First
from index.search.segment import Array, Segment
from index.search.view import Term, View
from index.search.weights import weights

MOST_WORDS = 8
"""Words that can be added up so that each still counts."""
_ROOM = 64_000
"""The highest sum: there are 16 bits, of which rounding may take a little."""
_STRIPES = 64
_LONG = 4096
"""A list of which the best are first looked for among the best of stripes."""


def all_of(view: View, terms: list[Term], most: int) -> First:
    """The articles that hold all of these terms of the text."""
    return _Sums(view, terms).best(most, every=True)


def any_of(view: View, terms: list[Term], most: int) -> First:
    """The articles that hold any of these terms of the text."""
    held = [term for term in terms if term.holders]
    return _Sums(view, held).best(most, every=False)


class _Sums:
    """What some terms are worth in articles, in such units that the sum has 16 bits."""

    def __init__(self, view: View, terms: list[Term]) -> None:
        self.view = view
        self.terms = terms
        factors = [float(term.worth) for term in terms]
        self.scale = _ROOM / sum(factors) if factors else 1.0
        exact = [factor * self.scale / 255 for factor in factors]
        self.steps = [np.array(round(step), np.uint16) for step in exact]
        """What an impact of 1 is worth."""
        self.off = 255 * sum(abs(round(step) - step) for step in exact) + len(terms)
        """How far sums are off at most, for impacts that are as exact as 8 bits can tell."""
        self.factors = sum(factors)

    def best(self, most: int, *, every: bool) -> First:
        """How many articles hold all of the terms, or any, and the `most` best of them."""
        found: list[tuple[int, Array | None, Array]] = []
        total, off = 0, 0.0
        tops = []
        for place, leaf in enumerate(self.view.leaves):
            at = [each for each, term in enumerate(self.terms) if term.numbers[place] >= 0]
            if not at or (every and len(at) < len(self.terms)):
                continue
            documents, sums = self._all(place, at) if every else (None, self._any(place, at))
            if leaf.alive is not None:
                sums = sums * (leaf.alive if documents is None else leaf.alive.take(documents))
            here = int(np.count_nonzero(sums))
            if here:
                total += here
                found.append((place, documents, sums))
                tops.append(_tops(sums, most))
                off = max(off, self.view.row_error(place))
        gathered = Gathered(self.terms)
        if found:
            margin = 2 * (self.off + off * self.factors * self.scale)
            self._gather(gathered, found, max(_last_of(tops, most) - int(margin) - 1, 1))
        return gathered.first(self.view, most, total=total)

    def _gather(
        self, gathered: Gathered, found: list[tuple[int, Array | None, Array]], least: int
    ) -> None:
        """Take those articles whose sum is at least so high."""
        for place, documents, sums in found:
            chosen = (sums >= np.array(least, np.uint16)).nonzero()[0]
            if len(chosen):
                documents = chosen if documents is None else documents.take(chosen)  # noqa: PLW2901
                segment = self.view.opened[place]
                numbers = [term.numbers[place] for term in self.terms]
                codes = [_codes_in(segment, number, documents) for number in numbers]
                gathered.add(place, documents, codes)

    def _any(self, place: int, at: list[int]) -> Array:
        """The sum for every article of a segment, 0 for those that hold none of the terms."""
        segment = self.view.opened[place]
        total: Array | None = None
        lists = []
        for each in at:
            row = segment.row(self.terms[each].numbers[place])
            if row is None:
                lists.append(self._listed(segment, place, each))
                continue
            part = row.astype(np.uint16)
            part *= self.steps[each]
            if total is None:
                total = part
            else:
                total += part
        if total is None:
            total = np.zeros(segment.documents, np.uint16)
        for documents, values in lists:
            # Places of 64 bits are not converted one by one.
            total[documents.astype(np.int64)] += values
        return total

    def _all(self, place: int, at: list[int]) -> tuple[Array | None, Array]:
        """Articles of a segment (None: all), and their sums: 0 where one of the terms is not."""
        segment = self.view.opened[place]
        numbers = [self.terms[each].numbers[place] for each in at]
        dense = [number in segment.dense for number in numbers]
        if all(dense):
            rows = [segment.rows[segment.dense[number]] for number in numbers]
            held = rows[0] != 0
            for row in rows[1:]:
                held &= row != 0
            total = self._any(place, at)
            total *= held
            return None, total
        order = sorted(zip(dense, map(segment.frequency, numbers), at, strict=True))
        documents, total = self._listed(segment, place, order[0][2])
        for _, _, each in order[1:]:
            values = self._among(segment, place, each, documents)
            held = (values != 0).nonzero()[0]
            total = total.take(held)
            total += values.take(held)
            documents = documents.take(held)
        return documents, total

    def _listed(self, segment: Segment, place: int, each: int) -> tuple[Array, Array]:
        """The articles of a segment that hold a term, and what it is worth there."""
        number = self.terms[each].numbers[place]
        documents, codes = segment.postings_of(number)
        impacts = segment.impacts_of(number)
        if impacts is None:
            return documents, self._exactly(segment, place, each, documents, codes)
        values = impacts.astype(np.uint16)
        values *= self.steps[each]
        return documents, values

    def _among(self, segment: Segment, place: int, each: int, documents: Array) -> Array:
        """What a term is worth in any ascending `documents`; 0 for one that does not hold it."""
        number = self.terms[each].numbers[place]
        row = segment.impact_row(number)
        if row is None:
            codes = segment.codes_in(number, documents)
            return self._exactly(segment, place, each, documents, codes)
        values = row.take(documents).astype(np.uint16)
        values *= self.steps[each]
        return values

    def _exactly(
        self, segment: Segment, place: int, each: int, documents: Array, codes: Array
    ) -> Array:
        """The same by the scores of articles, where no impacts are kept."""
        term = self.terms[each]
        worth = weights(segment, term.numbers[place], documents, codes)
        base = self.view.bases[place]
        norms = self.view.norms("text")[base : base + segment.documents].take(documents)
        scores = worth / (worth + norms)
        scores *= float(term.worth) * self.scale
        # What is held must not seem not to be.
        np.maximum(scores, codes != 0, out=scores)
        found: Array = scores.astype(np.uint16)
        return found


def _codes_in(segment: Segment, number: int, documents: Array) -> Array:
    if number < 0:
        return np.zeros(len(documents), np.uint8)
    return segment.codes_in(number, documents)


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
