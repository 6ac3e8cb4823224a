"""Writing a segment: from sorted places of words to the arrays of the format."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.search import segment as form
from index.search.forms import LEAST_BITS, paired
from index.search.growing import Growing
from index.search.pairs import add_pairs
from index.search.scoring import TITLE_WEIGHT, norms
from index.search.segment import FIELDS, ODD, Array
from index.search.spelling import letters_of

CHAMPIONS = 512
"""Articles of the highest impacts that are kept in order for a dense term."""
BAND = 64
"""Terms of fewer than one in eight but at least one in so many articles keep their impacts too."""
STRETCH = 1_000_000
"""Words that are laid out at a time: what bounds the memory of writing."""
DENSE_FROM = 4096
"""Segments with fewer articles have neither dense terms nor kept prefixes."""


_MOST_TIMES, _MOST_IN_TITLE = 63, 3
"""What a code can say."""
_LONGEST_BEGINNING = 12
"""Bytes of three characters."""
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


_KINDS: dict[str, type[np.generic]] = {
    "documents": np.uint16,
    "codes": np.uint8,
    "places": np.uint16,
    "odd_times": np.uint32,
}
"""Of the arrays of a field; those not here hold numbers of postings and places."""


class _Field:
    """The postings of a field, gathered a stretch of terms at a time."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self.postings = self.places = 0
        self._gathered: dict[str, Growing] = {}

    def take(
        self, stretch: Postings, title_lengths: Array | None, *, placed: bool = True
    ) -> Postings:
        """Take in terms that sort after those before; `title_lengths` where titles count apart.

        Without `placed` the places of words are not kept. The part that stands in titles is given
        back.
        """
        keys = stretch.keys
        pairs = keys >> np.uint64(16)
        differs = np.ones(len(pairs), bool)
        np.not_equal(pairs[1:], pairs[:-1], out=differs[1:])
        first = np.flatnonzero(differs)
        ends = np.append(first, len(keys))
        times = np.diff(ends)
        held = pairs[first]
        documents = held.astype(np.uint16)
        in_title, titled = np.zeros(len(times), np.uint32), keys[:0]
        codes = np.minimum(times, ODD).astype(np.uint8)
        codes[codes > _MOST_TIMES] = ODD
        if title_lengths is not None and len(first):
            # Those in the title come first.
            begun = keys[first].astype(np.uint16) < title_lengths[documents]
            some = np.flatnonzero(begun)
            titled, counts = _in_titles(keys, first[some], times[some], title_lengths)
            in_title[some] = counts
            code = counts * 64 + times[some]
            odd = (codes[some] == ODD) | (counts > _MOST_IN_TITLE) | (code >= ODD)
            codes[some] = np.where(odd, ODD, code)
        odd = np.flatnonzero(codes == ODD)
        sizes = np.bincount((held >> np.uint64(16)).astype(np.int64), minlength=len(stretch.terms))
        begins = np.cumsum(sizes) - sizes
        self._add("documents", documents)
        self._add("codes", codes)
        self._add("odd", odd + self.postings)
        self._add("odd_times", np.stack((times[odd], in_title[odd]), axis=1))
        self._add("posting_at", begins + self.postings)
        if placed:
            self._add("places", keys.astype(np.uint16))
        self._add("place_at", (ends[begins] if placed else np.zeros_like(begins)) + self.places)
        self.terms += stretch.terms
        self.postings += len(documents)
        self.places += len(keys) if placed else 0
        return _alone(stretch.terms, titled)

    def _add(self, name: str, part: Array) -> None:
        self.gathered(name).extend(part.reshape(-1))

    def gathered(self, name: str) -> Growing:
        """One of the arrays, all stretches together, to be put to those of other fields."""
        return self._gathered.setdefault(name, Growing(_KINDS.get(name, np.int64)))

    def whole(self, name: str) -> Array:
        """One of the arrays, all stretches together."""
        return self.gathered(name).whole


def _in_titles(
    keys: Array, begins: Array, times: Array, title_lengths: Array
) -> tuple[Array, Array]:
    """The keys that stand in titles, of postings of `times` keys; and how many of each do."""
    before = np.cumsum(times) - times
    at = np.arange(int(times.sum())) + np.repeat(begins - before, times)
    some = keys[at]
    articles = (some >> np.uint64(16)).astype(np.uint16)
    within = some.astype(np.uint16) < title_lengths[articles]
    counts = np.add.reduceat(within, before, dtype=np.int64) if len(times) else times
    return some[within], counts


def _alone(terms: list[bytes], keys: Array) -> Postings:
    """Postings of those of the terms that are used."""
    numbers = keys >> np.uint64(32)
    differs = np.ones(len(keys), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=differs[1:])
    used = numbers[differs].tolist()
    ranks = np.cumsum(differs).astype(np.uint64) - np.uint64(1)
    keys = (ranks << np.uint64(32)) | (keys & np.uint64(0xFFFFFFFF))
    return Postings([terms[number] for number in used], keys)


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
            titled = gathered[name].take(stretch, titles, placed=name != "names")
            if name == "text":
                gathered["title"].take(titled, None)
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
    arrays["letters"], arrays["spelled"] = letters_of(arrays["texts"].tobytes())
    _add_shared(header, arrays, list(shared()))
    for name in ("keys", "days", "languages", "sources", "lengths", "title_lengths"):
        arrays[name] = getattr(columns, name)
    form.write(path, header, arrays)


def _joined(fields: list[_Field]) -> tuple[dict[str, Array], Array]:
    """The arrays of all fields, one after another, and the article of each posting."""
    posting_at, place_at, odd = [], [], []
    postings = places = 0
    for field in fields:
        posting_at.append(field.whole("posting_at") + postings)
        place_at.append(field.whole("place_at") + places)
        odd.append(field.whole("odd") + postings)
        postings += field.postings
        places += field.places
    posting_at.append(np.array([postings]))
    place_at.append(np.array([places]))
    lines = [term + b"\n" for field in fields for term in field.terms]
    sizes = np.fromiter(map(len, lines), np.int64, len(lines))

    def together(name: str) -> Array:
        # Put behind the first field's, which is the largest by far: it is never there twice.
        found, *others = (field.gathered(name) for field in fields)
        for other in others:
            found.extend(other.whole)
        return found.whole

    arrays: dict[str, Array] = {
        "texts": np.frombuffer(b"".join(lines), np.uint8),
        "text_at": np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32),
        "posting_at": np.concatenate(posting_at).astype(np.uint32),
        "place_at": np.concatenate(place_at).astype(np.uint32),
        "codes": together("codes"),
        "odd": np.concatenate(odd).astype(np.uint32),
        "odd_times": together("odd_times").reshape(-1, 2),
        "places": together("places"),
    }
    return arrays, together("documents")


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
        # Words are sorted, so those that begin alike stand together.
        for length, begins in enumerate(_alike(arrays, len(texts)), 1):
            ends = np.append(begins[1:], len(texts))
            for place in np.flatnonzero(at[ends] - at[begins] >= count).tolist():
                word = texts[begins[place]][:_LONGEST_BEGINNING].decode(errors="ignore")
                if len(word) < length:
                    continue
                held = np.zeros(count, bool)
                held[documents[at[begins[place]] : at[ends[place]]]] = True
                kept.append(word[:length])
                bits.append(np.packbits(held, bitorder="little"))
    header["prefixes"] = kept
    width = -(-count // 8)
    arrays["bits"] = np.stack(bits) if bits else np.zeros((0, width), np.uint8)


def _alike(arrays: dict[str, Array], count: int) -> Iterator[Array]:
    """Where another beginning begins among the first `count` words: of one, two, three letters."""
    at = arrays["text_at"][: count + 1].astype(np.int64)
    sizes = np.diff(at) - 1
    letters = np.zeros((count, 2 * np.uint64().itemsize), np.uint8)
    number = np.zeros(count, np.int8)
    numbers = np.empty((count, _LONGEST_BEGINNING), np.int8)
    for place in range(_LONGEST_BEGINNING):
        chosen = np.flatnonzero(sizes > place)
        letters[chosen, place] = arrays["texts"][at[chosen] + place]
        number += letters[:, place] & 0xC0 != 0x80
        numbers[:, place] = number
    for length in (1, 2, 3):
        begun = letters.copy()
        begun[:, :_LONGEST_BEGINNING][numbers > length] = 0
        words = begun.view(np.uint64)
        differs = np.ones(count, bool)
        differs[1:] = (words[1:] != words[:-1]).any(axis=1)
        yield np.flatnonzero(differs)


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
