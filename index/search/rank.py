"""What articles are worth: exactly for those chosen, roughly to choose them among many."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from whoosh import query

from index.search import order
from index.search.execute import Execution
from index.search.forms import AnyForm, common
from index.search.found import Found
from index.search.many import best_of_any
from index.search.nodes import Filter, Flat, Without
from index.search.order import Order
from index.search.scoring import ALIKE
from index.search.segment import Array
from index.search.sides import Side
from index.search.weights import BY_FIELD, joined, set_right, weights

_FEW = 2048
"""Articles of a segment that are scored exactly rather than guessed first."""
_MANY_WORDS = 48
"""Words of which any is enough, beyond which scores are not guessed first."""
_STRETCH = 64
_SLACK = 1e-4
"""More than single precision loses on a score."""
_ROOM = 65_000
"""The highest guess in whole numbers: they have 16 bits."""


_NONE = np.zeros(0, np.int64)
_NOTHING: dict[int, Array] = {}


class Chosen:
    """Articles to be scored: of some segments, each with a list of them in ascending order."""

    def __init__(
        self,
        ranker: "Ranker",
        parts: list[tuple[int, Array]],
        codes: dict[int, dict[int, Array]] | None = None,
    ) -> None:
        self.parts = parts
        self.codes = codes or {}
        """The codes of terms for these articles as far as they are known, by segment and term."""
        bases = ranker.view.numpy_bases
        # A sum with a number of 64 bits has 64 bits.
        self.articles = joined([documents + bases[leaf] for leaf, documents in parts])
        """By their numbers in the view."""
        self._view = ranker.view
        self._norms: dict[str, Array] = {}

    def norms(self, field: str) -> Array:
        """What the length of each article's field adds below the line of BM25."""
        known = self._norms.get(field)
        if known is None:
            known = self._norms[field] = self._view.norms(field).take(self.articles)
        return known


class Ranker:
    """Scores what an execution finds."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.view = execution.view

    # --- exactly, for chosen articles ---

    def scores(self, chosen: Chosen) -> Array:
        """The scores of articles that the query finds."""
        return self._score(self.execution.asked, chosen, held=True)

    def _score(self, node: query.Query, chosen: Chosen, *, held: bool = False) -> Array:
        """What `node` adds to each, nothing to those that it does not find.

        Whoever knows that it finds all of them says `held`.
        """
        kind = type(node)
        if kind is query.Term:
            return self._term(node, chosen)
        if kind is AnyForm:
            return self._any_form(node, chosen)
        added: Array
        if kind is query.Or:
            added = self._sum(node.subqueries, chosen)
        elif kind is query.And:
            added = self._sum(node.subqueries, chosen, held=held)
        elif kind is query.AndMaybe:
            added = self._sum([node.a, node.b], chosen)
        elif kind is Flat:
            added = np.full(len(chosen.articles), float(node.score))
        elif kind is query.Phrase:
            words = [query.Term(node.fieldname, word) for word in node.words]
            added = self._sum(words, chosen)
        elif kind is query.Every:
            return np.full(len(chosen.articles), float(node.boost))
        elif kind is Without or isinstance(node, Filter):
            return np.zeros(len(chosen.articles))
        else:
            return self._walked(node, chosen)
        if kind is not Flat and node.boost != 1.0:
            added *= node.boost
        if not held and kind is not query.Or:
            added *= self._found(node, chosen)
        return added

    def _sum(self, parts: list[query.Query], chosen: Chosen, *, held: bool = False) -> Array:
        added: Array | None = None
        for part in parts:
            if not (isinstance(part, Filter) or type(part) is Without):
                score = self._score(part, chosen, held=held)
                added = score if added is None else added + score
        return np.zeros(len(chosen.articles)) if added is None else added

    def _found(self, node: query.Query, chosen: Chosen) -> Array:
        match = self.execution.match
        return joined([match(node, leaf).holds(documents) for leaf, documents in chosen.parts])

    def _walked(self, node: query.Query, chosen: Chosen) -> Array:
        walk = self.execution.walk
        return joined(
            [_looked_up(*walk(node, leaf), documents) for leaf, documents in chosen.parts]
        )

    def _factor(self, node: query.Term) -> float:
        return self.view.term(node.fieldname, node.text).worth * float(node.boost)

    def _term(self, node: query.Term, chosen: Chosen) -> Array:
        field = node.fieldname
        numbers = self.execution.resolve(field, node.text).numbers
        leaves = self.view.leaves
        codes = []
        odd = False
        for leaf, documents in chosen.parts:
            number = numbers[leaf]
            known = chosen.codes.get(leaf, _NOTHING).get(number)
            if known is not None:
                codes.append(known)
            elif number < 0:
                codes.append(np.zeros(len(documents), np.uint8))
                continue
            else:
                codes.append(leaves[leaf].segment.codes_in(number, documents))
            odd = odd or number in leaves[leaf].segment.odd_terms
        whole = joined(codes)
        weights = BY_FIELD[field].take(whole)
        if odd:
            self._weigh_odd(weights, field, numbers, chosen, whole)
        found: Array = weights / (weights + chosen.norms(field))
        found *= self._factor(node)
        return found

    def _weigh_odd(
        self, weights: Array, field: str, numbers: list[int], chosen: Chosen, codes: Array
    ) -> None:
        """Set right the weights where the code does not tell them."""
        at = 0
        for leaf, documents in chosen.parts:
            segment = self.view.leaves[leaf].segment
            if numbers[leaf] in segment.odd_terms:
                end = at + len(documents)
                set_right(weights[at:end], segment, numbers[leaf], documents, codes[at:end], field)
            at += len(documents)

    def _any_form(self, node: AnyForm, chosen: Chosen) -> Array:
        counts, worths = [], []
        for leaf, documents in chosen.parts:
            counted, worth = self.execution.formed(node, leaf).counted(documents)
            counts.append(counted)
            worths.append(worth)
        times = joined(counts)
        found: Array = times / (times + chosen.norms(node.fieldname))
        found *= joined(worths)
        found *= self._worth(node)
        return found

    def _worth(self, node: AnyForm) -> float:
        return self.view.worth(self.execution.holders(node))

    # --- roughly, to choose among many ---

    def guess(self, node: query.Query, leaf: int, here: Found | None) -> tuple[Array | None, float]:
        """Scores of a list of articles, or of all of a segment, and how far each is off at most.

        None stands for scores that are all 0.
        """
        kind = type(node)
        documents = None if here is None else here.as_list()
        if kind is query.Term:
            return self._guess_term(node, leaf, here)
        if kind is AnyForm:
            return self._guess_form(node, leaf, documents)
        if kind is query.Or or kind is query.And:
            total, error = self._guess_sum(node.subqueries, leaf, here)
            if total is not None and kind is query.And and node is not self.execution.asked:
                total = total * self._held(node, leaf, documents)
            return total, error
        if kind is Without or isinstance(node, Filter) or (kind is Flat and not node.score):
            return None, 0.0
        if kind is Flat:
            return self._held(node, leaf, documents) * np.float32(node.score), 0.0
        if documents is not None:
            return self._score(node, Chosen(self, [(leaf, documents)])), 0.0
        total = np.zeros(self.view.leaves[leaf].count, np.float32)
        found = self.execution.match(node, leaf)
        listed = found.as_list()
        if len(listed):
            chosen = Chosen(self, [(leaf, listed)], {leaf: found.codes})
            total[listed] = self._score(node, chosen, held=True)
        return total, 0.0

    def _guess_form(
        self, node: AnyForm, leaf: int, documents: Array | None
    ) -> tuple[Array | None, float]:
        """Where the word worth most has a row, that tells of the articles with no other word."""
        here, formed = self.view.leaves[leaf], self.execution.formed(node, leaf)
        if not formed.members:
            return None, 0.0
        best = formed.members[-1]
        row = here.segment.impact_row(best.number)
        if row is None or best.languages or node.fieldname != "text":
            if documents is not None:
                return self._any_form(node, Chosen(self, [(leaf, documents)])), 0.0
            total = np.zeros(here.count, np.float32)
            listed = self.execution.match(node, leaf).as_list()
            total[listed] = self._any_form(node, Chosen(self, [(leaf, listed)]))
            return total, 0.0
        factor = self._worth(node) * best.weight
        total = (row if documents is None else row.take(documents)) * np.float32(factor / 255)
        if formed.members[1:]:
            mixed = places = formed.others()
            if documents is not None:
                places, held = common(documents, mixed)
                mixed = mixed.take(held)
            total[places] = self._any_form(node, Chosen(self, [(leaf, mixed)]))
        return total, self.view.row_error(leaf) * abs(factor)

    def _held(self, node: query.Query, leaf: int, documents: Array | None) -> Array:
        found = self.execution.match(node, leaf)
        return found.as_mask() if documents is None else found.holds(documents)

    def _guess_sum(
        self, parts: list[query.Query], leaf: int, here: Found | None
    ) -> tuple[Array | None, float]:
        total: Array | None = None
        error = 0.0
        for part in parts:
            guessed, off = self.guess(part, leaf, here)
            error += off
            if guessed is not None:
                total = guessed if total is None else total + guessed
        return total, error

    def _guess_term(
        self, node: query.Term, leaf: int, here: Found | None
    ) -> tuple[Array | None, float]:
        number = self.execution.resolve_of(node, leaf)
        if number < 0:
            return None, 0.0
        impact = None
        if node.fieldname == "text":
            impact = None if here is None else here.impacts.get(number)
            if impact is None:
                impact = self.view.leaves[leaf].segment.impact_row(number)
                if impact is not None and here is not None:
                    impact = impact.take(here.as_list())
        factor = self._factor(node)
        if impact is not None:
            return impact * np.float32(factor / 255), self.view.row_error(leaf) * abs(factor)
        if here is not None:
            return self._term(node, Chosen(self, [(leaf, here.as_list())])), 0.0
        total = np.zeros(self.view.leaves[leaf].count, np.float32)
        holders = self.view.leaves[leaf].segment.documents_of(number)
        total[holders] = self._term(node, Chosen(self, [(leaf, holders)]))
        return total, 0.0

    # --- the first ---

    def best(self, found: list[Found], most: int) -> Order:
        """The `most` best articles; of equal scores the newest come first, undated last."""
        asked = self.execution.asked
        alike = _constant(asked)
        if alike is not None:
            first = order.by_day(self.view, found, most, oldest=False)
            return Order(first.articles, np.full(len(first.articles), alike))
        beside = _beside_constant(asked)
        return self._best(found, most) if beside is None else self._best_beside(beside, found, most)

    def _best_beside(self, beside: query.Query, found: list[Found], most: int) -> Order:
        """The same where all that `beside`, a part of the query, does not find is worth the same.

        What it finds is worth more, so of all others only the newest can be among the best.
        """
        worth_more = [self.execution.run(leaf, beside) for leaf in range(len(found))]
        newest = order.by_day(self.view, found, most, oldest=False).articles
        better = self._best(worth_more, most).articles
        both = np.unique(np.concatenate((newest, better)))
        scored = self.scored(Order(both, np.zeros(len(both))))
        return order.by_score(self.view, scored.articles, scored.scores, most)

    def _best(self, found: list[Found], most: int) -> Order:
        """The `most` best of those in `found`, which the query finds."""
        asked = self.execution.asked
        exact: list[tuple[int, Array]] = []
        codes: dict[int, dict[int, Array]] = {}
        many: list[int] = []
        few = max(_FEW, 2 * most)
        for leaf, here in enumerate(found):
            size = len(here)
            if size > (few if not here.impacts else 2 * most):
                many.append(leaf)
            elif size:
                exact.append((leaf, here.as_list()))
                codes[leaf] = here.codes
        if not exact and not many:
            return Order(np.zeros(0, np.int64), np.zeros(0))
        if not many:
            chosen = Chosen(self, exact, codes)
            return order.by_score(self.view, chosen.articles, self.scores(chosen), most)
        if type(asked) is query.Or and len(asked.subqueries) > _MANY_WORDS:
            terms = [term for term in asked.subqueries if type(term) is query.Term]
            if len(terms) == len(asked.subqueries):
                if all(term.fieldname == "text" and term.boost == 1.0 for term in terms):
                    known = [self.view.term("text", term.text) for term in terms]
                    return best_of_any(self.view, [Side(self.view, one) for one in known], most)
                return self._best_of_many_words(terms, found, most)
        floor = _Floor(most)
        if exact:
            floor.raise_to(self.scores(Chosen(self, exact, codes)), 0.0)
        rows = self._rows_of(asked, many)
        if rows:
            exact += self._tops(asked, rows, floor)
            many = [leaf for leaf in many if leaf not in rows]
        exact += self._promising(found, many, floor)
        chosen = Chosen(self, sorted(exact, key=lambda part: part[0]), codes)
        self.execution.check()
        return order.by_score(self.view, chosen.articles, self.scores(chosen), most)

    def _best_of_many_words(self, terms: list[query.Term], found: list[Found], most: int) -> Order:
        """The best articles with any of so many words that guesses would add up to nothing."""
        parts, scores = [], []
        for leaf, here in enumerate(found):
            segment = self.view.leaves[leaf].segment
            base = self.view.bases[leaf]
            within = slice(base, base + segment.documents)
            norms = {
                name: self.view.norms(name)[within] for name in {one.fieldname for one in terms}
            }
            total = np.zeros(segment.documents)
            for term in terms:
                self.execution.check()
                number = self.execution.resolve_of(term, leaf)
                if number >= 0:
                    field = term.fieldname
                    documents, codes = segment.stretch_of(number, 0, segment.documents)
                    places = documents.astype(np.int64)
                    worth = weights(segment, number, documents, codes, field)
                    score = worth / (worth + norms[field].take(places))
                    np.add.at(total, places, score * self._factor(term))
            parts.append(here.as_list() + base)
            scores.append(total.take(here.as_list()))
        return order.by_score(self.view, joined(parts), joined(scores), most)

    def only_word(self) -> int | None:
        """How many articles are found, where that is known at once: a word, and nothing deleted."""
        asked = self.execution.asked
        if type(asked) is not query.Term or asked.fieldname != "text" or self.view.deleted:
            return None
        return self.execution.resolve(asked.fieldname, asked.text).holders

    def best_of_word(self, most: int) -> Order | None:
        """The same as `best`, where the only word asked for is in few articles; else None."""
        holders = self.only_word()
        if holders is None or holders > _FEW:
            return None
        asked = self.execution.asked
        parts: list[tuple[int, Array]] = []
        codes: dict[int, dict[int, Array]] = {}
        numbers = self.execution.resolve(asked.fieldname, asked.text).numbers
        for leaf, number in enumerate(numbers):
            if number >= 0:
                segment = self.view.leaves[leaf].segment
                documents = segment.documents_of(number)
                parts.append((leaf, documents))
                codes[leaf] = {number: segment.codes_of(number, documents)}
        if not parts:
            return Order(np.zeros(0, np.int64), np.zeros(0))
        chosen = Chosen(self, parts, codes)
        return order.by_score(self.view, chosen.articles, self._term(asked, chosen), most)

    def _rows_of(self, asked: query.Query, leaves: list[int]) -> dict[int, int]:
        """The rows of impacts of the only word asked for, by segment; none if there are more."""
        if type(asked) is not query.Term or asked.fieldname != "text":
            return {}
        numbers = self.execution.resolve(asked.fieldname, asked.text).numbers
        rows = {leaf: self.view.leaves[leaf].segment.dense.get(numbers[leaf]) for leaf in leaves}
        return {leaf: row for leaf, row in rows.items() if row is not None}

    def _tops(
        self, asked: query.Term, rows: dict[int, int], floor: "_Floor"
    ) -> list[tuple[int, Array]]:
        """The articles with the highest impacts of one word, of segments that have rows of it."""
        factor = self._factor(asked)
        unit = factor / 255
        reached = {leaf: self.view.leaves[leaf].segment.reached[row] for leaf, row in rows.items()}
        errors = {leaf: self.view.row_error(leaf) * factor + _SLACK for leaf in rows}
        # So many reach the impact that the `most` best among those that live do too.
        enough = sum(reached.values()) >= floor.most + self.view.deleted
        floor.raise_value(int(np.count_nonzero(enough[1:])) * unit - max(errors.values()))
        chosen = []
        for leaf, row in rows.items():
            least = min(max(int(np.ceil((floor.value - errors[leaf]) / unit)), 1), 255)
            here = self.view.leaves[leaf]
            champions = here.segment.champions[row]
            count = int(reached[leaf][least])
            if count <= len(champions):
                documents = np.sort(champions[:count])
            else:
                documents = (here.segment.rows[row] >= np.uint8(least)).nonzero()[0]
            if here.alive is not None:
                documents = documents[here.alive.take(documents)]
            chosen.append((leaf, documents))
        return chosen

    def _promising(
        self, found: list[Found], leaves: list[int], floor: "_Floor"
    ) -> list[tuple[int, Array]]:
        """The articles of segments with many hits that may be among the best."""
        kept: list[_Candidates] = []
        for leaf in leaves:
            self.execution.check()
            kept.append(self._candidates(leaf, found[leaf], floor))
        chosen = []
        for one in kept:
            left = (one.guessed >= (floor.value - one.off) / one.unit).nonzero()[0]
            chosen.append((one.leaf, one.documents.take(left)))
        return chosen

    def _candidates(self, leaf: int, here: Found, floor: "_Floor") -> "_Candidates":
        if len(here) * 8 < here.size:
            here.as_list()
        listed = here.documents
        if listed is None:
            guessed, unit, off = self._guess_all(leaf, here)
        else:
            found, off = self.guess(self.execution.asked, leaf, here)
            guessed = np.zeros(len(listed), np.float32) if found is None else found
            unit = 1.0
        off += _SLACK
        # The best of each stripe are so many different articles: the last of the `most` best
        # is no worse than the last of the `most` best of these.
        whole = len(guessed) // _STRETCH * _STRETCH
        floor.raise_to(guessed[:whole].reshape(_STRETCH, -1).max(axis=0) * unit, off)
        least = (floor.value - off) / unit
        chosen = (
            (guessed >= guessed.dtype.type(max(np.floor(least), 1))).nonzero()[0]
            if guessed.dtype == np.uint16
            else (guessed >= least).nonzero()[0]
        )
        documents = chosen if listed is None else listed.take(chosen)
        return _Candidates(leaf, documents, guessed.take(chosen), unit, off)

    def _guess_all(self, leaf: int, here: Found) -> tuple[Array, float, float]:
        """Guesses for all articles of a segment: below 0, or 0 in whole numbers, if not found."""
        asked = self.execution.asked
        terms = _added(asked)
        alive = self.view.leaves[leaf].alive
        if terms:
            total, unit, off = self._guess_words(terms, leaf)
            if alive is not None or not _is_any_of_words(asked):
                total *= here.as_mask()
            return total, unit, off
        guessed, off = self.guess(asked, leaf, None)
        if guessed is None:
            guessed = np.zeros(here.size, np.float32)
        # What is not found must not pass for one of the best.
        held = here.as_mask().astype(np.float32)
        return guessed * held + (held - 1), 1.0, off

    def _guess_words(
        self, terms: list[query.Term | AnyForm], leaf: int
    ) -> tuple[Array, float, float]:
        """Scores of words added up in whole numbers of a unit: a fraction of the time of others."""
        here = self.view.leaves[leaf]
        factors = [
            self._worth(term) * term.ways[-1].weight
            if isinstance(term, AnyForm)
            else self._factor(term)
            for term in terms
        ]
        scale = _ROOM / sum(factors)
        total = np.zeros(here.count, np.uint16)
        part = np.empty_like(total)
        off = 0.0
        row_error = self.view.row_error(leaf)
        for term, factor in zip(terms, factors, strict=True):
            if isinstance(term, AnyForm):
                off += self._add_form(term, leaf, scale, total)
                continue
            number = self.execution.resolve_of(term, leaf)
            if number < 0:
                continue
            row = here.segment.impact_row(number)
            if row is None:
                holders = here.segment.documents_of(number)
                scores = self._term(term, Chosen(self, [(leaf, holders)])) * scale
                total[holders] += scores.astype(np.uint16)
                off += 1 / scale
            else:
                whole = np.uint16(factor * scale / 255)
                np.multiply(row, whole, out=part, dtype=np.uint16)
                total += part
                off += 255 / scale + row_error * factor
        return total, 1 / scale, off

    def _add_form(self, node: AnyForm, leaf: int, scale: float, total: Array) -> float:
        """Add what `node` is worth in each article, in such units; how far that is off at most."""
        segment, formed = self.view.leaves[leaf].segment, self.execution.formed(node, leaf)
        if not formed.members:
            return 0.0
        best = formed.members[-1]
        row = segment.impact_row(best.number)
        if row is None or best.languages:
            exactly, off = self.execution.match(node, leaf).as_list(), 1 / scale
            part = np.zeros(segment.documents, np.uint16)
        else:
            factor = self._worth(node) * best.weight
            part = np.multiply(row, np.uint16(factor * scale / 255), dtype=np.uint16)
            off = 255 / scale + self.view.row_error(leaf) * factor
            exactly = formed.others() if formed.members[1:] else _NONE
        if len(exactly):
            scores = self._any_form(node, Chosen(self, [(leaf, exactly)])) * scale
            part[exactly] = np.maximum(scores, 1).astype(np.uint16)
        total += part
        return off

    def scored(self, ordered: Order) -> Order:
        """The same articles with their scores."""
        if not len(ordered.articles):
            return ordered
        by_number = np.argsort(ordered.articles)
        articles = ordered.articles.take(by_number)
        bases = self.view.bases
        bounds = articles.searchsorted(bases).tolist()
        parts = [
            (leaf, articles[begin:end] - bases[leaf])
            for leaf, (begin, end) in enumerate(pairwise(bounds))
            if begin < end
        ]
        scores = np.empty(len(articles))
        scores[by_number] = np.round(self.scores(Chosen(self, parts)), ALIKE)
        return Order(ordered.articles, scores)


@dataclass(slots=True)
class _Candidates:
    leaf: int
    documents: Array
    guessed: Array
    unit: float
    off: float
    """How far guesses, times the unit, are off at most."""


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
            self.raise_value(float(best.min()))

    def raise_value(self, value: float) -> None:
        """The `most` best reach `value`."""
        # Rounding must not part equals.
        self.value = max(self.value, value - 10.0**-ALIKE)


def _constant(node: query.Query) -> float | None:
    """The score of all that a query finds, where it is one."""
    if type(node) is Flat:
        return float(node.score)
    if type(node) is Without or isinstance(node, Filter):
        return 0.0
    if type(node) is query.And:
        parts = [_constant(part) for part in node.subqueries]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None
    return None


def _beside_constant(node: query.Query) -> query.Query | None:
    """Of any of some parts, of which just one gives all it finds one score, the words beside it."""
    if type(node) is not query.Or or node.boost != 1.0:
        return None
    words: list[query.Query] = []
    others: list[query.Query] = []
    for part in node.subqueries:
        is_word = type(part) is query.Term or type(part) is AnyForm
        (words if is_word else others).append(part)
    if not words or len(others) != 1 or _constant(others[0]) is None:
        return None
    return words[0] if len(words) == 1 else query.Or(words)


def _is_any_of_words(node: query.Query) -> bool:
    """Whether a score above 0 and being found are the same."""
    parts = node.subqueries if type(node) is query.Or else [node]
    return all(type(part) is query.Term or type(part) is AnyForm for part in parts)


def _added(node: query.Query) -> list[query.Term | AnyForm]:
    """The words whose scores, added up, are the score of all found; none where it is not so."""
    if type(node) is query.Term or type(node) is AnyForm:
        return [node] if node.fieldname == "text" else []
    if type(node) is not query.Or and type(node) is not query.And:
        return []
    words: list[query.Term | AnyForm] = []
    for part in node.subqueries:
        if isinstance(part, Filter) or type(part) is Without:
            if type(node) is query.Or:
                return []
        elif type(part) is query.And:
            return []
        else:
            more = _added(part)
            if not more:
                return []
            words += more
    return words


def _looked_up(documents: Array, values: Array, asked: Array) -> Array:
    """The value of each article asked for, 0 where it is not among `documents`."""
    if not len(documents):
        return np.zeros(len(asked))
    places = np.searchsorted(documents, asked)
    places[places == len(documents)] = 0
    looked_up: Array = np.where(documents[places] == asked, values[places], 0.0)
    return looked_up
