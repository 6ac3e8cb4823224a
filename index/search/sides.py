"""A word asked for, as it is written or in any of its forms: its impacts in each segment.

What is put together for the forms of a word is kept, for as many words as are typed in a while.
"""

from typing import NamedTuple

import numpy as np

from index.search.forms import AnyForm, Formed, formed
from index.search.segment import Array, Segment
from index.search.view import Term, View
from index.search.weights import WEIGHTS, joined, set_right, weights

_COARSE = 1 / 255
"""How far impacts of 8 bits are off at most that are worked out here."""
_NONE = np.zeros(0, np.int64)
_ROW = 8
"""Impacts in at least one of so many articles are kept as a row."""


class Impacts(NamedTuple):
    """What a word is worth in the articles of a segment that hold it, from 1 to 255."""

    documents: Array | None
    """These articles, ascending; None where `values` is a row: for all, 0 where it is not held."""
    values: Array
    error: float
    """How far they are off at most, where the highest were 1."""
    holders: int

    def row(self, segment: Segment) -> Array:
        """One for each article."""
        if self.documents is None:
            return self.values
        return segment.spread(self.documents, self.values)


class Side:
    """A term of the text, or a word in any of its forms."""

    def __init__(self, view: View, asked: Term | AnyForm) -> None:
        self.view = view
        self.asked = asked
        self.odd = not isinstance(asked, Term) or asked.odd
        if isinstance(asked, Term):
            self.holders = asked.holders
            self.worth = asked.worth
        else:
            self.forms: list[Formed] = [formed(segment, asked) for segment in view.opened]
            self.holders = sum(one.count for one in self.forms)
            self.worth = view.worth(self.holders)

    def impacts(self, place: int) -> Impacts | None:
        """Those in a segment; None where none of its articles holds the word."""
        if isinstance(self.asked, Term):
            number = self.asked.numbers[place]
            return None if number < 0 else self._of_term(place, number)
        here = self.forms[place]
        if not here.count:
            return None
        lone = here.lone
        if lone is not None and lone.weight == 1:
            return self._of_term(place, lone.number)
        kept = self.view.kept(self.asked)
        if place not in kept:
            kept[place] = self._of_forms(place, here)
        found: Impacts = kept[place]
        return found

    def exactly(self, place: int) -> tuple[Array, Array] | None:
        """What a term is worth (without its rarity) in its articles, where no impacts are kept."""
        if not isinstance(self.asked, Term):
            return None
        segment, number = self.view.opened[place], self.asked.numbers[place]
        if number < 0 or number in segment.dense or segment.impacts_of(number) is not None:
            return None
        documents, codes = segment.postings_of(number)
        places = documents.astype(np.int64)
        found: Array = WEIGHTS.take(codes)
        if self.odd:
            set_right(found, segment, number, documents, codes)
        found /= found + self.view.norms("text")[places + self.view.bases[place]]
        return places, found

    def within(self, place: int, low: int, high: int) -> Array:
        """Those of the articles [low, high) of a segment that hold it, ascending."""
        if not isinstance(self.asked, Term):
            return self.forms[place].within(low, high)
        number = self.asked.numbers[place]
        if number < 0:
            return _NONE
        return self.view.opened[place].stretch_of(number, low, high)[0]

    def counted(self, place: int, documents: Array) -> tuple[Array, Array]:
        """How much it weighs in each of `documents` (ascending), and what the best is worth."""
        if not isinstance(self.asked, Term):
            return self.forms[place].counted(documents)
        segment, number = self.view.opened[place], self.asked.numbers[place]
        if number < 0:
            return np.zeros(len(documents)), np.ones(len(documents))
        codes = segment.codes_in(number, documents)
        found: Array = WEIGHTS.take(codes)
        if self.odd:
            set_right(found, segment, number, documents, codes)
        return found, np.ones(len(documents))

    def _of_term(self, place: int, number: int) -> Impacts:
        segment = self.view.opened[place]
        row = segment.row(number)
        count = segment.frequency(number)
        if row is not None:
            return Impacts(None, row, self.view.row_error(place), count)
        documents, codes = segment.postings_of(number)
        impacts = segment.impacts_of(number)
        if impacts is not None:
            return Impacts(documents, impacts, self.view.row_error(place), count)
        weighed = weights(segment, number, documents, codes)
        return Impacts(documents, self._values(place, documents, weighed, 1.0), _COARSE, count)

    def _of_forms(self, place: int, here: Formed) -> Impacts:
        segment = self.view.opened[place]
        best = here.members[-1]
        row = segment.impact_row(best.number) if here.is_led else None
        if row is None or best.weight != 1:
            documents = here.mask().nonzero()[0]
            values = self._values(place, documents, *here.counted(documents))
            if here.count * _ROW < segment.documents:
                return Impacts(documents.astype(np.uint16), values, _COARSE, here.count)
            return Impacts(None, segment.spread(documents, values), _COARSE, here.count)
        row, others = row.copy(), here.others()
        row[others] = self._values(place, others, *here.counted(others))
        return Impacts(None, row, max(_COARSE, self.view.row_error(place)), here.count)

    def _values(
        self, place: int, documents: Array, weighed: Array, worths: "Array | float"
    ) -> Array:
        base = self.view.bases[place]
        norms = self.view.norms("text")[base : base + self.view.opened[place].documents]
        exact = weighed / (weighed + norms.take(documents)) * worths
        # What is held must not seem not to be.
        found: Array = np.maximum(np.rint(exact * 255), 1).astype(np.uint8)
        return found


def scored(sides: list[Side], articles: Array, places: list[int], documents: list[Array]) -> Array:
    """The scores of articles of the segments at `places`, numbered in the view as well."""
    norms = sides[0].view.norms("text").take(articles)
    total = np.zeros(len(articles))
    for side in sides:
        each = [side.counted(place, one) for place, one in zip(places, documents, strict=True)]
        score = joined([weighed for weighed, _ in each])
        score = score / (score + norms)
        if not isinstance(side.asked, Term):
            score *= joined([worths for _, worths in each])
        score *= side.worth
        total += score
    return total
