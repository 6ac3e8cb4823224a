"""The order of what a query finds: scores exact for few articles, guessed to choose among many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from whoosh import query

from index.search.codec import postings, weighed
from index.search.execute import Execution, Found
from index.search.forms import AnyForm
from index.search.nodes import Filter, Flat, Without
from index.search.scoring import K1, drift, impacts, rarity
from index.search.segment import UNDATED, Array, Segment

_FEW = 1024
"""Articles of a segment that are scored exactly rather than guessed first."""
_STRETCH = 64
_SLACK = 1e-4
"""More than single precision loses on a score."""
_ALIKE = 9
"""Decimals by which scores differ: the order of adding up must not decide."""
_LOOK_UP = 256
"""Articles that are looked up one by one in a list rather than marked."""
_NONE = np.zeros(0, np.int64)


class Ranker:
    """Scores what an execution finds."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.view = execution.view

    # --- exactly, for chosen articles ---

    def scores(self, leaf: int, documents: Array) -> Array:
        """The scores of articles that the query finds in a segment."""
        return self._score(self.execution.asked, leaf, documents)

    def _score(self, node: query.Query, leaf: int, documents: Array) -> Array:
        """What `node` adds to each of `documents`: nothing to those that it does not find."""
        kind = type(node)
        added: Array
        if kind is query.Term:
            added = self._term(node, leaf, documents) * node.boost
        elif kind is AnyForm:
            added = self._any_form(node, leaf, documents)
        elif kind is query.Or:
            added = self._sum(node.subqueries, leaf, documents) * node.boost
        elif kind is query.And:
            added = self._sum(node.subqueries, leaf, documents) * node.boost
            added *= self._found(node, leaf, documents)
        elif kind is query.AndMaybe:
            added = self._sum([node.a, node.b], leaf, documents) * node.boost
            added *= self._found(node, leaf, documents)
        elif kind is Flat:
            added = self._found(node, leaf, documents) * float(node.score)
        elif kind is query.Phrase:
            words = [query.Term(node.fieldname, word, boost=node.boost) for word in node.words]
            added = self._sum(words, leaf, documents) * self._found(node, leaf, documents)
        elif kind is query.Every:
            added = np.full(len(documents), float(node.boost))
        elif kind is Without or isinstance(node, Filter):
            added = np.zeros(len(documents))
        else:
            added = _looked_up(*self.execution.walk(node, leaf), documents)
        return added

    def _sum(self, parts: list[query.Query], leaf: int, documents: Array) -> Array:
        added = np.zeros(len(documents))
        for part in parts:
            added += self._score(part, leaf, documents)
        return added

    def _found(self, node: query.Query, leaf: int, documents: Array) -> Array:
        found = self.execution.match(node, leaf)
        if found.mask is not None:
            chosen: Array = found.mask[documents]
            return chosen
        listed = found.as_list()
        places = np.searchsorted(listed, documents)
        places[places == len(listed)] = 0
        if not len(listed):
            return np.zeros(len(documents), bool)
        held: Array = listed[places] == documents
        return held

    def _factor(self, node: query.Term) -> float:
        holders = self.execution.resolve(node.fieldname, node.text).holders
        return rarity(self.view.count_all, holders) * (K1 + 1)

    def _term(self, node: query.Term, leaf: int, documents: Array) -> Array:
        number = self.execution.resolve_of(node, leaf)
        segment = self.view.leaves[leaf].segment
        if number < 0:
            return np.zeros(len(documents))
        weights = _weights(segment, node.fieldname, number, documents)
        lengths = self.view.leaves[leaf].lengths_of(node.fieldname)[documents]
        return self._factor(node) * impacts(weights, lengths, self.view.average(node.fieldname))

    def _any_form(self, node: AnyForm, leaf: int, documents: Array) -> Array:
        here, name = self.view.leaves[leaf], node.fieldname
        formed = self.execution.formed(node, leaf)
        sizes = here.lengths_of(name)[documents]
        return self._worth(node) * formed.impacts(documents, sizes, self.view.average(name))

    def _worth(self, node: AnyForm) -> float:
        return rarity(self.view.count_all, self.execution.holders(node)) * (K1 + 1)

    # --- roughly, to choose among many ---

    def guess(
        self, node: query.Query, leaf: int, documents: Array | None
    ) -> tuple[Array | None, float]:
        """Scores of `documents`, or of all of a segment, and how far each is off at most.

        None stands for scores that are all 0.
        """
        kind = type(node)
        if kind is query.Term:
            return self._guess_term(node, leaf, documents)
        if kind is AnyForm and documents is None:
            return self._guess_form(node, leaf)
        if kind is query.Or or kind is query.And:
            total, error = self._guess_sum(node.subqueries, leaf, documents)
            if total is not None and kind is query.And and node is not self.execution.asked:
                found = self.execution.match(node, leaf).as_mask()
                total = total * (found if documents is None else found[documents])
            return total, error
        if kind is Without or isinstance(node, Filter) or (kind is Flat and not node.score):
            return None, 0.0
        if kind is Flat:
            found = self.execution.match(node, leaf).as_mask()
            held = found if documents is None else found[documents]
            return held.astype(np.float32) * np.float32(node.score), 0.0
        if documents is not None:
            return self._score(node, leaf, documents), 0.0
        total = np.zeros(self.view.leaves[leaf].count, np.float32)
        listed = self.execution.match(node, leaf).as_list()
        total[listed] = self._score(node, leaf, listed)
        return total, 0.0

    def _guess_form(self, node: AnyForm, leaf: int) -> tuple[Array | None, float]:
        """Where the word worth most has a row, that tells of the articles with no other word."""
        here, formed = self.view.leaves[leaf], self.execution.formed(node, leaf)
        if not formed.members:
            return None, 0.0
        best = formed.members[-1]
        row = here.segment.row(best.number)
        if row is None or best.languages or node.fieldname != "text":
            total = np.zeros(here.count, np.float32)
            listed = self.execution.match(node, leaf).as_list()
            total[listed] = self._any_form(node, leaf, listed)
            return total, 0.0
        factor = self._worth(node) * best.weight
        total = row * np.float32(factor / 255)
        if formed.members[1:]:
            mixed = formed.others()
            total[mixed] = self._any_form(node, leaf, mixed)
        return total, self._row_error(leaf) * abs(factor)

    def _guess_sum(
        self, parts: list[query.Query], leaf: int, documents: Array | None
    ) -> tuple[Array | None, float]:
        total: Array | None = None
        error = 0.0
        for part in parts:
            guessed, off = self.guess(part, leaf, documents)
            error += off
            if guessed is not None:
                total = guessed if total is None else total + guessed
        return total, error

    def _guess_term(
        self, node: query.Term, leaf: int, documents: Array | None
    ) -> tuple[Array | None, float]:
        number = self.execution.resolve_of(node, leaf)
        here = self.view.leaves[leaf]
        if number < 0:
            return None, 0.0
        row = here.segment.row(number) if node.fieldname == "text" else None
        factor = self._factor(node) * node.boost
        if row is not None:
            off = self._row_error(leaf)
            impact = row if documents is None else row[documents]
            return impact * np.float32(factor / 255), off * abs(factor)
        if documents is not None:
            return self._term(node, leaf, documents) * node.boost, 0.0
        holders, weights = postings(here.segment, node.fieldname, number)
        total = np.zeros(here.count, np.float32)
        lengths = here.lengths_of(node.fieldname)[holders]
        total[holders] = factor * impacts(weights, lengths, self.view.average(node.fieldname))
        return total, 0.0

    # --- the first ---

    def best(self, found: list[Found], most: int) -> "Order":
        """The `most` best articles; of equal scores the newest come first, undated last."""
        kept: list[_Candidates] = []
        floor = _Floor(most)
        few = max(_FEW, 2 * most)
        for leaf, here in enumerate(found):
            self.execution.check()
            size = len(here)
            if not size:
                continue
            if size <= few:
                documents = here.as_list()
                kept.append(_Candidates(leaf, documents, self.scores(leaf, documents), 0.0))
            else:
                kept.append(self._promising(leaf, here, floor))
            if not kept[-1].off:
                floor.raise_to(kept[-1].scores, 0.0)
        parts = []
        for one in kept:
            chosen = np.flatnonzero(one.scores >= floor.value - one.off)
            if not len(chosen):
                continue
            documents, scores = one.documents[chosen], one.scores[chosen]
            if one.off:
                self.execution.check()
                scores = self.scores(one.leaf, documents)
            parts.append(self._part(one.leaf, documents, scores))
        return Order.of(parts, lambda order: _first(-order.scores, -self._recency(order), most))

    def _promising(self, leaf: int, here: Found, floor: "_Floor") -> "_Candidates":
        """The articles of a segment that may be among the best."""
        listed = here.documents
        guessed, unit, off, zero_is_none = self._guessed(leaf, here)
        # The best of each stretch are so many different articles: the last of the `most` best
        # is no worse than the last of the `most` best of these.
        whole = len(guessed) // _STRETCH * _STRETCH
        floor.raise_to(guessed[:whole].reshape(-1, _STRETCH).max(axis=1) * unit, off)
        least = max((floor.value - off) / unit, 0.0)
        if guessed.dtype == np.uint8:
            chosen = np.flatnonzero(guessed >= np.uint8(min(max(np.ceil(least), 1), 255)))
        elif zero_is_none and not least:
            chosen = np.flatnonzero(guessed)
        else:
            chosen = np.flatnonzero(guessed >= np.float32(least))
        documents = chosen if listed is None else listed[chosen]
        scores = guessed[chosen] * np.float64(unit)
        if _is_flat(self.execution.asked) and len(documents) > 4 * floor.most:
            # Whole numbers are exact, and thousands may be alike: their numbers decide.
            first = np.sort(_first(-scores, -documents, floor.most))
            documents, scores = documents[first], scores[first]
        return _Candidates(leaf, documents, scores, off)

    def _guessed(self, leaf: int, here: Found) -> tuple[Array, float, float, bool]:
        """Guesses for the articles found, a unit they are in, and how far each is off at most.

        Those for a mask are one an article: below 0 where it is not found, or else, if the last
        value is true, 0.
        """
        asked, listed = self.execution.asked, here.documents
        alive = self.view.leaves[leaf].alive
        if listed is None:
            number, worth = self._lone(asked, leaf)
            row = None if number < 0 else self.view.leaves[leaf].segment.row(number)
            if row is not None:
                unit = worth / 255
                off = self._row_error(leaf) * unit * 255 + _SLACK
                return (row if alive is None else row * alive), unit, off, True
        guessed, off = self.guess(asked, leaf, listed)
        if guessed is None:
            guessed = np.zeros(here.size if listed is None else len(listed), np.float32)
        zero_is_none = listed is None and alive is None and _is_any_of_words(asked)
        if listed is None and not zero_is_none:
            # What is not found must not pass for one of the best.
            guessed = np.where(here.as_mask(), guessed, np.float32(-1))
        return guessed, 1.0, off + _SLACK, zero_is_none

    def _lone(self, asked: query.Query, leaf: int) -> tuple[int, float]:
        """The word of a segment that is all that is asked for (-1: none), and what it is worth."""
        if type(asked) is query.Term and asked.fieldname == "text":
            return self.execution.resolve_of(asked, leaf), self._factor(asked) * asked.boost
        if type(asked) is AnyForm and (lone := self.execution.formed(asked, leaf).lone):
            return lone.number, self._worth(asked) * lone.weight
        return -1, 0.0

    def _row_error(self, leaf: int) -> float:
        """How far the impacts in the rows of a segment are off at most."""
        here = self.view.leaves[leaf]
        shortest, longest, mean = here.extent_of("text")
        return here.segment.error + drift(shortest, longest, mean, self.view.average("text"))

    def by_day(self, found: list[Found], most: int, *, oldest: bool) -> "Order":
        """The first `most` articles by day, undated ones last; their scores are left at 0."""
        parts = []
        for leaf, here in enumerate(found):
            days = self.view.leaves[leaf].segment.days
            documents = _in_order_of_day(days, here, most, oldest=oldest)
            parts.append(self._part(leaf, documents, np.zeros(len(documents))))

        def chosen(order: "Order") -> Array:
            days = self._days(order)
            undated = days == UNDATED
            return np.lexsort((-order.keys, days if oldest else -days, undated))[:most]

        return Order.of(parts, chosen)

    def place_by_day(self, found: list[Found], key: int, *, oldest: bool) -> int:
        """How many of the articles found come before the one with `key` (found) in this order."""
        day = UNDATED
        for leaf in self.view.leaves:
            here = leaf.with_keys(np.array([key]))
            if len(here) and (leaf.alive is None or leaf.alive[here[0]]):
                day = int(leaf.segment.days[here[0]])
        before = 0
        for leaf, articles in zip(self.view.leaves, found, strict=True):
            days = leaf.segment.days
            begin, end = (int(np.searchsorted(days, day, side)) for side in ("left", "right"))
            dated = int(np.searchsorted(days, UNDATED, "right"))
            first, last = (dated, begin) if oldest and day != UNDATED else (end, len(days))
            mask = articles.as_mask()
            before += int(np.count_nonzero(mask[first:last]))
            alike = mask[begin:end] & (leaf.segment.keys[begin:end] > key)
            before += int(np.count_nonzero(alike))
        return before

    def by_value(self, found: list[Found], most: int, sort: str) -> "Order":
        """The first `most` articles as they were added (last first), or by their length."""
        parts = []
        for leaf, here in enumerate(found):
            documents = here.as_list()
            if sort == "added":
                values = -self.view.leaves[leaf].segment.keys[documents].astype(np.float64)
            else:
                values = self.view.leaves[leaf].lengths_of("text")[documents]
                values = -values if sort == "longest" else values
            parts.append(self._part(leaf, documents, values))
        order = Order.of(parts, lambda order: _first(order.scores, -order.keys, most))
        return Order(np.zeros(len(order.keys)), order.keys, order.leaves, order.documents)

    def _days(self, order: "Order") -> Array:
        days = np.zeros(len(order.keys), np.int64)
        for leaf, here in enumerate(self.view.leaves):
            chosen = order.leaves == leaf
            days[chosen] = here.segment.days[order.documents[chosen]]
        return days

    def _recency(self, order: "Order") -> Array:
        """How late in time each comes, as articles of one segment are numbered: undated first."""
        recency = np.empty(len(order.keys), np.int64)
        recency[np.lexsort((order.keys, self._days(order)))] = np.arange(len(order.keys))
        return recency

    def _part(self, leaf: int, documents: Array, scores: Array) -> "Order":
        keys = self.view.leaves[leaf].segment.keys[documents]
        leaves = np.full(len(keys), leaf)
        return Order(np.round(scores, _ALIKE), keys, leaves, np.asarray(documents, np.int64))

    def scored(self, order: "Order") -> "Order":
        """The same articles with their scores."""
        scores = np.zeros(len(order.keys))
        for leaf in np.unique(order.leaves).tolist():
            here = np.flatnonzero(order.leaves == leaf)
            # Scores are looked up among articles in ascending order.
            here = here[np.argsort(order.documents[here])]
            scores[here] = self.scores(leaf, order.documents[here])
        return Order(np.round(scores, _ALIKE), order.keys, order.leaves, order.documents)


@dataclass(slots=True)
class Order:
    """Articles in order: score, key, segment and number in it of each."""

    scores: Array
    keys: Array
    leaves: Array
    documents: Array

    @classmethod
    def of(cls, parts: "list[Order]", chosen: Callable[["Order"], Array]) -> "Order":
        """What `chosen` picks out of all `parts`."""
        whole = cls(
            np.concatenate([np.zeros(0), *(part.scores for part in parts)]),
            np.concatenate([_NONE, *(part.keys for part in parts)]),
            np.concatenate([_NONE, *(part.leaves for part in parts)]),
            np.concatenate([_NONE, *(part.documents for part in parts)]),
        )
        return whole.at(chosen(whole))

    def at(self, places: "Array | slice") -> "Order":
        """Those at `places`."""
        return Order(
            self.scores[places], self.keys[places], self.leaves[places], self.documents[places]
        )


@dataclass(slots=True)
class _Candidates:
    leaf: int
    documents: Array
    scores: Array
    off: float
    """How far the scores are off at most; 0 where they are exact."""


class _Floor:
    """A score that the last of the `most` best certainly reaches."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.value = -np.inf
        self._best = np.zeros(0)

    def raise_to(self, scores: Array, off: float) -> None:
        """Take the certain part (score less error) of more articles into account."""
        best = np.concatenate((self._best, scores - off))
        if len(best) > self.most:
            best = np.partition(best, len(best) - self.most)[-self.most :]
        self._best = best
        if len(best) == self.most:
            # Rounding must not part equals.
            self.value = float(best.min()) - 10.0**-_ALIKE


def _is_any_of_words(node: query.Query) -> bool:
    """Whether a score above 0 and being found are the same."""
    parts = node.subqueries if type(node) is query.Or else [node]
    return all(type(part) is query.Term or type(part) is AnyForm for part in parts)


def _is_flat(node: query.Query) -> bool:
    """Whether scores are whole numbers: of prefixes and filters, without words."""
    if type(node) is query.And or type(node) is query.Or:
        return all(map(_is_flat, node.subqueries))
    return isinstance(node, Flat | Without | Filter)


def _first(scores: Array, keys: Array, most: int) -> Array:
    """The places of the `most` least, by score, then key (all different), in order."""
    places = None
    if len(scores) > 4 * most:
        edge = np.partition(scores, most - 1)[most - 1]
        before, ties = np.flatnonzero(scores < edge), np.flatnonzero(scores == edge)
        left = most - len(before)
        if len(ties) > left:
            ties = ties[np.argpartition(keys[ties], left - 1)[:left]]
        places = np.concatenate((before, ties))
        scores, keys = scores[places], keys[places]
    order = np.lexsort((keys, scores))[:most]
    return order if places is None else places[order]


def _in_order_of_day(days: Array, here: Found, most: int, *, oldest: bool) -> Array:
    """Articles among which the first `most` of a segment by day are certainly."""
    first_dated = int(np.searchsorted(days, UNDATED, "right"))
    if oldest:
        dated = _stretch(here, first_dated, len(days), most, last=False)
        # Keys fall within a day, but articles are numbered by rising keys: take the day whole.
        if len(dated):
            end = int(np.searchsorted(days, days[dated[-1]], "right"))
            dated = np.concatenate(
                (dated, _stretch(here, int(dated[-1]) + 1, end, end, last=False))
            )
    else:
        dated = _stretch(here, first_dated, len(days), most, last=True)
    undated = _stretch(here, 0, first_dated, max(most - len(dated), 0), last=True)
    return np.concatenate((undated, dated))


def _stretch(here: Found, begin: int, end: int, most: int, *, last: bool) -> Array:
    """The first or last `most` articles found in [begin, end)."""
    if most <= 0 or begin >= end:
        return np.zeros(0, np.int64)
    if here.documents is not None:
        low, high = np.searchsorted(here.documents, (begin, end))
        chosen = here.documents[low:high]
        return (chosen[-most:] if last else chosen[:most]).astype(np.int64)
    mask = here.as_mask()
    gathered: list[Array] = []
    count = 0
    for low, high in _steps(begin, end, most, last=last):
        part = np.flatnonzero(mask[low:high]) + low
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


def _weights(segment: Segment, field: str, number: int, documents: Array) -> Array:
    """How much a term weighs in each of `documents`, 0 where it is not in it."""
    holders = segment.documents_of(number)
    if len(documents) > _LOOK_UP:
        wanted = np.zeros(segment.documents, bool)
        wanted[documents] = True
        places = np.flatnonzero(wanted[holders])
    else:
        places = np.searchsorted(holders, documents)
        places[places == len(holders)] = 0
    times, in_title = segment.times(number, places)
    times = weighed(field, times, in_title)
    if len(documents) > _LOOK_UP:
        if len(places) == len(documents):
            return times.astype(np.float64)
        weights = np.zeros(segment.documents)
        weights[holders[places]] = times
        return weights[documents]
    return np.where(holders[places] == documents, times, 0).astype(np.float64)


def _looked_up(documents: Array, values: Array, asked: Array) -> Array:
    """The value of each article asked for, 0 where it is not among `documents`."""
    if not len(documents):
        return np.zeros(len(asked))
    if len(documents) == len(asked) and np.array_equal(documents, asked):
        return values
    places = np.searchsorted(documents, asked)
    places[places == len(documents)] = 0
    looked_up: Array = np.where(documents[places] == asked, values[places], 0.0)
    return looked_up
