"""Segments out of entries."""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from index.model import Entry
from index.search import segment as form
from index.search.analysis import all_keys, bare_word, chunk_terms, chunks, looks_like_name
from index.search.forms import hashed
from index.search.layout import Columns, Postings, Shared, write_segment
from index.search.segment import GAP, IN_BODY, IN_TITLE, LAST_PLACE, UNDATED, Array

MOST_TOKENS = 8_000_000
"""Words that a segment is built of at most: what bounds the memory of building."""
_LONG_CHUNK = 40
_MOST_KNOWN = 1_000_000
"""Words and pieces of text kept in mind from segment to segment: some hundred bytes each."""
_NO_NAME = -1
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

    def append(self, numbers: Iterable[int]) -> None:
        """Put one more list behind the others."""
        self.numbers.extend(numbers)
        self.begins.append(len(self.numbers))

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


class _Pairs:
    """Which words have which keys, as they were met."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._numbers = array("I")

    def add(self, number: int, keys: Iterable[str]) -> None:
        for key in keys:
            self._hashes.append(hashed(key))
            self._numbers.append(number)

    def among(self, field: str, ranks: Array) -> Shared:
        """Those of words that have a rank in a field, -1 standing for none."""
        numbers = ranks[np.array(self._numbers, np.int64)]
        held = numbers >= 0
        return Shared(field, np.array(self._hashes, np.uint64)[held], numbers[held])


class _Vocabulary:
    """Numbers for words and names, and for pieces of text met before: those of its words."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.keys = {"text": _Pairs(), "names": _Pairs()}
        self.pieces: dict[str, _Pieces] = {}
        self.terms_of = _Lists()
        self.names_of = _Lists()

    def of(self, language: str) -> "_Pieces":
        """The pieces of one language: their own table, since each language has its own words."""
        if language not in self.pieces:
            self.pieces[language] = _Pieces(self, language)
        return self.pieces[language]

    @property
    def known(self) -> int:
        """Words, names and pieces held."""
        return len(self.terms) + len(self.names) + sum(map(len, self.pieces.values()))


class _Pieces(dict[str, int]):
    def __init__(self, vocabulary: _Vocabulary, language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._words: dict[str, tuple[int, int]] = {}
        self._new: list[tuple[str, str, int, int]] = []

    def __missing__(self, piece: str) -> int:
        bare = bare_word(piece)
        if bare is not None and bare != piece and len(piece) <= _LONG_CHUNK:
            # A word means the same with a comma.
            number = self[piece] = self[bare]
            return number
        vocabulary = self._vocabulary
        number = len(vocabulary.terms_of)
        found = [self._word(term, surface) for term, surface in chunk_terms(piece)]
        vocabulary.terms_of.append([term for term, _ in found])
        vocabulary.names_of.append([name for _, name in found if name != _NO_NAME])
        # A long piece is a sentence of a script without spaces, or litter: it comes once.
        if len(piece) <= _LONG_CHUNK:
            self[piece] = number
        return number

    def _word(self, term: str, surface: str) -> tuple[int, int]:
        """The number of a word, and that of it as a name, if it looks like one."""
        known = self._words.get(surface)
        if known is not None:
            return known
        vocabulary = self._vocabulary
        number = vocabulary.terms.setdefault(term, len(vocabulary.terms))
        name = _NO_NAME
        if looks_like_name(surface, term, self._language):
            name = vocabulary.names.setdefault(term, len(vocabulary.names))
        self._new.append((surface, term, number, name))
        if len(surface) <= _LONG_CHUNK:
            self._words[surface] = number, name
        return number, name

    def settle(self) -> None:
        """Work out the keys of the words met since: many at once take much less time."""
        words = [(surface, term) for surface, term, _, _ in self._new]
        shared = self._vocabulary.keys
        for (_, _, number, name), keys in zip(
            self._new, all_keys(words, self._language), strict=True
        ):
            shared["text"].add(number, keys.word)
            if name != _NO_NAME:
                shared["names"].add(name, keys.name)
        self._new = []


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
        self,
        parts: tuple[int, ...],
        documents: Array,
        names: list[str],
        ranks: Array | None = None,
        *,
        placed: bool = True,
    ) -> Iterator[Postings]:
        """The postings of those in the chosen parts; `documents` are the articles of all parts.

        What place each of `names` has among the terms of the postings is put into `ranks`.
        """
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
        found, order = _postings(numbers, np.repeat(documents[rows], size), places, names)
        if ranks is not None:
            ranks[order] = np.arange(len(order))
        yield found


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
        self._names = _Occurrences()
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
            (self._names, self._vocabulary.names_of),
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
        for pieces in self._vocabulary.pieces.values():
            pieces.settle()
        terms, names = list(self._vocabulary.terms), list(self._vocabulary.names)
        ranks = {"text": np.full(len(terms), -1), "names": np.full(len(names), -1)}
        fields = {
            "text": self._terms.postings((0, 1), documents, terms, ranks["text"]),
            "source": self._terms.postings((2,), documents, terms),
            "author": self._terms.postings((3,), documents, terms),
            "names": self._names.postings((0, 1), documents, names, ranks["names"], placed=False),
        }
        shared = self._vocabulary.keys
        write_segment(
            path, columns, fields, lambda: [shared[name].among(name, ranks[name]) for name in ranks]
        )
        self._clear()

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


def _postings(
    tokens: Array, documents: Array, places: Array, names: list[str]
) -> tuple[Postings, Array]:
    """Sort tokens (numbers of `names`) by term, article and place; and the terms' numbers."""
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
    return Postings([letters[place] for place in order], keys), used[order]
