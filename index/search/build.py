"""Segments out of entries."""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from index.model import Entry
from index.search import segment as form
from index.search.analysis import bare_word, chunk_terms, chunks, word_keys
from index.search.layout import Columns, Postings, write_segment
from index.search.segment import GAP, IN_BODY, IN_TITLE, LAST_PLACE, UNDATED, Array

MOST_TOKENS = 8_000_000
"""Words that a segment is built of at most: what bounds the memory of building."""
_LONG_CHUNK = 40
_MOST_KNOWN = 1_000_000
"""Words and pieces of text kept in mind from segment to segment: some hundred bytes each."""
_PARTS = 4
_LONGEST_TITLE = 10_000
"""Characters of a title; what is beyond them counts as body."""


class _Lists:
    """Lists of numbers, one behind the other."""

    def __init__(self) -> None:
        self.numbers = array("I")
        self.begins = array("I", [0])

    def __len__(self) -> int:
        return len(self.begins) - 1

    def at(self, places: Array) -> tuple[Array, Array]:
        """The numbers of the lists at `places`, all in one, and how many each has."""
        # Copies: an array that is looked at cannot grow.
        begins = np.array(self.begins, np.int64)
        numbers = np.array(self.numbers, np.uint32)
        first = begins.take(places)
        sizes = begins.take(places + 1) - first
        if len(sizes) and sizes.min() == sizes.max() == 1:
            return numbers.take(first), sizes
        return numbers.take(_stretches(first, sizes)), sizes


class _Vocabulary:
    """Numbers for terms and keys, and for pieces of text met before: those of its words."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.keys: dict[str, int] = {}
        self.pieces: dict[str, _Pieces] = {}
        self.terms_of = _Lists()
        self.keys_of = _Lists()

    def of(self, language: str) -> "_Pieces":
        """The pieces of one language: their own table, since each language has its own words."""
        if language not in self.pieces:
            self.pieces[language] = _Pieces(self, language)
        return self.pieces[language]

    @property
    def known(self) -> int:
        """Terms, keys and pieces held."""
        return len(self.terms) + len(self.keys) + sum(map(len, self.pieces.values()))


class _Pieces(dict[str, int]):
    def __init__(self, vocabulary: _Vocabulary, language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language

    def __missing__(self, piece: str) -> int:
        bare = bare_word(piece)
        if bare is not None and bare != piece and len(piece) <= _LONG_CHUNK:
            # A word means the same with a comma.
            number = self[piece] = self[bare]
            return number
        vocabulary = self._vocabulary
        terms, terms_of, keys_of = vocabulary.terms, vocabulary.terms_of, vocabulary.keys_of
        number = len(terms_of.begins) - 1
        found = chunk_terms(piece)
        for term, surface in found:
            terms_of.numbers.append(terms.setdefault(term, len(terms)))
            for key in word_keys(surface, term, self._language):
                keys_of.numbers.append(vocabulary.keys.setdefault(key, len(vocabulary.keys)))
        terms_of.begins.append(len(terms_of.numbers))
        keys_of.begins.append(len(keys_of.numbers))
        # A long piece is a sentence of a script without spaces, or litter: it comes once.
        if len(piece) <= _LONG_CHUNK:
            self[piece] = number
        return number


class _Occurrences:
    """Terms or keys as they stand in the parts of the articles, one after another."""

    def __init__(self) -> None:
        self._numbers: list[Array] = []
        self._lengths: list[Array] = []
        self.size = 0

    def add(self, numbers: Array, lengths: Array) -> None:
        """Take in more of them, so many a part."""
        self._numbers.append(numbers)
        self._lengths.append(lengths)
        self.size += len(numbers)

    @property
    def lengths(self) -> Array:
        """How many each part has."""
        return np.concatenate(self._lengths)

    def postings(
        self, parts: tuple[int, ...], documents: Array, names: list[str], *, placed: bool = True
    ) -> Iterator[Postings]:
        """The postings of those in the chosen parts; `documents` are the articles of all parts."""
        lengths = self.lengths
        begins = np.cumsum(lengths) - lengths
        chosen = np.zeros(len(lengths), bool)
        for part in parts:
            chosen[part::_PARTS] = True
        rows = np.flatnonzero(chosen)
        size = lengths[rows]
        if placed:
            places = _stretches(np.zeros_like(size), size)
            after_title = np.where(rows % _PARTS == 1, lengths[rows - 1] + GAP, 0)
            places += np.repeat(after_title, size)
        else:
            places = np.repeat(np.where(rows % _PARTS == 1, IN_BODY, IN_TITLE), size)
        numbers = np.concatenate(self._numbers)[_stretches(begins[rows], size)]
        yield _postings(numbers, np.repeat(documents[rows], size), places, names)


class Builder:
    """Gathers entries until they fill a segment."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._clear()

    def _clear(self) -> None:
        self._entries: list[tuple[int, int, str, str]] = []
        self._pending: list[int] = []
        self._counts: list[int] = []
        self._terms = _Occurrences()
        self._keys = _Occurrences()
        self._size = 0
        if self._vocabulary.known > _MOST_KNOWN:
            self._vocabulary = _Vocabulary()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def is_full(self) -> bool:
        """Whether it is time to `write`."""
        return len(self._entries) == form.FULL or self._size >= MOST_TOKENS

    def add(self, entry: Entry) -> None:
        """Take one entry in."""
        number = self._vocabulary.of(entry.language).__getitem__
        title, body = entry.title, entry.body
        if len(title) > _LONGEST_TITLE:
            title, body = title[:_LONGEST_TITLE], f"{title[_LONGEST_TITLE:]} {body}"
        for text in (title, body, entry.source, entry.author):
            pieces = chunks(text)
            self._pending.extend(map(number, pieces))
            self._counts.append(len(pieces))
        day = UNDATED if entry.day is None else max(entry.day, UNDATED + 1)
        self._entries.append((entry.key, day, entry.language, entry.source))
        if len(self._pending) > 1_000_000:
            self._settle()

    def _settle(self) -> None:
        """Put the pending pieces into arrays, as the terms and keys they stand for."""
        pieces = np.array(self._pending, np.int64)
        counts = np.array(self._counts, np.int64)
        ends = np.cumsum(counts)
        for gathered, lists in (
            (self._terms, self._vocabulary.terms_of),
            (self._keys, self._vocabulary.keys_of),
        ):
            numbers, sizes = lists.at(pieces)
            before = np.concatenate(([0], np.cumsum(sizes)))
            gathered.add(numbers, before[ends] - before[ends - counts])
        self._size = self._terms.size
        self._pending, self._counts = [], []

    def write(self, path: Path) -> None:
        """Write what was gathered as a segment, and begin anew."""
        self._settle()
        columns, order = self._columns()
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        documents = np.repeat(place, _PARTS)
        write_segment(path, columns, self._fields(documents))
        self._clear()

    def _fields(self, documents: Array) -> dict[str, Iterator[Postings]]:
        names = list(self._vocabulary.terms)
        parts = {"text": (0, 1), "source": (2,), "author": (3,)}
        fields = {
            field: self._terms.postings(chosen, documents, names) for field, chosen in parts.items()
        }
        keys = list(self._vocabulary.keys)
        fields["keys"] = self._keys.postings((0, 1), documents, keys, placed=False)
        return fields

    def _columns(self) -> tuple[Columns, Array]:
        lengths = self._terms.lengths.reshape(-1, _PARTS)
        keys = np.array([entry[0] for entry in self._entries], np.int64)
        days = np.array([entry[1] for entry in self._entries], np.int32)
        order = np.lexsort((keys, days))
        languages, language = coded([entry[2] for entry in self._entries])
        sources, source = coded([entry[3] for entry in self._entries])
        columns = Columns(
            keys=keys[order],
            days=days[order],
            language_names=languages,
            languages=language[order],
            source_names=sources,
            sources=source[order],
            lengths=(lengths[:, 0] + lengths[:, 1])[order].astype(np.uint32),
            title_lengths=lengths[order, 0].astype(np.uint32),
        )
        return columns, order


def build(path: Path, entries: Iterable[Entry]) -> None:
    """Write a segment of `entries` (no more than fill one), no two of the same key."""
    builder = Builder()
    for entry in entries:
        builder.add(entry)
    builder.write(path)


def _stretches(begins: Array, sizes: Array) -> Array:
    """The numbers begin..begin+size of each stretch, one after another."""
    before = np.cumsum(sizes) - sizes
    numbers: Array = np.arange(int(sizes.sum())) + np.repeat(begins - before, sizes)
    return numbers


def coded(texts: list[str]) -> tuple[list[str], Array]:
    """The distinct texts, and for each the place of it among them."""
    places: dict[str, int] = {}
    codes = [places.setdefault(text, len(places)) for text in texts]
    return list(places), np.array(codes, np.uint16)


def _postings(tokens: Array, documents: Array, places: Array, names: list[str]) -> Postings:
    """Sort tokens (numbers of `names`) by term, article and place."""
    used = np.flatnonzero(np.bincount(tokens, minlength=len(names)))
    letters = [names[number].encode() for number in used.tolist()]
    order = sorted(range(len(letters)), key=letters.__getitem__)
    ranks = np.zeros(len(names), np.uint64)
    ranks[used[order]] = np.arange(len(order), dtype=np.uint64)
    keys = ranks[tokens]
    keys <<= np.uint64(16)
    keys |= documents.astype(np.uint64)
    keys <<= np.uint64(16)
    keys |= np.minimum(places, LAST_PLACE).astype(np.uint64)
    keys.sort()
    return Postings([letters[place] for place in order], keys)
