"""Which articles a Whoosh query finds, a segment at a time, by whole arrays.

What is not known here is walked along by Whoosh's own matcher over the same segment.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from whoosh import query

from index.errors import QueryError
from index.search import lexicon
from index.search.codec import stored_in
from index.search.errors import Superseded
from index.search.forms import AnyForm, Formed, formed, plainer
from index.search.found import Found
from index.search.nodes import Filter, Flat, OfDays, Without
from index.search.phrases import phrase_in, phrased
from index.search.segment import ODD, TIMES, TITLE_TIMES, Array, Segment
from index.search.view import Term, View
from index.text.strings import stretches

Stop = Callable[[], bool]
_FEW = 4096
_IN_BODY = TIMES > TITLE_TIMES
_IN_TITLE = TITLE_TIMES > 0
_PARTS = {"body": _IN_BODY, "title_words": _IN_TITLE}
_NONE = np.zeros(0, np.int64)
_SINGLY = 8
"""So many terms are put together one by one,"""
_TOGETHER = 16_384
"""and of more so many at a time."""
MOST_GATHERED = 8_000_000
"""Articles of all words that the patterns of a query stand for."""
_CLOSE = 8
"""Of one in so many terms the postings are sooner picked out of all than gathered one by one."""
_STEPS = 16
"""Parts of a query that are looked for before it is asked whether that is still wanted."""
_SLOW = frozenset({query.Wildcard, query.FuzzyTerm})


class Execution:
    """One query over one view. Nothing is worked out twice."""

    def __init__(self, view: View, asked: query.Query, stop: Stop | None = None) -> None:
        self.view = view
        self.asked = plainer(asked, view.opened)
        self.stop = stop
        self._found: dict[tuple[int, int], Found] = {}
        self._steps = self._gathered = 0
        self._formed: dict[tuple[int, int], Formed] = {}
        self._walked: dict[tuple[int, int], tuple[Array, Array]] = {}

    def check(self) -> None:
        """Raise Superseded if the caller has no more use for the answer."""
        if self.stop is not None and self.stop():
            raise Superseded

    def _gather(self, articles: int) -> None:
        """Raise QueryError where so many more are too many to be put together at once."""
        self._gathered += articles
        if self._gathered > MOST_GATHERED:
            raise QueryError(
                "The words with * stand in too many articles: give them more letters.", at=0, end=0
            )

    def run(self, leaf: int, node: query.Query | None = None) -> Found:
        """The living articles of a segment that the query finds, or a part of it."""
        self.check()
        found = self.match(self.asked if node is None else node, leaf)
        alive = self.view.leaves[leaf].alive
        if alive is None:
            return found
        if found.documents is not None:
            return found.kept(alive.take(found.documents))
        return Found.masked(found.as_mask() & alive)

    def resolve(self, field: str, text: str) -> Term:
        """The term in every segment."""
        return self.view.term(field, text)

    def match(self, node: query.Query, leaf: int) -> Found:
        """The articles, living or not, that `node` finds in a segment."""
        key = (id(node), leaf)
        found = self._found.get(key)
        if found is None:
            self._steps += 1
            if not self._steps % _STEPS or type(node) in _SLOW:
                self.check()
            found = self._found[key] = self._match(node, leaf)
        return found

    def _match(self, node: query.Query, leaf: int) -> Found:
        segment = self.view.leaves[leaf].segment
        kind = type(node)
        if kind is query.Term:
            return self._term(segment, node.fieldname, self.resolve_of(node, leaf))
        if kind is AnyForm:
            return self._any_form(self.formed(node, leaf))
        if kind is query.And:
            return self._and(node.subqueries, segment, leaf)
        if kind is query.Or:
            return self._any(node.subqueries, segment, leaf)
        refused = _refused(node)
        if refused is not None:
            return Found.masked(~self.match(refused, leaf).as_mask())
        if kind is query.AndMaybe:
            return self.match(node.a, leaf)
        if kind is Flat or kind is query.ConstantScoreQuery:
            return self.match(node.child, leaf)
        if kind is query.Phrase:
            return self._phrase(node, leaf)
        if kind is query.Prefix:
            return self._prefix(segment, node.fieldname, node.text.encode())
        if kind is query.Wildcard and not set(node.text) & set("?[]!"):
            field = stored_in(node.fieldname)
            numbers = lexicon.matching(segment, field, node.text)
            return self._any_of(segment, node.fieldname, numbers)
        if kind is query.FuzzyTerm and not node.prefixlength:
            field = stored_in(node.fieldname)
            near = lexicon.neighbours(segment, field, node.text, int(node.maxdist))
            return self._any_of(segment, node.fieldname, np.array(near, np.int64))
        if kind is query.Every and node.fieldname is None:
            return Found.masked(np.ones(segment.documents, bool))
        if kind is query._NullQuery:
            return Found.listed(_NONE, segment.documents)
        if isinstance(node, Filter):
            return Found.masked(node.mask(segment))
        return Found.listed(self.walk(node, leaf)[0], segment.documents)

    def resolve_of(self, node: query.Term, leaf: int) -> int:
        """The number of a Term in a segment."""
        return self.resolve(node.fieldname, node.text).numbers[leaf]

    def formed(self, node: AnyForm, leaf: int) -> Formed:
        """The words of a segment that `node` stands for."""
        key = (id(node), leaf)
        if key not in self._formed:
            self._formed[key] = formed(self.view.leaves[leaf].segment, node)
        return self._formed[key]

    def holders(self, node: AnyForm) -> int:
        """How many articles `node` finds, living or not."""
        return sum(len(self.match(node, leaf)) for leaf in range(len(self.view.leaves)))

    def _any_form(self, formed: Formed) -> Found:
        segment, lone = formed.segment, formed.lone
        if lone is not None:
            return self._term(segment, "text", lone.number)
        found = Found.masked(formed.mask())
        if len(found) < _FEW:
            return Found.listed(found.as_list(), segment.documents)
        return found

    def _term(self, segment: Segment, field: str, number: int) -> Found:
        if number < 0:
            return Found.listed(_NONE, segment.documents)
        if field in _PARTS:
            return _of_part(segment, number, field)
        place = segment.dense.get(number)
        if place is not None:
            return Found.coded(segment.dense_codes[place], segment.frequency(number))
        documents = segment.documents_of(number)
        found = Found(segment.documents, documents)
        impacts = segment.impacts_of(number)
        if impacts is not None:
            found.impacts = {number: impacts}
        found.codes = {number: segment.codes_of(number, documents)}
        return found

    def _and(self, parts: list[query.Query], segment: Segment, leaf: int) -> Found:
        filters: list[Filter] = []
        refused: list[query.Query] = []
        others: list[query.Query] = []
        terms: list[int] = []
        for part in parts:
            kind = type(part)
            if kind is query.Term and part.fieldname not in _PARTS:
                terms.append(self.resolve_of(part, leaf))
            elif kind is OfDays:
                filters.insert(0, part)  # it leaves a stretch, at no cost
            elif isinstance(part, Filter):
                filters.append(part)
            elif (other := _refused(part)) is not None:
                refused.append(other)
            else:
                others.append(part)
        if others or refused or not terms:
            found = [] if not terms else [self._all_terms(segment, terms)]
            if not found or len(found[0]):
                found += [self.match(part, leaf) for part in others]
            result = self._all_of(found, segment.documents)
        else:
            result = self._all_terms(segment, terms)
        result = _narrowed(result, filters, segment)
        for part in refused:
            other = self.match(part, leaf)
            if result.documents is not None:
                result = result.kept(~other.holds(result.documents))
            else:
                result = Found.masked(result.as_mask() & ~other.as_mask())
        return result

    def _all_terms(self, segment: Segment, numbers: list[int]) -> Found:
        """The articles that hold all of these terms: those of the rarest, looked up in others."""
        size = segment.documents
        if min(numbers) < 0:
            return Found(size, _NONE)
        dense = segment.dense
        if numbers[1:]:
            numbers = sorted(numbers, key=lambda one: (one in dense, segment.frequency(one)))
        rarest, *others = numbers
        if rarest in dense:
            rows = [segment.dense_codes[dense[number]] for number in numbers]
            if not others:
                return Found.coded(rows[0], segment.frequency(rarest))
            mask = rows[0] != 0
            for row in rows[1:]:
                mask &= row != 0
            return Found.masked(mask)
        documents = segment.documents_of(rarest)
        found = Found(size, documents)
        impacts = segment.impacts_of(rarest) if others else None
        if impacts is not None:
            found.impacts = {rarest: impacts}
        else:
            found.codes = {rarest: segment.codes_of(rarest, documents)}
        for number in others:
            documents = found.as_list()
            if not len(documents):
                return Found(size, _NONE)
            held = None if impacts is None else _impacts_in(segment, number, documents)
            if held is not None:
                found.impacts = {**found.impacts, number: held}
            else:
                held = segment.codes_in(number, documents)
                found.codes = {**found.codes, number: held}
            found = found.kept(held != 0)
        return found

    def _all_of(self, found: list[Found], size: int) -> Found:
        if not found:
            return Found.masked(np.ones(size, bool))
        # The shortest list first: it is narrowed by looking its articles up in the others.
        if len(found) > 1:
            found.sort(key=lambda one: size if one.documents is None else len(one.documents))
        result = found[0]
        for other in found[1:]:
            documents = result.documents
            if documents is None:
                result = Found.masked(result.as_mask() & other.as_mask())
            elif len(documents):
                result = result.kept(other.holds(documents))
        return result

    def _any(self, parts: list[query.Query], segment: Segment, leaf: int) -> Found:
        days = [part for part in parts if type(part) is OfDays]
        if days[1:]:
            others = [self.match(part, leaf) for part in parts if type(part) is not OfDays]
            return self._or([_on_days(days, segment), *others], segment.documents)
        refused = [other for other in map(_refused, parts) if other is not None]
        if len(refused) < 2:
            return self._or([self.match(part, leaf) for part in parts], segment.documents)
        # Not this or not that is not both: what all of them find is soon very little.
        both = self._all_of([self.match(part, leaf) for part in refused], segment.documents)
        others = [self.match(part, leaf) for part in parts if _refused(part) is None]
        return self._or([Found.masked(~both.as_mask()), *others], segment.documents)

    def _or(self, parts: list[Found], size: int) -> Found:
        if len(parts) == 1:
            return parts[0]
        lists = [part.documents for part in parts if part.documents is not None]
        if len(lists) == len(parts) and sum(map(len, lists)) < _FEW:
            return Found.listed(_union(lists), size)
        mask: Array | None = None
        for part in parts:
            if part.documents is None:
                mask = (
                    part.as_mask().copy()
                    if mask is None
                    else np.logical_or(mask, part.as_mask(), out=mask)
                )
        if mask is None:
            mask = np.zeros(size, bool)
        for documents in lists:
            mask[documents.astype(np.int64)] = True
        return Found.masked(mask)

    def _any_of(self, segment: Segment, field: str, numbers: Array) -> Found:
        """The articles that hold any of these terms (ascending)."""
        if len(numbers) < _SINGLY:
            terms = [self._term(segment, field, number) for number in numbers.tolist()]
            return self._or(terms, segment.documents)
        mask = np.zeros(segment.documents, bool)
        begins = segment.sparse_at.take(numbers).astype(np.int64)
        sizes = segment.sparse_at.take(numbers + 1) - begins
        self._gather(int(sizes.sum()))
        first, last = int(numbers[0]), int(numbers[-1]) + 1
        if len(numbers) * _CLOSE > last - first:
            chosen = np.zeros(last - first, bool)
            chosen[numbers - first] = True
            for low in range(first, last, _TOGETHER):
                self.check()
                high = min(low + _TOGETHER, last)
                at = segment.sparse_at[low : high + 1]
                held = chosen[low - first : high - first].repeat(at[1:] - at[:-1])
                stretch = slice(int(at[0]), int(at[-1]))
                if field == "body":
                    held &= _in_body(segment, stretch)
                mask[segment.docs[stretch][held]] = True
        else:
            for low in range(0, len(numbers), _TOGETHER):
                self.check()
                places = stretches(begins[low : low + _TOGETHER], sizes[low : low + _TOGETHER])
                if field == "body":
                    times, titles = segment.times_at(places)
                    places = places[times > titles]
                mask[segment.docs.take(places)] = True
        dense = segment.dense_terms[np.isin(segment.dense_terms, numbers, assume_unique=True)]
        for number in dense.tolist():
            mask |= self._term(segment, field, number).as_mask()
        return Found.masked(mask)

    def _prefix(self, segment: Segment, field: str, prefix: bytes) -> Found:
        if field == "text":
            held = segment.holders(prefix)
            if held is not None:
                return Found.masked(held)
        first, last = segment.between(stored_in(field), prefix)
        if first >= last:
            return Found.listed(_NONE, segment.documents)
        held_in = _of_bodies if field == "body" else Segment.documents_between
        documents = held_in(segment, first, last)
        if len(documents) < _FEW:
            return Found.listed(_union([documents]), segment.documents)
        mask = np.zeros(segment.documents, bool)
        mask[documents] = True
        return Found.masked(mask)

    def _phrase(self, node: query.Phrase, leaf: int) -> Found:
        segment, field = self.view.leaves[leaf].segment, node.fieldname
        numbers = [self.resolve(field, word).numbers[leaf] for word in node.words]
        if min(numbers, default=-1) < 0:
            return Found.listed(_NONE, segment.documents)
        if stored_in(field) == "text":
            known = phrased(segment, numbers, node.slop, field)
            if known is not None:
                found = Found.listed(known.documents, segment.documents)
                found.codes = known.codes
                return found
        documents = self._all_terms(segment, list(dict.fromkeys(numbers))).as_list()
        if len(documents):
            documents = phrase_in(segment, numbers, node.slop, documents, field)
        return Found.listed(documents, segment.documents)

    def walk(self, node: query.Query, leaf: int) -> tuple[Array, Array]:
        """Articles and scores along Whoosh's own matcher: slow, a few microseconds an article."""
        key = (id(node), leaf)
        if key not in self._walked:
            searcher = self.view.searcher
            inner = searcher.leaf_searchers()[leaf][0]
            matcher: Any = node.matcher(inner, searcher.context())
            documents: list[int] = []
            scores: list[float] = []
            while matcher.is_active():
                documents.append(matcher.id())
                scores.append(matcher.score())
                if len(documents) % 1024 == 0:
                    self.check()
                matcher.next()
            self._walked[key] = (np.array(documents, np.int64), np.array(scores, np.float64))
        return self._walked[key]


def _refused(part: query.Query) -> query.Query | None:
    """What must not be found, where the part says that something must not."""
    if type(part) is Without:
        return part.child
    return part.query if type(part) is query.Not else None


def _on_days(days: list[OfDays], segment: Segment) -> Found:
    """The articles that any of `days` chooses: stretches of them."""
    mask = np.zeros(segment.documents, bool)
    for one in days:
        begin, end = one.stretch(segment)
        mask[begin:end] = True
    return Found.masked(mask)


def _impacts_in(segment: Segment, number: int, documents: Array) -> Array | None:
    """The impacts of a term, where kept, for any `documents`; 0 for one that does not hold it."""
    row = segment.impact_row(number)
    return None if row is None else row.take(documents)


def _narrowed(found: Found, filters: list[Filter], segment: Segment) -> Found:
    """Those of `found` that all `filters` choose."""
    for one in filters:
        if found.documents is not None:
            found = (
                found.between(*one.stretch(segment))
                if type(one) is OfDays
                else found.kept(one.among(segment, found.documents))
            )
        else:
            found = Found.masked(found.as_mask() & one.mask(segment))
    return found


def _union(lists: list[Array]) -> Array:
    """What is in any of the lists, ascending."""
    whole = np.concatenate(lists) if lists else _NONE
    if len(whole) < 2:
        return whole
    # One sort of few; numpy's own `unique` takes twenty times as long.
    whole = np.sort(whole)
    differs = np.empty(len(whole), bool)
    differs[0] = True
    np.not_equal(whole[1:], whole[:-1], out=differs[1:])
    found: Array = whole[differs]
    return found


def _of_bodies(segment: Segment, first: int, last: int) -> Array:
    """The articles that hold one of the terms [first, last) in their body, in no order."""
    stretch = slice(int(segment.sparse_at[first]), int(segment.sparse_at[last]))
    sparse = segment.docs[stretch][_in_body(segment, stretch)]
    low, high = segment.dense_terms.searchsorted((first, last)).tolist()
    if low == high:
        return sparse
    found = np.zeros(segment.documents, bool)
    for number in segment.dense_terms[low:high].tolist():
        found |= _of_part(segment, number, "body").as_mask()
    return np.concatenate((sparse, found.nonzero()[0]))


def _in_body(segment: Segment, stretch: slice) -> Array:
    """For each posting of a stretch of those in lists whether the term stands in the body."""
    found: Array = _IN_BODY.take(segment.codes[stretch])
    low, high = segment.odd.searchsorted((stretch.start, stretch.stop)).tolist()
    if low < high:
        exact = segment.odd_times[low:high]
        found[segment.odd[low:high] - np.uint32(stretch.start)] = exact[:, 0] > exact[:, 1]
    return found


def _of_part(segment: Segment, number: int, field: str) -> Found:
    """The articles in the body of which a term stands, or in the title."""
    place = segment.dense.get(number)
    codes = segment.postings_of(number)[1] if place is None else segment.dense_codes[place]
    held: Array = _PARTS[field].take(codes)
    if number in segment.odd_terms:
        odd = (codes == ODD).nonzero()[0]
        exact = segment.odd_times_of(
            number, odd if place is not None else segment.documents_of(number)[odd]
        )
        titles = exact[:, 1]
        held[odd] = titles > 0 if field == "title_words" else exact[:, 0] > titles
    if place is not None:
        return Found.masked(held)
    return Found.listed(segment.documents_of(number)[held], segment.documents)
