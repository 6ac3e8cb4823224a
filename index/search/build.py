"""Segments out of entries, and one segment out of several."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.model import Entry
from index.search import segment as form
from index.search.analysis import chunk_terms, chunks
from index.search.scoring import TITLE_WEIGHT, impacts
from index.search.segment import FIELDS, GAP, LAST_PLACE, ODD, UNDATED, Array, Segment

MOST_TOKENS = 8_000_000
"""Words that a segment is built of at most: what bounds the memory of building."""
MOST_MERGED = 16_000_000
_DENSE_FROM = 4096
"""Segments with fewer articles have neither dense terms nor kept prefixes."""
_MANY = 1 << 31
_LONG_CHUNK = 40
_MOST_KNOWN = 2_000_000
_PARTS = 4
_LONGEST_TITLE = 10_000
"""Characters of a title; what is beyond them counts as body."""


@dataclass(slots=True)
class Postings:
    """What stands where in one field: sorted terms, and sorted term<<32 | article<<16 | place."""

    terms: list[bytes]
    keys: Array


@dataclass(slots=True)
class Columns:
    """One value an article, in the order of the segment."""

    keys: Array
    days: Array
    language_names: list[str]
    languages: Array
    source_names: list[str]
    sources: Array
    lengths: Array
    title_lengths: Array


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
            fields[field] = _postings(tokens[at], np.repeat(documents[rows], size), places, names)
        write_segment(path, columns, fields)
        self._clear()

    def _columns(self) -> tuple[Columns, Array]:
        lengths = np.concatenate(self._lengths).reshape(-1, _PARTS)
        keys = np.array([entry[0] for entry in self._entries], np.int64)
        days = np.array([entry[1] for entry in self._entries], np.int32)
        order = np.lexsort((keys, days))
        languages, language = _coded([entry[2] for entry in self._entries])
        sources, source = _coded([entry[3] for entry in self._entries])
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


def _coded(texts: list[str]) -> tuple[list[str], Array]:
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


def _titles(text: Postings, title_lengths: Array) -> Postings:
    """The part of `text` that stands in titles."""
    documents = (text.keys >> np.uint64(16)) & np.uint64(0xFFFF)
    keys = text.keys[(text.keys & np.uint64(0xFFFF)) < title_lengths[documents]]
    used, numbers = np.unique(keys >> np.uint64(32), return_inverse=True)
    keys = (numbers.astype(np.uint64) << np.uint64(32)) | (keys & np.uint64(0xFFFFFFFF))
    return Postings([text.terms[number] for number in used.tolist()], keys)


def write_segment(path: Path, columns: Columns, fields: dict[str, Postings]) -> None:
    """Write a segment of articles in order and the postings of text, source and author."""
    fields = {**fields, "title": _titles(fields["text"], columns.title_lengths)}
    count = len(columns.keys)
    header: dict[str, Any] = {
        "documents": count,
        "languages": columns.language_names,
        "sources": columns.source_names,
        "fields": {},
        "totals": {
            "text": int(columns.lengths.sum()),
            "title": int(columns.title_lengths.sum()),
        },
        "prefixes": [],
        "error": 0.0,
    }
    posted = [_posted(fields[name], name, columns) for name in FIELDS]
    first = 0
    for name, field in zip(FIELDS, posted, strict=True):
        header["fields"][name] = (first, first + len(field["begins"]) - 1)
        first += len(field["begins"]) - 1
    arrays = _joined(posted, [fields[name].terms for name in FIELDS])
    frequencies = np.diff(arrays["posting_at"])
    is_dense = np.zeros(first, bool)
    if count >= _DENSE_FROM:
        is_dense = frequencies * 8 >= count
    # Only words of the text are worth a row: the other fields do not rank.
    is_dense[header["fields"]["text"][1] :] = False
    documents = np.concatenate([field["documents"] for field in posted])
    _add_rows(header, arrays, documents, is_dense, columns)
    _add_prefixes(header, arrays, documents, fields["text"].terms, count)
    sparse = np.where(is_dense, 0, frequencies)
    arrays["docs"] = documents[np.repeat(~is_dense, frequencies)]
    arrays["sparse_at"] = np.concatenate(([0], np.cumsum(sparse))).astype(np.uint32)
    arrays["backwards"] = _backwards(fields["text"].terms)
    for name in ("keys", "days", "languages", "sources", "lengths", "title_lengths"):
        arrays[name] = getattr(columns, name)
    form.write(path, header, arrays)


def _posted(field: Postings, name: str, columns: Columns) -> dict[str, Array]:
    """The postings of a field: article and counts of each, and where those of each term begin."""
    pairs = field.keys >> np.uint64(16)
    first = np.flatnonzero(np.concatenate((np.ones(min(len(pairs), 1), bool), np.diff(pairs) != 0)))
    ends = np.append(first, len(pairs))
    times = np.diff(ends)
    documents = (pairs[first] & np.uint64(0xFFFF)).astype(np.uint16)
    in_title = np.zeros(len(times), np.int64)
    places = (field.keys & np.uint64(0xFFFF)).astype(np.uint16)
    if name == "text" and len(first):
        titled = places < np.repeat(columns.title_lengths[documents], times)
        in_title = np.add.reduceat(titled, first, dtype=np.int64)
    terms_at = (pairs[first] >> np.uint64(16)).astype(np.int64)
    begins = np.searchsorted(terms_at, np.arange(len(field.terms) + 1))
    return {
        "documents": documents,
        "times": times,
        "in_title": in_title,
        "begins": begins,
        "place_begins": ends[begins],
        "places": places,
    }


def _joined(posted: list[dict[str, Array]], texts: list[list[bytes]]) -> dict[str, Array]:
    """The arrays of all fields, one after another."""
    posting_at, place_at = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)]
    posting = place = 0
    for field in posted:
        posting_at.append(field["begins"][1:] + posting)
        place_at.append(field["place_begins"][1:] + place)
        posting += len(field["documents"])
        place += len(field["places"])
    times = np.concatenate([field["times"] for field in posted])
    in_title = np.concatenate([field["in_title"] for field in posted])
    codes = in_title * 64 + times
    is_odd = (times > 63) | (in_title > 3) | (codes >= ODD)
    odd = np.flatnonzero(is_odd)
    lines = [term + b"\n" for field in texts for term in field]
    sizes = np.fromiter(map(len, lines), np.int64, len(lines))
    return {
        "texts": np.frombuffer(b"".join(lines), np.uint8),
        "text_at": np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32),
        "posting_at": np.concatenate(posting_at).astype(np.uint32),
        "place_at": np.concatenate(place_at).astype(np.uint32),
        "codes": np.where(is_odd, ODD, codes).astype(np.uint8),
        "odd": odd.astype(np.uint32),
        "odd_times": np.stack((times[odd], in_title[odd]), axis=1).astype(np.uint32),
        "places": np.concatenate([field["places"] for field in posted]),
    }


def _add_rows(
    header: dict[str, Any],
    arrays: dict[str, Array],
    documents: Array,
    is_dense: Array,
    columns: Columns,
) -> None:
    """The impacts of dense terms in a byte each, and how far they are off at most."""
    dense = np.flatnonzero(is_dense)
    rows = np.zeros((len(dense), len(columns.keys)), np.uint8)
    lengths = columns.lengths + (TITLE_WEIGHT - 1) * columns.title_lengths
    average = float(lengths.mean()) if len(lengths) else 1.0
    worst = 0.0
    for row, term in enumerate(dense.tolist()):
        stretch = slice(int(arrays["posting_at"][term]), int(arrays["posting_at"][term + 1]))
        codes, found = arrays["codes"][stretch], documents[stretch]
        times = form.TIMES[codes].astype(np.float64)
        titles = form.TITLE_TIMES[codes].astype(np.float64)
        odd = np.flatnonzero(codes == ODD)
        if len(odd):
            exact = arrays["odd_times"][np.searchsorted(arrays["odd"], stretch.start + odd)]
            times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        exactly = impacts(times + (TITLE_WEIGHT - 1) * titles, lengths[found], average) * 255
        rounded = np.clip(np.rint(exactly), 1, 255)
        worst = max(worst, float(np.abs(rounded - exactly).max()))
        rows[row, found] = rounded
    header["error"] = worst / 255
    arrays["dense"], arrays["rows"] = dense.astype(np.uint32), rows


def _add_prefixes(
    header: dict[str, Any],
    arrays: dict[str, Array],
    documents: Array,
    texts: list[bytes],
    count: int,
) -> None:
    """Keep who holds a word that begins with these letters, where adding it up would take long."""
    kept: list[str] = []
    bits: list[Array] = []
    if count >= _DENSE_FROM:
        at = arrays["posting_at"][: len(texts) + 1].astype(np.int64)
        words = [text.decode() for text in texts]
        for length in (1, 2, 3):
            first = 0
            for last in range(1, len(words) + 1):
                if last < len(words) and words[last][:length] == words[first][:length]:
                    continue
                if at[last] - at[first] >= count and len(words[first]) >= length:
                    held = np.zeros(count, bool)
                    held[documents[at[first] : at[last]]] = True
                    kept.append(words[first][:length])
                    bits.append(np.packbits(held, bitorder="little"))
                first = last
    header["prefixes"] = kept
    width = -(-count // 8)
    arrays["bits"] = np.stack(bits) if bits else np.zeros((0, width), np.uint8)


def _backwards(texts: list[bytes]) -> Array:
    # By letters, not bytes: the ends of words are compared as text.
    mirrored = [text.decode()[::-1] for text in texts]
    return np.array(sorted(range(len(texts)), key=mirrored.__getitem__), np.uint32)


def merge(path: Path, sources: list[tuple[Segment, Array]]) -> None:
    """Write one segment of the articles of several; each comes with a mask of those to keep."""
    columns, placed = _merged_columns(sources)
    fields = {}
    for field in ("text", "source", "author"):
        letters = sorted(
            {text for source, _ in sources for text in source.texts(*source.fields[field])}
        )
        ranks = dict(zip(letters, range(len(letters)), strict=True))
        keys = np.concatenate(
            [
                _rekeyed(source, field, ranks, place)
                for (source, _), place in zip(sources, placed, strict=True)
            ]
        )
        keys.sort()
        # A term only of articles that are gone is gone too.
        used, numbers = np.unique(keys >> np.uint64(32), return_inverse=True)
        if len(used) < len(letters):
            keys = (numbers.astype(np.uint64) << np.uint64(32)) | (keys & np.uint64(0xFFFFFFFF))
            letters = [letters[number] for number in used.tolist()]
        fields[field] = Postings(letters, keys)
    write_segment(path, columns, fields)


def _merged_columns(sources: list[tuple[Segment, Array]]) -> tuple[Columns, list[Array]]:
    """The columns of the articles kept, and for each source the new places of its articles.

    The place of one that is not kept is -1.
    """

    def gathered(name: str) -> Array:
        return np.concatenate([getattr(source, name)[kept] for source, kept in sources])

    keys, days = gathered("keys"), gathered("days")
    order = np.lexsort((keys, days))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    placed, at = [], 0
    for source, kept in sources:
        places = np.full(source.documents, -1, np.int64)
        number = int(np.count_nonzero(kept))
        places[kept] = place[at : at + number]
        placed.append(places)
        at += number
    named: dict[str, tuple[list[str], Array]] = {}
    for name, names in (("languages", "language_names"), ("sources", "source_names")):
        texts: list[str] = []
        for source, kept in sources:
            known = getattr(source, names)
            texts.extend(map(known.__getitem__, getattr(source, name)[kept].tolist()))
        named[name] = _coded(texts)
    return (
        Columns(
            keys=keys[order],
            days=days[order],
            language_names=named["languages"][0],
            languages=named["languages"][1][order],
            source_names=named["sources"][0],
            sources=named["sources"][1][order],
            lengths=gathered("lengths")[order],
            title_lengths=gathered("title_lengths")[order],
        ),
        placed,
    )


def _rekeyed(source: Segment, field: str, ranks: dict[bytes, int], place: Array) -> Array:
    """All places of the field's words, as keys of the new segment; those not kept left out."""
    first, last = source.fields[field]
    rank = np.fromiter(
        map(ranks.__getitem__, source.texts(first, last)), np.uint64, max(last - first, 0)
    )
    frequencies: Array = np.diff(source.posting_at[first : last + 1].astype(np.int64))
    documents = source.documents_between(first, last)
    times = source.all_times(int(source.posting_at[first]), int(source.posting_at[last]))
    moved = place[documents]
    keys = np.repeat(rank, frequencies)
    keys <<= np.uint64(16)
    keys |= np.maximum(moved, 0).astype(np.uint64)
    keys = np.repeat(keys, times)
    keys <<= np.uint64(16)
    keys |= source.places[int(source.place_at[first]) : int(source.place_at[last])]
    if moved.min(initial=0) < 0:
        keys = keys[np.repeat(moved >= 0, times)]
    return keys
