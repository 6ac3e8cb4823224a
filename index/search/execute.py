"""Which articles a Whoosh query finds, a segment at a time, by whole arrays.

What is not known here is walked along by Whoosh's own matcher over the same segment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh import query

from index.search import lexicon
from index.search.codec import stored_in
from index.search.errors import Superseded
from index.search.forms import AnyForm, Formed, formed
from index.search.nodes import Filter, Flat, Without
from index.search.segment import LAST_PLACE, ODD, TIMES, TITLE_TIMES, Array, Segment
from index.search.view import View

Stop = Callable[[], bool]
_FEW = 4096
_IN_BODY = TIMES > TITLE_TIMES
_IN_TITLE = TITLE_TIMES > 0
_PARTS = {"body": _IN_BODY, "title_words": _IN_TITLE}
_NONE = np.zeros(0, np.int64)


@dataclass(slots=True)
class Found:
    """Articles of one segment: few as an ascending list, many as a mask."""

    documents: Array | None
    mask: Array | None
    size: int

    @classmethod
    def listed(cls, documents: Array, size: int) -> "Found":
        """Articles in ascending order, of a segment of `size`."""
        return cls(documents, None, size)

    @classmethod
    def masked(cls, mask: Array) -> "Found":
        """The articles where `mask` is true."""
        return cls(None, mask, len(mask))

    def as_list(self) -> Array:
        """The articles in ascending order."""
        if self.documents is None:
            self.documents = np.flatnonzero(self.mask) if self.mask is not None else _NONE
        return self.documents

    def as_mask(self) -> Array:
        """One truth value an article."""
        if self.mask is None:
            self.mask = np.zeros(self.size, bool)
            self.mask[self.as_list()] = True
        return self.mask

    def __len__(self) -> int:
        if self.documents is not None:
            return len(self.documents)
        return int(np.count_nonzero(self.as_mask()))


@dataclass(slots=True)
class Resolved:
    """A term of a query: its number in each segment (-1: none), and who holds it overall."""

    numbers: list[int]
    holders: int


class Execution:
    """One query over one view. Nothing is worked out twice."""

    def __init__(self, view: View, asked: query.Query, stop: Stop | None = None) -> None:
        self.view = view
        self.asked = asked
        self.stop = stop
        self._found: dict[tuple[int, int], Found] = {}
        self._terms: dict[tuple[str, str], Resolved] = {}
        self._formed: dict[tuple[int, int], Formed] = {}
        self._walked: dict[tuple[int, int], tuple[Array, Array]] = {}

    def check(self) -> None:
        """Raise Superseded if the caller has no more use for the answer."""
        if self.stop is not None and self.stop():
            raise Superseded

    def run(self, leaf: int) -> Found:
        """The living articles of a segment that the query finds."""
        self.check()
        found = self.match(self.asked, leaf)
        alive = self.view.leaves[leaf].alive
        if alive is None:
            return found
        if found.documents is not None:
            return Found.listed(found.documents[alive[found.documents]], found.size)
        return Found.masked(found.as_mask() & alive)

    def resolve(self, field: str, text: str) -> Resolved:
        """The term in every segment."""
        known = self._terms.get((field, text))
        if known is None:
            known = self._terms[field, text] = Resolved(*self.view.terms(field, text.encode()))
        return known

    def match(self, node: query.Query, leaf: int) -> Found:
        """The articles, living or not, that `node` finds in a segment."""
        key = (id(node), leaf)
        if key not in self._found:
            self._found[key] = self._match(node, leaf)
        return self._found[key]

    def _match(self, node: query.Query, leaf: int) -> Found:
        segment = self.view.leaves[leaf].segment
        kind = type(node)
        if kind is query.Term:
            return self._term(segment, node.fieldname, self.resolve_of(node, leaf))
        if kind is AnyForm:
            return self._any_form(self.formed(node, leaf))
        if kind is query.And:
            return self._and(node.subqueries, leaf)
        if kind is query.Or:
            return self._or([self.match(part, leaf) for part in node.subqueries], segment.documents)
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
            numbers = lexicon.neighbours(segment, field, node.text, int(node.maxdist))
            return self._any_of(segment, node.fieldname, numbers)
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
            documents = segment.documents_of(number)
            return Found.listed(documents[_in_part(segment, number, field)], segment.documents)
        row = segment.row(number)
        if row is not None:
            return Found.masked(row != 0)
        return Found.listed(segment.documents_of(number), segment.documents)

    def _and(self, parts: list[query.Query], leaf: int) -> Found:
        refused = [part for part in map(_refused, parts) if part is not None]
        wanted = (part for part in parts if _refused(part) is None)
        size = self.view.leaves[leaf].count
        result = self._all_of((self.match(part, leaf) for part in wanted), size)
        for part in refused:
            other = self.match(part, leaf).as_mask()
            if result.documents is not None:
                result = Found.listed(result.documents[~other[result.documents]], size)
            else:
                result = Found.masked(result.as_mask() & ~other)
        return result

    def _all_of(self, parts: Iterable[Found], size: int) -> Found:
        found: list[Found] = []
        for part in parts:
            if part.documents is not None and not len(part.documents):
                return part
            found.append(part)
        if not found:
            return Found.masked(np.ones(size, bool))
        # The shortest list first: it is narrowed by looking its articles up in the others.
        found.sort(key=lambda one: size if one.documents is None else len(one.documents))
        result = found[0]
        for other in found[1:]:
            if result.documents is not None:
                result = Found.listed(_both(result.documents, other), size)
            else:
                result = Found.masked(result.as_mask() & other.as_mask())
        return result

    def _or(self, parts: list[Found], size: int) -> Found:
        lists = [part.documents for part in parts if part.documents is not None]
        if len(lists) == len(parts):
            if len(lists) == 1:
                return parts[0]
            if sum(map(len, lists)) < _FEW:
                return Found.listed(np.unique(np.concatenate([_NONE, *lists])), size)
        mask = np.zeros(size, bool)
        for part in parts:
            if part.documents is not None:
                mask[part.documents] = True
            else:
                mask |= part.as_mask()
        return Found.masked(mask)

    def _any_of(self, segment: Segment, field: str, numbers: list[int]) -> Found:
        return self._or(
            [self._term(segment, field, number) for number in numbers], segment.documents
        )

    def _prefix(self, segment: Segment, field: str, prefix: bytes) -> Found:
        if field == "text":
            held = segment.holders(prefix)
            if held is not None:
                return Found.masked(held)
        first, last = segment.between(stored_in(field), prefix)
        if first >= last:
            return Found.listed(_NONE, segment.documents)
        documents = segment.documents_between(first, last)
        if field == "body":
            begin, end = int(segment.posting_at[first]), int(segment.posting_at[last])
            documents = documents[_codes_in_part(segment, begin, end, field)]
        if len(documents) < _FEW:
            return Found.listed(np.unique(documents), segment.documents)
        mask = np.zeros(segment.documents, bool)
        mask[documents] = True
        return Found.masked(mask)

    def _phrase(self, node: query.Phrase, leaf: int) -> Found:
        segment = self.view.leaves[leaf].segment
        numbers = [self.resolve(node.fieldname, word).numbers[leaf] for word in node.words]
        if min(numbers, default=-1) < 0:
            return Found.listed(_NONE, segment.documents)
        together = self._all_of(
            (self._term(segment, node.fieldname, number) for number in dict.fromkeys(numbers)),
            segment.documents,
        )
        documents = together.as_list()
        if len(documents):
            documents = phrase_in(segment, numbers, node.slop, documents, node.fieldname)
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


def _both(documents: Array, other: Found) -> Array:
    if other.documents is None or len(documents) * 16 > len(other.documents):
        held = other.as_mask()[documents]
    else:
        places = np.searchsorted(other.documents, documents)
        places[places == len(other.documents)] = 0
        held = other.documents[places] == documents
    kept: Array = documents[held]
    return kept


def _in_part(segment: Segment, number: int, field: str) -> Array:
    """For each article of a term, whether the term stands in its body, or in its title."""
    begin, end = int(segment.posting_at[number]), int(segment.posting_at[number + 1])
    return _codes_in_part(segment, begin, end, field)


def _codes_in_part(segment: Segment, first: int, last: int, field: str) -> Array:
    codes = segment.codes[first:last]
    found: Array = _PARTS[field][codes]
    for place in np.flatnonzero(codes == ODD).tolist():
        times, titles = segment.odd_times[np.searchsorted(segment.odd, first + place)].tolist()
        found[place] = titles > 0 if field == "title_words" else times > titles
    return found


def phrase_in(
    segment: Segment, numbers: list[int], step: int, documents: Array, field: str
) -> Array:
    """Those of `documents` in which the terms stand in order, each at most `step` places on."""
    wanted = np.zeros(segment.documents, bool)
    wanted[documents] = True
    if step == 1:
        found = _side_by_side(segment, numbers, wanted)
    else:
        found = _in_order(segment, numbers, step, wanted)
    held = (found >> np.uint32(16)).astype(np.int64)
    if field == "body":
        # Title words come before the gap: a phrase that ends behind it lies in the body.
        held = held[(found & np.uint32(0xFFFF)) >= segment.title_lengths[held]]
    # The words share an article but a very long one has no places towards its end.
    return np.unique(held)


def _side_by_side(segment: Segment, numbers: list[int], wanted: Array) -> Array:
    """Where a phrase begins, as article<<16 | place: from its rarest word to its commonest."""
    order = sorted(range(len(numbers)), key=lambda at: segment.frequency(numbers[at]))
    anchor = order[0]
    begins = _places(segment, numbers[anchor], wanted)
    begins = begins[(begins & np.uint32(0xFFFF)) >= anchor] - np.uint32(anchor)
    for at in order[1:]:
        if not len(begins):
            break
        narrowed = np.zeros(len(wanted), bool)
        narrowed[begins >> np.uint32(16)] = True
        places = _places(segment, numbers[at], narrowed)
        begins = begins[_among(begins + np.uint32(at), places)]
    return begins


def _in_order(segment: Segment, numbers: list[int], step: int, wanted: Array) -> Array:
    """Where a loose phrase ends, as article<<16 | place."""
    ends = _places(segment, numbers[0], wanted)
    for number in numbers[1:]:
        places = _places(segment, number, wanted)
        before = np.searchsorted(ends, places)
        # Articles end below LAST_PLACE + step, so that no step leads into the next one.
        near = before > 0
        near[near] = places[near] - ends[before[near] - 1] <= step
        ends = places[near]
    return ends


def _places(segment: Segment, number: int, wanted: Array) -> Array:
    """The places of a term in the articles wanted, ascending, as article<<16 | place."""
    documents = segment.documents_of(number)
    chosen = np.flatnonzero(wanted[documents])
    first, last = int(segment.posting_at[number]), int(segment.posting_at[number + 1])
    times = segment.all_times(first, last)[0]
    begins = np.cumsum(times) - times + int(segment.place_at[number])
    sizes = times[chosen]
    before = np.cumsum(sizes) - sizes
    at = np.arange(int(sizes.sum())) + np.repeat(begins[chosen] - before, sizes)
    articles = np.repeat(documents[chosen].astype(np.uint32), sizes)
    found: Array = (articles << np.uint32(16)) | segment.places[at]
    kept: Array = found[segment.places[at] < LAST_PLACE]
    return kept


def _among(asked: Array, sorted_places: Array) -> Array:
    if not len(sorted_places):
        return np.zeros(len(asked), bool)
    at = np.searchsorted(sorted_places, asked)
    at[at == len(sorted_places)] = 0
    found: Array = sorted_places[at] == asked
    return found
