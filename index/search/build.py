"""Segments out of entries."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from index.model import Entry
from index.search import segment as form
from index.search.layout import STRETCH, Columns, Postings, write_segment
from index.search.segment import GAP, IN_BODY, IN_TITLE, LAST_PLACE, UNDATED, Array
from index.search.vocabulary import Vocabulary
from index.text.strings import stretches

MOST_TOKENS = 32_000_000
"""Words that a segment is built of at most: what bounds the memory of building."""
_WAITING = 500_000
"""Characters that are read at once."""
_TOGETHER = 4_000_000
"""Characters of entries that are put in the order of their languages at once."""
_LONGEST_TITLE = 10_000
"""Characters of a title; what is beyond them counts as body."""


class _Occurrences:
    """Words as they stand in some texts of each entry, in order."""

    def __init__(self) -> None:
        self._words: list[Array] = []
        self._lengths: list[Array] = []
        self.size = 0

    def add(self, words: Array, lengths: Array) -> None:
        """Take in those of more entries: so many words in each text, a row an entry."""
        self._words.append(words)
        self._lengths.append(lengths)
        self.size += len(words)

    @property
    def lengths(self) -> Array:
        """How many words each text has, a row an entry."""
        return np.concatenate(self._lengths)

    def counts(self, count: int) -> Array:
        """How often each of `count` words stands here."""
        found: Array = np.zeros(count, np.int64)
        for words in self._words:
            found += np.bincount(words, minlength=count)
        return found

    def stretches(
        self, documents: Array, ranks: Array, sizes: Array, *, placed: bool
    ) -> Iterator[tuple[int, int, Array]]:
        """Stretches of ranks [first, last), with term<<32 | article<<16 | place of their words.

        `documents` are the articles of the entries, `ranks` those of words; `sizes` says for each
        rank how often its word stands here. Nothing is left here afterwards.
        """
        if self.size <= STRETCH:
            parts = list(self._keys(documents, ranks, placed=placed))
            keys = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
            keys.sort()
            yield 0, len(sizes), keys
            return
        ends = np.cumsum(sizes)
        where = self._gathered(documents, ranks, ends - sizes, placed=placed)
        first = 0
        while first < len(sizes):
            begin = int(ends[first] - sizes[first])
            last = max(int(np.searchsorted(ends, begin + STRETCH, side="right")), first + 1)
            keys = np.repeat(
                np.arange(last - first, dtype=np.uint64) << np.uint64(32), sizes[first:last]
            )
            keys |= where[begin : int(ends[last - 1])]
            keys.sort()
            yield first, last, keys
            first = last

    def _gathered(self, documents: Array, ranks: Array, at: Array, *, placed: bool) -> Array:
        """article<<16 | place of all words: those of each rank from where `at` says."""
        where = np.empty(self.size, np.uint32)
        for keys in self._keys(documents, ranks, placed=placed):
            keys.sort()
            rank = (keys >> np.uint64(32)).view(np.int64)
            begins = np.flatnonzero(np.diff(rank, prepend=-1))
            lengths = np.diff(np.append(begins, len(rank)))
            alike = rank[begins]
            where[stretches(at[alike], lengths)] = keys.astype(np.uint32)
            at[alike] += lengths
        return where

    def _keys(self, documents: Array, ranks: Array, *, placed: bool) -> Iterator[Array]:
        """rank<<32 | article<<16 | place of the words of some entries after another."""
        at = 0
        for number, lengths in enumerate(self._lengths):
            words, self._words[number] = self._words[number], np.zeros(0, np.uint32)
            keys = ranks.take(words) << np.uint64(32)
            keys |= _places(documents[at : at + len(lengths)], lengths, placed=placed)
            yield keys
            at += len(lengths)


def _places(documents: Array, lengths: Array, *, placed: bool) -> Array:
    """article<<16 | place of each word of the texts of some entries."""
    sizes = lengths.reshape(-1).astype(np.int64)
    texts = lengths.shape[1]
    articles = np.repeat(documents.astype(np.uint64) << np.uint64(16), texts)
    found: Array
    if not placed:
        where = np.tile(np.array([IN_TITLE, IN_BODY][:texts], np.uint64), len(documents))
        found = np.repeat(articles | where, sizes)
        return found
    # Counted from where the title begins, with a gap before the body.
    offsets = np.cumsum(sizes) - sizes
    if texts > 1:
        offsets[1::texts] -= sizes[0::texts] + GAP
    places: Array = np.arange(int(sizes.sum())) - np.repeat(offsets, sizes)
    found = np.minimum(places, LAST_PLACE).astype(np.uint64)
    found |= np.repeat(articles, sizes)
    return found


class Builder:
    """Gathers entries until they fill a segment."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._clear()

    def _clear(self) -> None:
        self._entries: list[tuple[int, int, str, str]] = []
        self._waiting: dict[str, list[tuple[Entry, str, str]]] = {}
        self._count = self._characters = 0
        self._text, self._names = _Occurrences(), _Occurrences()
        self._source, self._author = _Occurrences(), _Occurrences()
        if self._vocabulary.is_full:
            self._vocabulary = Vocabulary()

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether it is time to `write`."""
        return self._count == form.FULL or self._text.size >= MOST_TOKENS

    def add(self, entry: Entry) -> None:
        """Take one entry in."""
        title, body = entry.title, entry.body
        if len(title) > _LONGEST_TITLE:
            title, body = title[:_LONGEST_TITLE], f"{title[_LONGEST_TITLE:]} {body}"
        self._waiting.setdefault(entry.language, []).append((entry, title, body))
        self._count += 1
        self._characters += len(title) + len(body)
        if self._characters > _WAITING:
            self._read()

    def _read(self) -> None:
        """Put the words of the entries that wait into arrays."""
        vocabulary = self._vocabulary
        for language, waiting in self._waiting.items():
            texts = [text for _, title, body in waiting for text in (title, body)]
            pieces, counts = vocabulary.read(texts, language)
            ends = np.cumsum(counts)
            for held, lists in (
                (self._text, vocabulary.words_of),
                (self._names, vocabulary.names_of),
            ):
                words, sizes = lists.at(pieces)
                held.add(words, _summed(sizes, ends - counts, ends).reshape(-1, 2))
            entries = [entry for entry, _, _ in waiting]
            for held, texts in (
                (self._source, [entry.source for entry in entries]),
                (self._author, [entry.author for entry in entries]),
            ):
                pieces, counts = vocabulary.read(texts, language)
                ends = np.cumsum(counts)
                words, sizes = vocabulary.words_of.at(pieces)
                held.add(words, _summed(sizes, ends - counts, ends).reshape(-1, 1))
            self._entries.extend(
                (
                    entry.key,
                    UNDATED if entry.day is None else max(entry.day, UNDATED + 1),
                    language,
                    entry.source,
                )
                for entry in entries
            )
        self._waiting, self._characters = {}, 0

    def write(self, path: Path) -> None:
        """Write what was gathered as a segment, and begin anew."""
        self._read()
        columns, order = self._columns()
        documents = np.empty(len(order), np.int64)
        documents[order] = np.arange(len(order))
        vocabulary = self._vocabulary
        vocabulary.settle()
        ranked = _Ranked(vocabulary)
        fields = {
            "text": ranked.postings(self._text, documents, "text"),
            "source": ranked.postings(self._source, documents),
            "author": ranked.postings(self._author, documents),
            "names": ranked.postings(self._names, documents, "names", placed=False),
        }
        write_segment(
            path,
            columns,
            fields,
            lambda: [vocabulary.keys[name].among(name, at) for name, at in ranked.ranks.items()],
        )
        self._clear()

    def _columns(self) -> tuple[Columns, Array]:
        lengths = self._text.lengths
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
            lengths=lengths.sum(axis=1)[order].astype(np.uint32),
            title_lengths=lengths[order, 0].astype(np.uint32),
        )
        return columns, order


class _Ranked:
    """The postings of fields, whose words are sorted."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.words
        self.ranks: dict[str, Array] = {}
        """By field the place of each word among its terms, -1 for none."""

    def postings(
        self, held: _Occurrences, documents: Array, name: str = "", *, placed: bool = True
    ) -> Iterator[Postings]:
        """The postings of a field, whose ranks are kept under `name`."""
        words = self._words
        counts = held.counts(len(words))
        used = np.flatnonzero(counts).tolist()
        used.sort(key=words.__getitem__)
        ranks = np.full(len(words), -1, np.int64)
        ranks[used] = np.arange(len(used))
        if name:
            self.ranks[name] = ranks
        # Only those used are looked up, and they have ranks.
        unsigned, sizes = ranks.view(np.uint64), counts[used]
        for first, last, keys in held.stretches(documents, unsigned, sizes, placed=placed):
            yield Postings([words[number] for number in used[first:last]], keys)


def by_language(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, as many as bounded memory allows in the order of their languages.

    The words of one language are near at hand while it lasts, in the processor's own memory.
    """
    held: list[Entry] = []
    characters = 0
    for entry in entries:
        held.append(entry)
        characters += len(entry.title) + len(entry.body)
        if characters > _TOGETHER:
            yield from sorted(held, key=lambda entry: entry.language)
            held, characters = [], 0
    yield from sorted(held, key=lambda entry: entry.language)


def build(path: Path, entries: Iterable[Entry]) -> None:
    """Write a segment of `entries` (no more than fill one), no two of the same key."""
    builder = Builder()
    for entry in entries:
        builder.add(entry)
    builder.write(path)


def _summed(sizes: Array, begins: Array, ends: Array) -> Array:
    """The sums of `sizes` from each begin to its end."""
    before = np.concatenate(([0], np.cumsum(sizes)))
    summed: Array = before[ends] - before[begins]
    return summed


def coded(texts: list[str]) -> tuple[list[str], Array]:
    """The distinct texts, and for each the place of it among them."""
    places: dict[str, int] = {}
    codes = [places.setdefault(text, len(places)) for text in texts]
    return list(places), np.array(codes, np.uint16)
