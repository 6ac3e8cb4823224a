"""Segments out of entries."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.model import Entry
from index.search import segment as form
from index.search.analysis import chunk_terms, chunks
from index.search.layout import Columns, Postings, write_segment
from index.search.segment import GAP, LAST_PLACE, UNDATED, Array

MOST_TOKENS = 8_000_000
"""Words that a segment is built of at most: what bounds the memory of building."""
_MANY = 1 << 31
_LONG_CHUNK = 40
_MOST_KNOWN = 1_000_000
"""Words and pieces of text kept in mind from segment to segment: some hundred bytes each."""
_PARTS = 4
_LONGEST_TITLE = 10_000
"""Characters of a title; what is beyond them counts as body."""


class _Vocabulary:
    """Numbers for terms, and for pieces of text met before: the number of the one term of each.

    A piece of no term or of several has the number `_MANY` + the place of its terms in `several`.
    """

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.several: list[list[int]] = []
        self.pieces: dict[str, _Pieces] = {}

    def of(self, language: str) -> "_Pieces":
        """The pieces of one language: their own table, since each language has its own words."""
        if language not in self.pieces:
            self.pieces[language] = _Pieces(self, language)
        return self.pieces[language]

    @property
    def known(self) -> int:
        """Terms and pieces held."""
        return len(self.terms) + len(self.several) + sum(map(len, self.pieces.values()))


class _Pieces(dict[str, int]):
    def __init__(self, vocabulary: _Vocabulary, language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language

    def __missing__(self, piece: str) -> int:
        known = self._vocabulary.terms
        numbers = [
            known.setdefault(term, len(known)) for term in chunk_terms(piece, self._language)
        ]
        if len(numbers) == 1:
            number = numbers[0]
        else:
            number = _MANY + len(self._vocabulary.several)
            self._vocabulary.several.append(numbers)
        # A long piece is a sentence of a script without spaces, or litter: it comes once.
        if len(piece) <= _LONG_CHUNK:
            self[piece] = number
        return number


class Builder:
    """Gathers entries until they fill a segment."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._clear()

    def _clear(self) -> None:
        self._entries: list[tuple[int, int, str, str]] = []
        self._pending: list[int] = []
        self._counts: list[int] = []
        self._tokens: list[Array] = []
        self._lengths: list[Array] = []
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
        if len(self._pending) > 100_000:
            self._settle()

    def _settle(self) -> None:
        """Put the pending tokens into arrays, those of several terms taken apart."""
        tokens = np.array(self._pending, np.int64)
        counts = np.array(self._counts, np.int64)
        several = self._vocabulary.several
        at = np.flatnonzero(tokens >= _MANY)
        if len(at):
            parts = [several[token - _MANY] for token in tokens[at].tolist()]
            sizes = np.ones(len(tokens), np.int64)
            sizes[at] = list(map(len, parts))
            begins = np.concatenate(([0], np.cumsum(sizes)))
            apart = np.repeat(tokens, sizes)
            apart[_stretches(begins[at], sizes[at])] = [number for part in parts for number in part]
            ends = np.cumsum(counts)
            counts = begins[ends] - begins[ends - counts]
            tokens = apart
        self._tokens.append(tokens.astype(np.uint32))
        self._lengths.append(counts)
        self._size += len(tokens)
        self._pending, self._counts = [], []

    def write(self, path: Path) -> None:
        """Write what was gathered as a segment, and begin anew."""
        self._settle()
        columns, order = self._columns()
        tokens = np.concatenate(self._tokens)
        lengths = np.concatenate(self._lengths)
        del self._tokens[:]
        names = list(self._vocabulary.terms)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        documents = np.repeat(place, _PARTS)
        begins = np.cumsum(lengths) - lengths
        fields = {}
        for field, parts in (("text", (0, 1)), ("source", (2,)), ("author", (3,))):
            chosen = np.zeros(len(lengths), bool)
            for part in parts:
                chosen[part::_PARTS] = True
            rows = np.flatnonzero(chosen)
            size = lengths[rows]
            at = _stretches(begins[rows], size)
            places = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
            if field == "text":
                after_title = np.where(rows % _PARTS == 1, lengths[rows - 1] + GAP, 0)
                places += np.repeat(after_title, size)
            fields[field] = [_postings(tokens[at], np.repeat(documents[rows], size), places, names)]
        write_segment(path, columns, fields)
        self._clear()

    def _columns(self) -> tuple[Columns, Array]:
        lengths = np.concatenate(self._lengths).reshape(-1, _PARTS)
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
