"""The words of a segment that share a key with a word asked for: other forms, spellings and names.

A segment keeps, sorted, a number for each pair of a key and a word that has it: the key's hash in
its upper bits, the word's number in the lower. So no key has postings of its own: those of its
words are put together when it is asked for. Hashes of two keys are alike once in some millions.

Keys of inflection name a language, and count only in articles in it. Keys of names belong to words
as they stand where they look like names: the field `names`.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from whoosh import query
from whoosh.matching import ListMatcher, NullMatcher

from index.search.analysis import AS_NAME
from index.search.codec import lengths, total_length, weighed
from index.search.scoring import K1, impacts, rarity
from index.search.segment import Array, Segment
from index.search.weights import weights
from index.text.stems import base_of
from index.text.strings import hashed, stretches

LEAST_BITS = 24
"""Bits of a pair that are the word's number, at least; more where a segment has more words."""
_REMEMBERED = 64
"""Words whose forms are kept in mind: a query is asked again at each letter typed."""


def paired(hashes: Array, numbers: Array, bits: int) -> Array:
    """The pairs of keys and words as a segment keeps them."""
    keep = np.uint64(2**64 - 2**bits)
    pairs = (hashes.astype(np.uint64) & keep) | numbers.astype(np.uint64)
    pairs.sort()
    differs = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=differs[1:])
    kept: Array = pairs[differs]
    return kept


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a word may stand in an article, and what it is worth there.

    It is exactly `text`, or a word with any of `keys` and, where `also` names some, any of those.
    """

    weight: float
    text: str = ""
    keys: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class AnyForm(query.Query):  # type: ignore[misc]  # Whoosh has no types
    """Articles with a word in any of some ways.

    Each scores as one word would that stands there as often as all of them together, times the
    weight of the best way it has. `field` is text, body or title_words (the titles' part of text).
    """

    def __init__(self, field: str, ways: tuple[Way, ...]) -> None:
        self.fieldname = field
        self.ways = tuple(sorted(ways, key=lambda way: way.weight))
        self._hashes = {key: hashed(key) for way in ways for key in (*way.keys, *way.also)}
        self.formed: dict[Segment, Formed] = {}
        """Kept by `formed`: what it stands for in each segment."""
        self.plainer: tuple[list[Segment], query.Term | None] = [], None
        """Kept by `plainer`: the term that it is in some segments, if it is one."""

    def is_leaf(self) -> bool:
        """There is nothing below."""
        return True

    def hash_of(self, key: str) -> int:
        """`hashed` of one of its keys."""
        return self._hashes[key]

    def estimate_size(self, reader: Any) -> int:  # noqa: ANN401
        """How many it finds at most."""
        count: int = reader.doc_count_all()
        return count

    def estimate_min_size(self, reader: object) -> int:
        """How many it finds at least."""
        return 0

    def matcher(self, searcher: Any, context: object = None) -> Any:  # noqa: ANN401
        """What Whoosh's own searcher walks along."""
        segment, alive = searcher.reader().segment().opened, searcher.reader().segment().alive
        whole = searcher.get_parent()
        parts = [reader.segment().opened for reader, _ in whole.reader().leaf_readers()]
        holders = sum(int(np.count_nonzero(Formed(part, self).mask())) for part in parts)
        average = sum(total_length(part, self.fieldname) for part in parts) / whole.doc_count_all()
        here = Formed(segment, self)
        found = np.flatnonzero(here.mask() if alive is None else here.mask() & alive)
        if not len(found):
            return NullMatcher()
        size = lengths(segment, self.fieldname)[found].astype(np.float64)
        times, worths = here.counted(found)
        scores = worths * impacts(times, size, average or 1.0)
        scores *= rarity(whole.doc_count_all(), holders) * (K1 + 1)
        return ListMatcher(found.tolist(), scores.tolist())


class Member(NamedTuple):
    """A word of a segment, and what it is worth.

    `languages` (bases) are those it counts in, None for all; with `outside`, it counts in all but
    those. Without `counted` it tells what an article is worth, but not how often the word stands
    there: another member does.
    """

    number: int
    weight: float
    languages: frozenset[str] | None = None
    outside: bool = False
    counted: bool = True


def formed(segment: Segment, node: AnyForm) -> "Formed":
    """What `node` stands for in the segment; words asked for lately are remembered."""
    here = node.formed.get(segment)
    if here is not None:
        return here
    key = node.fieldname, node.ways
    known = segment.formed.get(key)
    if not isinstance(known, Formed):
        if len(segment.formed) >= _REMEMBERED:
            segment.formed.pop(next(iter(segment.formed)))
        known = segment.formed[key] = Formed(segment, node)
    node.formed[segment] = known
    return known


class Formed:
    """What an `AnyForm` stands for in one segment: its words, those worth most last."""

    def __init__(self, segment: Segment, node: AnyForm) -> None:
        self.segment = segment
        self.field = node.fieldname
        self.members = _members(segment, node)
        self._gathered: _Postings | None = None
        self._mask: Array | None = None
        self._others: Array | None = None
        self._mixed: tuple[Array, Array] | None = None
        self._count = -1

    @property
    def lone(self) -> Member | None:
        """The only word, where it counts in all articles of the whole text."""
        if len(self.members) == 1 and self.field == "text" and self.members[0].languages is None:
            return self.members[0]
        return None

    @property
    def is_led(self) -> bool:
        """Whether the word worth most counts in all articles, as often as it stands there."""
        best = self.members[-1] if self.members else None
        return best is not None and best.languages is None and best.counted and self.field == "text"

    @property
    def count(self) -> int:
        """How many articles it finds, living or not."""
        if self._count < 0:
            lone = self.lone
            self._count = (
                int(np.count_nonzero(self.mask()))
                if lone is None
                else self.segment.frequency(lone.number)
            )
        return self._count

    def within(self, low: int, high: int) -> Array:
        """Those of the articles [low, high) that it finds, ascending."""
        lone = self.lone
        if lone is not None:
            return self.segment.stretch_of(lone.number, low, high)[0]
        found: Array = self.mask()[low:high].nonzero()[0] + low
        return found

    def holds(self, documents: Array) -> Array:
        """For each of ascending `documents` whether it is found."""
        lone = self.lone
        if lone is not None:
            held: Array = self.segment.codes_in(lone.number, documents) != 0
            return held
        return self.mask().take(documents)

    def mask(self) -> Array:
        """One truth value an article: not to be changed."""
        if self._mask is None:
            found = np.zeros(self.segment.documents, bool)
            found[self._postings().documents] = True
            found.flags.writeable = False
            self._mask = found
        return self._mask

    def others(self) -> Array:
        """The articles, ascending, that hold another word than the one worth most."""
        if self._others is None:
            held = self._postings()
            found = np.zeros(self.segment.documents, bool)
            found[held.documents[held.members != len(self.members) - 1]] = True
            self._others = np.flatnonzero(found)
        return self._others

    def counted(self, documents: Array) -> tuple[Array, Array]:
        """How much the words weigh in each of `documents` (ascending), and the best one's worth."""
        if not self.is_led:
            return self._counted(documents)
        best = self.members[-1]
        # Most hold nothing but the word worth most; what is known of the others is kept.
        segment, others = self.segment, self.others()
        codes = segment.codes_in(best.number, documents)
        counts = weights(segment, best.number, documents, codes)
        worths = (codes != 0) * best.weight
        if not len(others) or not len(documents):
            return counts, worths
        if self._mixed is None:
            self._mixed = self._counted(others)
        if documents is others:
            return self._mixed
        mixed, places = common(documents, others)
        if len(mixed):
            counts[mixed] = self._mixed[0].take(places)
            worths[mixed] = self._mixed[1].take(places)
        return counts, worths

    def _counted(self, documents: Array) -> tuple[Array, Array]:
        counts, worths = np.zeros(len(documents)), np.zeros(len(documents))
        if not self.members:
            return counts, worths
        place_of = np.full(self.segment.documents, -1, np.int32)
        place_of[documents] = np.arange(len(documents), dtype=np.int32)
        held = self._postings()
        places = place_of.take(held.documents)
        if len(documents) < self.segment.documents:
            among = np.flatnonzero(places >= 0)
            places, held = places.take(among), held.at(among)
        weights = weighed(self.field, held.times, held.titles)
        if not all(member.counted for member in self.members):
            weights = weights * np.array([member.counted for member in self.members])[held.members]
        counts += np.bincount(places, weights, len(documents))
        # Where an article holds several, the last one stays: the one worth most.
        worths[places] = np.array([member.weight for member in self.members])[held.members]
        return counts, worths

    def _postings(self) -> "_Postings":
        """All postings that count."""
        if self._gathered is None:
            self._gathered = self._gather()
        return self._gathered

    def _gather(self) -> "_Postings":
        segment = self.segment
        terms = np.array([member.number for member in self.members], np.int64)
        begins = segment.sparse_at[terms].astype(np.int64)
        sizes = segment.sparse_at[terms + 1].astype(np.int64) - begins
        lists = stretches(begins, sizes)  # a word with a row has no list: one as long as none
        documents = segment.docs[lists]
        times, titles = segment.times_at(lists)
        dense = [at for at, one in enumerate(self.members) if one.number in segment.dense]
        rows = [_of_row(segment, self.members[at].number) for at in dense]
        sizes[dense] = [len(row[0]) for row in rows]
        members = np.repeat(np.arange(len(terms)), sizes)
        if rows:
            is_dense = np.isin(members, dense)
            documents = _merged(is_dense, documents, [row[0] for row in rows])
            times = _merged(is_dense, times, [row[1] for row in rows])
            titles = _merged(is_dense, titles, [row[2] for row in rows])
        found = _Postings(documents, times, titles, members)
        held = self._held(found, np.cumsum(sizes).tolist())
        return found if held is None else found.at(held.nonzero()[0])

    def _held(self, found: "_Postings", ends: list[int]) -> Array | None:
        """Which of the postings of the members, each ending where `ends` says, count."""
        documents = found.documents
        held: Array | None = None
        if self.field == "body":
            held = found.times > found.titles
        elif self.field == "title_words":
            held = found.titles > 0
        at = 0
        for (languages, outside), alike in groupby(
            zip(self.members, ends, strict=True), key=lambda one: (one[0].languages, one[0].outside)
        ):
            end = list(alike)[-1][1]
            if languages is not None:
                spoken = spoken_in(self.segment, languages)[documents[at:end]]
                held = np.ones(len(documents), bool) if held is None else held
                held[at:end] &= ~spoken if outside else spoken
            at = end
        return held


def common(some: Array, others: Array) -> tuple[Array, Array]:
    """Where in each of two ascending lists that is which is in both."""
    if len(some) > len(others):
        there, here = common(others, some)
        return here, there
    places = others.searchsorted(some)
    held = (others.take(places, mode="clip") == some).nonzero()[0] if len(others) else places[:0]
    return held, places.take(held)


class _Postings(NamedTuple):
    """Postings of some words: articles, counts in all and in titles, and whose each is."""

    documents: Array
    times: Array
    titles: Array
    members: Array

    def at(self, places: Array) -> "_Postings":
        return _Postings._make(part.take(places) for part in self)


def _of_row(segment: Segment, number: int) -> tuple[Array, Array, Array]:
    documents = segment.documents_of(number)
    times, titles = segment.counted(number, documents, segment.codes_of(number, documents))
    return documents, times, titles


def _merged(is_dense: Array, sparse: Array, dense: list[Array]) -> Array:
    whole = np.empty(len(is_dense), np.int64)
    whole[~is_dense] = sparse
    whole[is_dense] = np.concatenate(dense)
    return whole


def _members(segment: Segment, node: AnyForm) -> list[Member]:
    """The words of the segment that are one of the ways, each once, those worth most last."""
    plain: dict[int, float] = {}
    spoken: dict[tuple[float, str], dict[int, None]] = {}
    for way in node.ways:
        if way.text:
            number = segment.find("text", way.text.encode())
            if number >= 0:
                plain[number] = way.weight
            continue
        names = _having(segment, node, way.also) if way.also else None
        for key in way.keys:
            base, mark, _ = key.partition(":")
            if key.startswith(AS_NAME):
                number = segment.find("names", key.removeprefix(AS_NAME).encode())
                numbers = [number] if number >= 0 else []
            else:
                numbers = segment.sharing(node.hash_of(key))
            if names is not None:
                # It must look like a name where it stands.
                texts = map(segment.text, numbers)
                numbers = [names[text] for text in texts if text in names]
            if mark:
                spoken.setdefault((way.weight, base), {}).update(dict.fromkeys(numbers))
            else:
                plain.update(dict.fromkeys(numbers, way.weight))
    found = [Member(number, weight) for number, weight in plain.items()]
    for (weight, base), chosen in spoken.items():
        languages = frozenset((base,))
        found.extend(Member(number, weight, languages) for number in chosen)
    return _once(segment, found)


def _having(segment: Segment, node: AnyForm, keys: tuple[str, ...]) -> dict[bytes, int]:
    numbers = [number for key in keys for number in segment.sharing(node.hash_of(key))]
    return {segment.text(number): number for number in numbers}


def _once(segment: Segment, members: list[Member]) -> list[Member]:
    """The same in order, where no word counts twice in an article.

    One of a language may count everywhere already; one that looks like a name counts as any word.
    """
    if len(members) == 1:
        return members
    first, last = segment.fields["names"]
    by_word: dict[bytes, list[Member]] = {}
    for one in members:
        by_word.setdefault(segment.text(one.number), []).append(one)
    found: list[Member] = []
    for alike in by_word.values():
        if len(alike) > 1:
            # What counts in more articles comes first; the rest adds what is worth more there.
            alike.sort(key=lambda one: (first <= one.number < last, one.languages is not None))
            found.extend(_apart(alike))
        else:
            found.append(alike[0])
    found.sort(key=lambda one: (one.weight, one.outside, sorted(one.languages or ())))
    return found


def _apart(alike: list[Member]) -> Iterator[Member]:
    """Members of one word, so that each of its places counts once."""
    everywhere = False
    counted: frozenset[str] = frozenset()
    best: dict[str | None, float] = {}
    for one in alike:
        base = next(iter(one.languages)) if one.languages else None
        known = max(best.get(base, 0.0), best.get(None, 0.0))
        if not everywhere and (base is None or base not in counted):
            outside = base is None and bool(counted)
            yield Member(one.number, one.weight, counted if outside else one.languages, outside)
            if outside and one.weight > min(best.values()):
                yield Member(one.number, one.weight, counted, counted=False)
        elif one.weight > known:
            yield one._replace(counted=False)
        everywhere |= base is None
        counted |= frozenset() if base is None else frozenset((base,))
        best[base] = max(best.get(base, 0.0), one.weight)


def spoken_in(segment: Segment, languages: frozenset[str]) -> Array:
    """Which articles are in one of `languages` (bases of groups)."""
    if languages not in segment.spoken:
        codes = [base_of(name) in languages for name in segment.language_names]
        segment.spoken[languages] = np.array(codes, bool)[segment.languages]
    return segment.spoken[languages]


def plainer(node: query.Query, segments: list[Segment]) -> query.Query:
    """The same query, where an `AnyForm` of which there is but the word itself is a term."""
    kind = type(node)
    if kind is AnyForm:
        if node.plainer[0] is not segments:
            node.plainer = segments, _as_term(node, segments)
        return node.plainer[1] or node
    if kind is query.And or kind is query.Or:
        parts = [plainer(part, segments) for part in node.subqueries]
        if any(new is not old for new, old in zip(parts, node.subqueries, strict=True)):
            found = copy(node)  # how it is to be matched included
            found.subqueries = parts
            return found
    return node


def _as_term(node: AnyForm, segments: list[Segment]) -> query.Term | None:
    plain = [way for way in node.ways if way.text]
    if node.fieldname != "text" or len(plain) != 1:
        return None
    letters = plain[0].text.encode()
    for segment in segments:
        number = segment.find("text", letters)
        if any(
            word.number != number or word.languages is not None
            for word in formed(segment, node).members
        ):
            return None
    return query.Term("text", plain[0].text, boost=plain[0].weight)
