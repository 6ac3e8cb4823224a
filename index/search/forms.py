"""The words of a segment that share a key with a word asked for: other forms, spellings and names.

A segment keeps, sorted, a number for each pair of a key and a word that has it: the key's hash in
its upper bits, the word's number in the lower. So no key has postings of its own: those of its
words are put together when it is asked for. Hashes of two keys are alike once in some millions.

Keys of inflection name a language, and count only in articles in it. Keys of names belong to words
as they stand where they look like names: the field `names`.
"""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from whoosh import query
from whoosh.matching import ListMatcher, NullMatcher

from index.search.codec import lengths, total_length, weighed
from index.search.scoring import K1, impacts, rarity
from index.search.segment import ODD, TIMES, TITLE_TIMES, Array, Segment
from index.text.stems import base_of

LEAST_BITS = 24
"""Bits of a pair that are the word's number, at least; more where a segment has more words."""
_PARTS = {"body": TIMES > TITLE_TIMES, "title_words": TITLE_TIMES > 0}


def hashed(key: str) -> int:
    """The 64 bits of which a pair keeps the upper ones: CRC-32 forwards, then backwards."""
    letters = key.encode()
    return crc32(letters) << 32 | crc32(letters[::-1])


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
        holders = sum(len(Formed(part, self).documents()) for part in parts)
        average = sum(total_length(part, self.fieldname) for part in parts) / whole.doc_count_all()
        here = Formed(segment, self)
        found = here.documents()
        found = found if alive is None else found[alive[found]]
        if not len(found):
            return NullMatcher()
        size = lengths(segment, self.fieldname)[found].astype(np.float64)
        scores = here.impacts(found, size, average or 1.0)
        scores *= rarity(whole.doc_count_all(), holders) * (K1 + 1)
        return ListMatcher(found.tolist(), scores.tolist())


@dataclass(frozen=True, slots=True)
class Member:
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


@dataclass(frozen=True, slots=True)
class Posting:
    """Articles in which a member counts; `chosen` are their places among all its postings."""

    documents: Array
    chosen: Array | None
    first: int


class Formed:
    """What an `AnyForm` stands for in one segment: its words, those worth most last."""

    def __init__(self, segment: Segment, node: AnyForm) -> None:
        self.segment = segment
        self.field = node.fieldname
        self.members = _members(segment, node)
        self._postings: list[Posting] | None = None

    @property
    def lone(self) -> Member | None:
        """The only word, where it counts in all articles of the whole text."""
        if len(self.members) == 1 and self.field == "text" and self.members[0].languages is None:
            return self.members[0]
        return None

    @property
    def postings(self) -> list[Posting]:
        """Where each word counts."""
        if self._postings is None:
            self._postings = [self._posting(member) for member in self.members]
        return self._postings

    def _posting(self, member: Member) -> Posting:
        segment = self.segment
        documents = segment.documents_of(member.number)
        first = int(segment.posting_at[member.number])
        held: Array | None = None
        if member.languages is not None:
            spoken = spoken_in(segment, member.languages)[documents]
            held = ~spoken if member.outside else spoken
        if self.field in _PARTS:
            inside = _inside(segment, first, len(documents), self.field)
            held = inside if held is None else held & inside
        if held is None:
            return Posting(documents, None, first)
        chosen = np.flatnonzero(held)
        return Posting(documents[chosen], chosen, first)

    def documents(self) -> Array:
        """The articles, ascending."""
        found = [posting.documents for posting in self.postings]
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))

    def impacts(self, documents: Array, sizes: Array, average: float) -> Array:
        """What each of `documents` (ascending) is worth, less rarity; `sizes` are their lengths."""
        counts, weights = np.zeros(len(documents)), np.zeros(len(documents))
        wanted = np.zeros(self.segment.documents, bool)
        wanted[documents] = True
        for member, posting in zip(self.members, self.postings, strict=True):
            held = np.flatnonzero(wanted[posting.documents])
            if len(held):
                places = np.searchsorted(documents, posting.documents[held])
                if member.counted:
                    counts[places] += self._weights(posting, held)
                weights[places] = member.weight
        return weights * impacts(counts, sizes, average)

    def _weights(self, posting: Posting, held: Array) -> Array:
        """How much some of the postings of a word weigh."""
        segment = self.segment
        if posting.chosen is not None:
            held = posting.chosen[held]
        codes = segment.codes[posting.first + held]
        times, titles = TIMES[codes].astype(np.int64), TITLE_TIMES[codes].astype(np.int64)
        odd = np.flatnonzero(codes == ODD) if len(segment.odd) else held[:0]
        if len(odd):
            exact = segment.odd_times[np.searchsorted(segment.odd, posting.first + held[odd])]
            times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        return weighed(self.field, times, titles)


def _inside(segment: Segment, first: int, count: int, field: str) -> Array:
    """For some postings, whether the word stands in the part of the text that `field` is."""
    codes = segment.codes[first : first + count]
    found: Array = _PARTS[field][codes]
    for place in np.flatnonzero(codes == ODD).tolist():
        times, titles = segment.all_times(first + place, first + place + 1)
        found[place] = titles[0] > 0 if field == "title_words" else times[0] > titles[0]
    return found


def _members(segment: Segment, node: AnyForm) -> list[Member]:
    found: dict[int, Member] = {}
    for way in node.ways:
        if way.text:
            number = segment.find("text", way.text.encode())
            if number >= 0:
                found.pop(number, None)
                found[number] = Member(number, way.weight)
            continue
        names = _having(segment, node, way.also) if way.also else None
        for key in way.keys:
            base, mark, _ = key.partition(":")
            for number in segment.sharing(node.hash_of(key)):
                if names is None:
                    _add(found, number, way.weight, base if mark else None)
                elif segment.text(number) in names:
                    # It must look like a name where it stands.
                    _add(found, names[segment.text(number)], way.weight, base)
    return _once(segment, list(found.values()))


def _once(segment: Segment, members: list[Member]) -> list[Member]:
    """The same, where no word counts twice: as any word, and as a name."""
    first, last = segment.fields["names"]
    plain = {segment.text(one.number): one for one in members if not first <= one.number < last}
    if len(plain) == len(members):
        return members
    found = []
    for one in members:
        same = plain.get(segment.text(one.number))
        if same is None or same is one:
            found.append(one)
            continue
        if same.languages is not None and one.languages is None:
            found.append(Member(one.number, one.weight, same.languages, outside=True))
        elif same.languages is not None and (rest := one.languages - same.languages):
            found.append(Member(one.number, one.weight, rest))
        if one.weight > same.weight:
            found.append(Member(one.number, one.weight, one.languages, counted=False))
    return found


def _having(segment: Segment, node: AnyForm, keys: tuple[str, ...]) -> dict[bytes, int]:
    numbers = [number for key in keys for number in segment.sharing(node.hash_of(key))]
    return {segment.text(number): number for number in numbers}


def _add(found: dict[int, Member], number: int, weight: float, base: str | None) -> None:
    known = found.pop(number, None)
    languages = None if base is None else frozenset((base,))
    if known is not None:
        if languages is not None:
            languages = None if known.languages is None else known.languages | languages
        weight = max(weight, known.weight)
    found[number] = Member(number, weight, languages)


def spoken_in(segment: Segment, languages: frozenset[str]) -> Array:
    """Which articles are in one of `languages` (bases of groups)."""
    if languages not in segment.spoken:
        codes = [base_of(name) in languages for name in segment.language_names]
        segment.spoken[languages] = np.array(codes, bool)[segment.languages]
    return segment.spoken[languages]
