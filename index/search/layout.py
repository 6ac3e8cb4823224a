"""Writing a segment: from sorted places of words to the arrays of the format."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.search import segment as form
from index.search.forms import LEAST_BITS, paired
from index.search.pairs import add_pairs
from index.search.scoring import TITLE_WEIGHT, norms
from index.search.segment import FIELDS, ODD, Array

CHAMPIONS = 512
"""Articles of the highest impacts that are kept in order for a dense term."""
BAND = 64
"""Terms of fewer than one in eight but at least one in so many articles keep their impacts too."""
STRETCH = 4_000_000
"""Words that are laid out at a time: what bounds the memory of writing."""
DENSE_FROM = 4096
"""Segments with fewer articles have neither dense terms nor kept prefixes."""


_WEIGHTS = form.TIMES + (TITLE_WEIGHT - 1) * form.TITLE_TIMES.astype(np.float64)


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


class _Field:
    """The postings of a field, gathered a stretch of terms at a time."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self.postings = self.places = 0
        self._parts: dict[str, list[Array]] = {}

    def take(self, stretch: Postings, title_lengths: Array | None, *, placed: bool = True) -> None:
        """Take in terms that sort after those before; `title_lengths` where titles count apart.

        Without `placed` the places of words are not kept.
        """
        pairs = stretch.keys >> np.uint64(16)
        differs = np.ones(len(pairs), bool)
        np.not_equal(pairs[1:], pairs[:-1], out=differs[1:])
        first = np.flatnonzero(differs)
        ends = np.append(first, len(pairs))
        times = np.diff(ends).astype(np.uint32)
        documents = (pairs[first] & np.uint64(0xFFFF)).astype(np.uint16)
        places = (stretch.keys & np.uint64(0xFFFF)).astype(np.uint16)
        in_title = np.zeros(len(times), np.uint32)
        if title_lengths is not None and len(first):
            titled = places < np.repeat(title_lengths[documents], times)
            in_title = np.add.reduceat(titled, first, dtype=np.uint32)
        numbers = (pairs[first] >> np.uint64(16)).astype(np.int64)
        begins = np.searchsorted(numbers, np.arange(len(stretch.terms)))
        self._add("documents", documents)
        self._add("times", times)
        self._add("in_title", in_title)
        self._add("posting_at", begins + self.postings)
        if placed:
            self._add("places", places)
        self._add("place_at", (ends[begins] if placed else np.zeros_like(begins)) + self.places)
        self.terms += stretch.terms
        self.postings += len(documents)
        self.places += len(places) if placed else 0

    def _add(self, name: str, part: Array) -> None:
        self._parts.setdefault(name, []).append(part)

    def whole(self, name: str) -> Array:
        """One of the arrays, all stretches together."""
        parts = self._parts.pop(name, [])
        return np.concatenate(parts) if parts else np.zeros(0, np.uint32)


def _titles(text: Postings, title_lengths: Array) -> Postings:
    """The part of `text` that stands in titles."""
    documents = (text.keys >> np.uint64(16)) & np.uint64(0xFFFF)
    keys = text.keys[(text.keys & np.uint64(0xFFFF)) < title_lengths[documents]]
    used, numbers = np.unique(keys >> np.uint64(32), return_inverse=True)
    keys = (numbers.astype(np.uint64) << np.uint64(32)) | (keys & np.uint64(0xFFFFFFFF))
    return Postings([text.terms[number] for number in used.tolist()], keys)


@dataclass(slots=True)
class Shared:
    """Which words have which keys: hashes of keys, and numbers of words in one field, in order.

    Of the hashes all bits count but the lowest `missing`.
    """

    field: str
    hashes: Array
    numbers: Array
    missing: int = 0


def write_segment(
    path: Path,
    columns: Columns,
    fields: Mapping[str, Iterable[Postings]],
    shared: Callable[[], Iterable[Shared]] = tuple,
) -> None:
    """Write a segment of articles in order and the postings of text, source, author and names.

    The postings come in stretches of terms, one after another, so that few are held at a time.
    `shared` is asked when all of them are through.
    """
    gathered = {name: _Field() for name in FIELDS}
    for name, stretches in fields.items():
        for stretch in stretches:
            titles = columns.title_lengths if name in ("text", "names") else None
            gathered[name].take(stretch, titles, placed=name != "names")
            if name == "text":
                gathered["title"].take(_titles(stretch, columns.title_lengths), None)
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
    first = 0
    for name, field in gathered.items():
        header["fields"][name] = (first, first + len(field.terms))
        first += len(field.terms)
    arrays, documents = _joined(list(gathered.values()))
    texts = gathered["text"].terms
    frequencies = np.diff(arrays["posting_at"])
    is_dense = np.zeros(first, bool)
    in_band = np.zeros(first, bool)
    if count >= DENSE_FROM:
        # Only words of the text are worth a row: the other fields rank little or not.
        terms = slice(*header["fields"]["text"])
        is_dense[terms] = frequencies[terms] * 8 >= count
        in_band[terms] = (frequencies[terms] * BAND >= count) & ~is_dense[terms]
    _add_rows(header, arrays, documents, is_dense, in_band, columns)
    _add_prefixes(header, arrays, documents, texts, count)
    last = header["fields"]["text"][1]
    add_pairs(arrays, documents, columns.lengths, last if count >= DENSE_FROM else 0)
    _leave_sparse(arrays, documents, is_dense, frequencies)
    arrays["backwards"] = _backwards(texts)
    _add_shared(header, arrays, list(shared()))
    for name in ("keys", "days", "languages", "sources", "lengths", "title_lengths"):
        arrays[name] = getattr(columns, name)
    form.write(path, header, arrays)


def _joined(fields: list[_Field]) -> tuple[dict[str, Array], Array]:
    """The arrays of all fields, one after another, and the article of each posting."""
    posting_at, place_at = [], []
    postings = places = 0
    for field in fields:
        posting_at.append(field.whole("posting_at") + postings)
        place_at.append(field.whole("place_at") + places)
        postings += field.postings
        places += field.places
    posting_at.append(np.array([postings]))
    place_at.append(np.array([places]))
    times = np.concatenate([field.whole("times") for field in fields])
    in_title = np.concatenate([field.whole("in_title") for field in fields])
    codes = in_title * 64 + times
    is_odd = (times > 63) | (in_title > 3) | (codes >= ODD)
    odd = np.flatnonzero(is_odd)
    lines = [term + b"\n" for field in fields for term in field.terms]
    sizes = np.fromiter(map(len, lines), np.int64, len(lines))
    arrays: dict[str, Array] = {
        "texts": np.frombuffer(b"".join(lines), np.uint8),
        "text_at": np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32),
        "posting_at": np.concatenate(posting_at).astype(np.uint32),
        "place_at": np.concatenate(place_at).astype(np.uint32),
        "codes": np.where(is_odd, ODD, codes).astype(np.uint8),
        "odd": odd.astype(np.uint32),
        "odd_times": np.stack((times[odd], in_title[odd]), axis=1).astype(np.uint32),
        "places": np.concatenate([field.whole("places") for field in fields]).astype(np.uint16),
    }
    return arrays, np.concatenate([field.whole("documents") for field in fields]).astype(np.uint16)


def _leave_sparse(
    arrays: dict[str, Array], documents: Array, is_dense: Array, frequencies: Array
) -> None:
    """Keep in lists only the postings of terms that have no row."""
    kept = np.repeat(~is_dense, frequencies)
    arrays["docs"] = documents[kept]
    arrays["codes"] = arrays["codes"][kept]
    sparse = np.where(is_dense, 0, frequencies)
    arrays["sparse_at"] = np.concatenate(([0], np.cumsum(sparse))).astype(np.uint32)
    odd = np.flatnonzero(kept[arrays["odd"]])
    arrays["odd_times"] = arrays["odd_times"][odd]
    arrays["odd"] = np.flatnonzero(arrays["codes"] == ODD).astype(np.uint32)


def _add_rows(
    header: dict[str, Any],
    arrays: dict[str, Array],
    documents: Array,
    is_dense: Array,
    in_band: Array,
    columns: Columns,
) -> None:
    """The codes and impacts of dense terms in a byte each, those of the next, and their error."""
    dense = np.flatnonzero(is_dense)
    shape = (len(dense), len(columns.keys))
    rows, codes = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    reached = np.zeros((len(dense), 256), np.uint32)
    places = np.zeros((len(dense), -(-shape[1] // 16)), np.uint32)
    most = min(CHAMPIONS, int(is_dense.any()) and len(columns.keys) // 8)
    champions = np.zeros((len(dense), most), np.uint16)
    odd_at: list[Array] = [np.zeros(0, np.uint32)]
    odd_times: list[Array] = [np.zeros((0, 2), np.uint32)]
    rounding = _Rounding(arrays, documents, columns)
    for row, term in enumerate(dense.tolist()):
        found, held, rounded, odd, exact = rounding.of(term)
        found = found.astype(np.int64)
        codes[row, found], rows[row, found] = held, rounded
        times = np.zeros(shape[1] + 1, np.uint32)
        times[found + 1] = form.TIMES.take(held)
        times[found[odd] + 1] = exact[:, 0]
        places[row] = np.cumsum(times, dtype=np.uint32)[:-1:16]
        odd_at.append(found[odd].astype(np.uint32) + np.uint32(row << 16))
        odd_times.append(exact)
        counts = np.bincount(rounded, minlength=256)
        reached[row] = np.cumsum(counts[::-1])[::-1]
        champions[row] = found[np.argsort(255 - rounded, kind="stable")[:most]]
    kept = np.flatnonzero(in_band)
    band = [np.zeros(0, np.uint8), *(rounding.of(term)[2] for term in kept.tolist())]
    header["error"] = rounding.worst / 255
    arrays["dense"], arrays["rows"], arrays["reached"] = dense.astype(np.uint32), rows, reached
    arrays["dense_codes"], arrays["champions"] = codes, champions
    arrays["dense_places"] = places
    arrays["dense_odd"] = np.concatenate(odd_at)
    arrays["dense_odd_times"] = np.concatenate(odd_times)
    arrays["band"], arrays["impacts"] = kept.astype(np.uint32), np.concatenate(band)
    arrays["band_at"] = np.cumsum([0, *map(len, band[1:])]).astype(np.uint32)


class _Rounding:
    """Impacts rounded to a byte; `worst` is how far any of them is off, in such steps."""

    def __init__(self, arrays: dict[str, Array], documents: Array, columns: Columns) -> None:
        self._arrays = arrays
        self._documents = documents
        lengths = columns.lengths + (TITLE_WEIGHT - 1) * columns.title_lengths
        self._norms = norms(lengths, float(lengths.mean()) or 1.0 if len(lengths) else 1.0)
        self.worst = 0.0

    def of(self, term: int) -> tuple[Array, Array, Array, Array, Array]:
        """Articles, codes and impacts of a term; the places of odd codes, and their counts."""
        arrays = self._arrays
        stretch = slice(int(arrays["posting_at"][term]), int(arrays["posting_at"][term + 1]))
        found, held = self._documents[stretch], arrays["codes"][stretch]
        weights = _WEIGHTS.take(held)
        odd = np.flatnonzero(held == ODD)
        exact = arrays["odd_times"][np.searchsorted(arrays["odd"], stretch.start + odd)]
        if len(odd):
            weights[odd] = exact[:, 0] + (TITLE_WEIGHT - 1) * exact[:, 1]
        exactly = weights / (weights + self._norms.take(found)) * 255
        rounded = np.clip(np.rint(exactly), 1, 255)
        self.worst = max(self.worst, float(np.abs(rounded - exactly).max()))
        return found, held, rounded.astype(np.uint8), odd, exact


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
    if count >= DENSE_FROM and texts:
        at = arrays["posting_at"][: len(texts) + 1].astype(np.int64)
        words = [text.decode() for text in texts]
        for length in (1, 2, 3):
            beginnings = np.array([word[:length] for word in words])
            first = np.flatnonzero(np.append(True, beginnings[1:] != beginnings[:-1]))
            last = np.append(first[1:], len(words))
            for begin, end in zip(first.tolist(), last.tolist(), strict=True):
                if at[end] - at[begin] < count or len(words[begin]) < length:
                    continue
                held = np.zeros(count, bool)
                held[documents[at[begin] : at[end]]] = True
                kept.append(words[begin][:length])
                bits.append(np.packbits(held, bitorder="little"))
    header["prefixes"] = kept
    width = -(-count // 8)
    arrays["bits"] = np.stack(bits) if bits else np.zeros((0, width), np.uint8)


def _add_shared(header: dict[str, Any], arrays: dict[str, Array], shared: list[Shared]) -> None:
    last = max(end for _, end in header["fields"].values())
    bits = max([LEAST_BITS, last.bit_length(), *(one.missing for one in shared)])
    hashes = [one.hashes for one in shared]
    numbers = [one.numbers + header["fields"][one.field][0] for one in shared]
    none = np.zeros(0, np.uint64)
    header["shared_bits"] = bits
    arrays["shared"] = paired(
        np.concatenate([none, *hashes]), np.concatenate([none.astype(np.int64), *numbers]), bits
    )


def _backwards(texts: list[bytes]) -> Array:
    # By letters, not bytes: the ends of words are compared as text.
    mirrored = [text.decode()[::-1] for text in texts]
    return np.array(sorted(range(len(texts)), key=mirrored.__getitem__), np.uint32)
