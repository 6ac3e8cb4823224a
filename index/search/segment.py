"""The format of a segment: up to 65,536 articles as arrays in one file, read by memory map.

    magic · length and CRC-32 of the header · header (JSON) · arrays, each at a multiple of 64 bytes

Articles are numbered in the order of their day, then key; undated ones come first. Terms are
sorted within their field. T is the number of terms, n of articles, p of postings:

    texts, text_at [T+1]    the terms in UTF-8, a line each, and where each begins
    posting_at [T+1]        the first posting of each term
    sparse_at [T+1], docs   the articles of each posting, ascending; none here for a dense term
    codes                   how often the term stands in each of `docs`: see `TIMES`
    odd, odd_times [., 2]   the places in `codes` of `ODD`, and the counts in all and in titles
    place_at [T+1], places  word positions, by posting; those of a body begin after the title's;
                            none for names
    shared                  pairs of the hash of a key and the number of a word: see `forms`
    dense                   words of at least an eighth of the articles; of each of them
    dense_codes [., n]      the code for each article, 0 where the article has it not
    dense_odd, .._times     row<<16|article of each code that is `ODD`, and the counts
    dense_places [., n/16]  how many places the term has in the articles before each sixteenth
    rows [., n]             BM25 impacts
    reached [., 256]        how many articles have at least such an impact
    champions [., c]        articles of the highest impacts, from the highest on
    band, band_at, impacts  words of fewer articles, but many; the impacts of each
    paired                  frequent words, see `pairs`; numbered from 1 on
    pairs, pair_at, .._docs first*(words+1)+second of two that stand side by side, ascending, and
                            which articles hold them
    bits                    for each of the header's `prefixes`: which articles hold such a word
    backwards               terms of the field `text`, ordered by their letters from the last
    letters, spelled [T]    the set of each term's letters, see `spelling`, and how many they are
    keys, days, languages, sources, lengths, title_lengths [n]

Numbers are little-endian.
"""

import bisect
import json
import mmap
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.search.errors import CorruptError
from index.text.strings import stretches

Array = npt.NDArray[Any]

FULL = 65_536
"""Articles that fit a segment: their numbers are 16-bit."""
MAGIC = b"NRSEG\x08\r\n"
FIELDS = ("text", "title", "source", "author", "names")
"""`text` is title and body in one; body alone is what `text` has and `title` has not.

`names` are the words of title and body where they look like names: counted like words, without
places.
"""
UNDATED = int(np.iinfo(np.int32).min)
GAP = 100
"""Positions left free between title and body, so that no phrase spans them."""
LAST_PLACE = 65_000
"""Words further on in an article all have this position: they are found, but not in phrases."""
IN_TITLE, IN_BODY = 0, LAST_PLACE
"""Where a name counts as standing: its own place is not kept."""
ODD = 255
TIMES = np.arange(256, dtype=np.uint8) & 63
"""How often a term stands in an article, by code; `TITLE_TIMES` how often in its title."""
TITLE_TIMES = np.arange(256, dtype=np.uint8) >> 6
_BEFORE = np.where(np.arange(16) < np.arange(16)[:, None], 63, 0).astype(np.uint8)
_HEAD = struct.Struct("<8sII")
_ALIGN = 64
_SAMPLE = 64
_SHORT = 512
_DAYS = 100_000
"""Days of which the first article of each is kept in mind."""
MARKED = 6
"""So many articles of a list are marked in the time in which one is looked up."""


def write(path: Path, header: dict[str, Any], arrays: dict[str, Array]) -> None:
    """Write a segment and make sure that it is on disk."""
    listed: dict[str, list[Any]] = {}
    at = 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array)
        arrays[name] = raw
        listed[name] = [raw.dtype.str, list(raw.shape), at, zlib.crc32(raw.data)]
        at += -(-raw.nbytes // _ALIGN) * _ALIGN
    said = json.dumps({**header, "arrays": listed, "bytes": at}).encode()
    said += b" " * (-(len(said) + _HEAD.size) % _ALIGN)
    with path.open("wb") as file:
        file.write(_HEAD.pack(MAGIC, len(said), zlib.crc32(said)))
        file.write(said)
        for raw in arrays.values():
            file.write(raw.data)
            file.write(b"\0" * (-raw.nbytes % _ALIGN))
        file.flush()
        os.fsync(file.fileno())


def added_before(counts: Array, places: Array) -> Array:
    """For each of ascending `places`, no two alike, the sum of all `counts` before it."""
    if len(counts) < _SHORT:
        return (counts.cumsum(dtype=np.int64) - counts).take(places)
    before = np.zeros(len(places), np.int64)
    if len(places):
        # Stretches are added up in a tenth of the time that a sum running along takes.
        first, last = int(places[0]), int(places[-1])
        whole = counts[:last].astype(np.int64)
        before[0] = np.add.reduce(whole[:first])
        if len(places) > 1:
            np.add.reduceat(whole, places[:-1], out=before[1:])
        np.add.accumulate(before, out=before)
    return before


class Segment:
    """A segment file opened for reading. Raises CorruptError where it is not whole.

    Opening checks the header and the size; `verify` reads every byte.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise CorruptError(path.name) from error
        header = self._read_header()
        self.documents: int = header["documents"]
        self.language_names: list[str] = header["languages"]
        self.language_numbers = {name: at for at, name in enumerate(self.language_names)}
        self.source_names: list[str] = header["sources"]
        self.totals: dict[str, int] = header["totals"]
        self.error: float = header["error"]
        self.fields: dict[str, tuple[int, int]] = {
            name: (first, last) for name, (first, last) in header["fields"].items()
        }
        self.shared_bits: int = header["shared_bits"]
        self.prefixes = {prefix.encode(): row for row, prefix in enumerate(header["prefixes"])}
        self._arrays: dict[str, list[Any]] = header["arrays"]
        self._open_arrays()
        self.spoken: dict[frozenset[str], Array] = {}
        """Filled by `forms`: which articles are in some languages."""
        self.formed: dict[object, object] = {}
        """Kept by `forms`: what it found for the words asked for last."""
        self.tallied: object = None
        """Kept by `facets`: what the articles are counted by."""
        self._longest = -1
        self._odd_terms: frozenset[int] | None = None

    def _read_header(self) -> dict[str, Any]:
        try:
            magic, length, crc = _HEAD.unpack_from(self._map)
            said = self._map[_HEAD.size : _HEAD.size + length]
            if magic != MAGIC or zlib.crc32(said) != crc:
                raise CorruptError(self.path.name)
            header: dict[str, Any] = json.loads(said)
        except (struct.error, ValueError) as error:
            raise CorruptError(self.path.name) from error
        self._begin = _HEAD.size + length
        if len(self._map) != self._begin + header["bytes"]:
            raise CorruptError(self.path.name)
        return header

    def _array(self, name: str) -> Array:
        kind, shape, at, _ = self._arrays[name]
        flat: Array = np.frombuffer(
            self._map, np.dtype(kind), int(np.prod(shape)), self._begin + at
        )
        return flat.reshape(shape)

    def _open_arrays(self) -> None:
        self._texts_at = self._begin + self._arrays["texts"][2]
        self.text_at = self._array("text_at")
        self.posting_at = self._array("posting_at")
        # A single number is read from a view of memory several times faster than from an array.
        self._text_at = memoryview(self.text_at.data)
        self._posting_at = memoryview(self.posting_at.data)
        self.sparse_at = self._array("sparse_at")
        self._sparse_at = memoryview(self.sparse_at.data)
        self.place_at = self._array("place_at")
        self._place_at = memoryview(self.place_at.data)
        self.docs = self._array("docs")
        self._docs = memoryview(self.docs.data)
        self.codes = self._array("codes")
        self.odd = self._array("odd")
        self.odd_times = self._array("odd_times")
        self.has_odd = bool(self._arrays["odd"][1][0] or self._arrays["dense_odd"][1][0])
        self.places = self._array("places")
        self.dense = {term: row for row, term in enumerate(self._array("dense").tolist())}
        self.dense_terms = self._array("dense")
        self.dense_codes = self._array("dense_codes")
        self.dense_places = self._array("dense_places")
        self.dense_odd = self._array("dense_odd")
        self.dense_odd_times = self._array("dense_odd_times")
        self.rows = self._array("rows")
        self.reached = self._array("reached")
        self.champions = self._array("champions")
        self._band = memoryview(self._array("band").data)
        self._band_at = memoryview(self._array("band_at").data)
        self.impacts = self._array("impacts")
        self._ranks: dict[int, int] = {}
        self._pairs = memoryview(self._array("pairs").data)
        self._pair_at = memoryview(self._array("pair_at").data)
        self._pair_docs = self._array("pair_docs")
        self.bits = self._array("bits")
        self.backwards = self._array("backwards")
        self.letters = self._array("letters")
        self.spelled = self._array("spelled")
        self.shared = self._array("shared")
        self._shared = memoryview(self.shared.data)
        self.keys = self._array("keys")
        self.days = self._array("days")
        self._first_day = 0
        self._begins: list[int] = []
        self.languages = self._array("languages")
        self.sources = self._array("sources")
        self.lengths = self._array("lengths")
        self.title_lengths = self._array("title_lengths")
        self._samples: dict[str, tuple[list[bytes], int, int]] = {}

    def _sampled(self, field: str) -> tuple[list[bytes], int, int]:
        """Every so many of the field's terms, read in one go when first asked for; the terms."""
        known = self._samples.get(field)
        if known is not None:
            return known
        first, last = self.fields[field]
        raw, at = self._map, self._texts_at
        begins = (self.text_at[first:last:_SAMPLE].astype(np.int64) + at).tolist()
        ends = (self.text_at[first + 1 : last + 1 : _SAMPLE].astype(np.int64) + (at - 1)).tolist()
        found = [raw[begin:end] for begin, end in zip(begins, ends, strict=True)]
        self._samples[field] = found, first, last
        return found, first, last

    def first_on(self, day: int) -> int:
        """The first article of a day, or of one after it: articles are numbered by day."""
        if not self._begins:
            dated = self.days[self.days != UNDATED]
            first, last = (int(dated[0]), int(dated[-1])) if len(dated) else (0, 0)
            if last - first > _DAYS:
                return int(self.days.searchsorted(day))
            begins = self.days.searchsorted(np.arange(first, last + 2))
            self._first_day, self._begins = first, begins.tolist()
        at = day - self._first_day
        if at >= len(self._begins):
            return self.documents
        if at >= 0:
            return self._begins[at]
        return self._begins[0] if day > UNDATED else 0

    def verify(self) -> None:
        """Compare every array with its checksum. Raises CorruptError."""
        for name, (_, _, _, crc) in self._arrays.items():
            if zlib.crc32(np.ascontiguousarray(self._array(name)).data) != crc:
                raise CorruptError(f"{self.path.name}: {name}")

    @property
    def has_long(self) -> bool:
        """Whether any article is so long that its last words have no places of their own."""
        if self._longest < 0:
            self._longest = int(self.lengths.max(initial=0))
        return self._longest + GAP >= LAST_PLACE

    @property
    def odd_terms(self) -> frozenset[int]:
        """The terms of which any code is `ODD`."""
        if self._odd_terms is None:
            found = set((self.sparse_at.searchsorted(self.odd, "right") - 1).tolist())
            found.update(self.dense_terms[np.unique(self.dense_odd >> 16)].tolist())
            self._odd_terms = frozenset(found)
        return self._odd_terms

    @property
    def term_count(self) -> int:
        """Terms of all fields."""
        return len(self._text_at) - 1

    def text(self, term: int) -> bytes:
        """The letters of a term."""
        at = self._texts_at
        return self._map[at + self._text_at[term] : at + self._text_at[term + 1] - 1]

    def texts(self, first: int, last: int) -> list[bytes]:
        """The letters of the terms [first, last)."""
        if first >= last:
            return []
        at = self._texts_at
        return self._map[at + self._text_at[first] : at + self._text_at[last] - 1].split(b"\n")

    def texts_of(self, terms: Array) -> list[str]:
        """The letters of some terms: of many sooner than one by one."""
        begins = self.text_at[terms].astype(np.int64)
        sizes = self.text_at[terms + 1] - begins
        at = stretches(begins + self._texts_at, sizes)
        raw = np.frombuffer(self._map, np.uint8).take(at).tobytes()
        return raw.decode().split("\n")[:-1]

    def raw_texts(self, first: int, last: int) -> bytes:
        """The terms [first, last), a line each."""
        at = self._texts_at
        return self._map[at + self._text_at[first] : at + self._text_at[last]]

    def _block(self, field: str, letters: bytes) -> tuple[int, bytes]:
        """The terms among which the first that does not sort before `letters` is, or ends at.

        The number of the first of them, and all of them, a line each.
        """
        samples, first, last = self._sampled(field)
        sample = bisect.bisect_left(samples, letters)
        low = first + max(sample - 1, 0) * _SAMPLE
        return low, self.raw_texts(low, min(first + sample * _SAMPLE, last))

    def seek(self, field: str, letters: bytes) -> int:
        """The first term of the field that does not sort before `letters`."""
        low, block = self._block(field, letters)
        return low + bisect.bisect_left(block.split(b"\n")[:-1], letters)

    def find(self, field: str, letters: bytes) -> int:
        """The number of a term, -1 where the segment has it not."""
        samples, first, last = self._samples.get(field) or self._sampled(field)
        sample = bisect.bisect_right(samples, letters)
        if not sample:
            return -1
        low = first + (sample - 1) * _SAMPLE
        high = low + _SAMPLE
        begins, at = self._text_at, self._texts_at
        block = self._map[at + begins[low] : at + begins[high if high < last else last]]
        place = block.find(b"\n" + letters + b"\n")
        if place < 0:
            return low if block.startswith(letters + b"\n") else -1
        return low + block.count(b"\n", 0, place + 1)

    def sharing(self, hashed: int) -> list[int]:
        """The words that have the key of this hash."""
        bits = self.shared_bits
        begin = hashed >> bits << bits
        place, numbers = bisect.bisect_left(self._shared, begin), []
        while place < len(self._shared) and self._shared[place] >> bits == hashed >> bits:
            numbers.append(self._shared[place] & (2**bits - 1))
            place += 1
        return numbers

    def between(self, field: str, prefix: bytes) -> tuple[int, int]:
        """The terms [first, last) of the field that begin with `prefix`."""
        # 0xFF is in no UTF-8 text: it sorts behind all that can follow.
        return self.seek(field, prefix), self.seek(field, prefix + b"\xff")

    def frequency(self, term: int) -> int:
        """The number of articles (also deleted ones) that hold the term."""
        return self._posting_at[term + 1] - self._posting_at[term]

    def row(self, term: int) -> Array | None:
        """The impacts of a dense term, one an article (0: not in it), or None."""
        place = self.dense.get(term)
        return None if place is None else self.rows[place]

    def documents_of(self, term: int) -> Array:
        """The articles that hold the term, ascending."""
        place = self.dense.get(term)
        if place is not None:
            # Looking for truth is several times faster than looking for numbers.
            return np.flatnonzero(self.dense_codes[place] != 0)
        return self.docs[self._sparse_at[term] : self._sparse_at[term + 1]]

    def postings_of(self, term: int) -> tuple[Array, Array]:
        """The articles that hold the term, ascending, and the codes."""
        if term in self.dense:
            return self.stretch_of(term, 0, self.documents)
        begin, end = self._sparse_at[term], self._sparse_at[term + 1]
        return self.docs[begin:end], self.codes[begin:end]

    def stretch_of(self, term: int, low: int, high: int) -> tuple[Array, Array]:
        """Those of the articles [low, high) that hold the term, ascending, and the codes."""
        place = self.dense.get(term)
        if place is not None:
            row = self.dense_codes[place, low:high]
            at = (row != 0).nonzero()[0]
            return at + low, row.take(at)
        begin, end = self._sparse_at[term], self._sparse_at[term + 1]
        if high - low < self.documents:
            # Numbers are compared one by one; numpy would convert the whole list.
            begin = bisect.bisect_left(self._docs, low, begin, end)
            end = bisect.bisect_left(self._docs, high, begin, end)
        return self.docs[begin:end], self.codes[begin:end]

    def codes_of(self, term: int, documents: Array) -> Array:
        """The codes of a term for all of its `documents`, as `documents_of` gives them."""
        place = self.dense.get(term)
        if place is not None:
            found: Array = self.dense_codes[place].take(documents)
            return found
        return self.codes[self._sparse_at[term] : self._sparse_at[term + 1]]

    def impacts_of(self, term: int) -> Array | None:
        """The impacts of a sparse term in all its articles, where they are kept."""
        place = bisect.bisect_left(self._band, term)
        if place == len(self._band) or self._band[place] != term:
            return None
        return self.impacts[self._band_at[place] : self._band_at[place + 1]]

    def impact_row(self, term: int) -> Array | None:
        """The impacts of a term, one an article (0: not in it), where any are kept."""
        row = self.row(term)
        if row is None:
            impacts = self.impacts_of(term)
            if impacts is not None:
                row = self.spread(self.documents_of(term), impacts)
        return row

    def spread(self, documents: Array, values: Array) -> Array:
        """A row of a byte an article with `values` at `documents`, 0 elsewhere."""
        row = np.zeros(self.documents, np.uint8)
        # Places of 64 bits are not converted one by one.
        row[documents.astype(np.int64)] = values
        return row

    def codes_in(self, term: int, documents: Array) -> Array:
        """The codes of a term for any ascending `documents`; 0 for one that does not hold it."""
        place = self.dense.get(term)
        if place is not None:
            found: Array = self.dense_codes[place].take(documents)
            return found
        begin, end = self._sparse_at[term], self._sparse_at[term + 1]
        holders = self.docs[begin:end]
        if len(documents) * MARKED > len(holders):
            return self.spread(holders, self.codes[begin:end]).take(documents)
        places = holders.searchsorted(documents)
        places[places == len(holders)] = 0
        found = self.codes[begin:end].take(places)
        found *= holders.take(places) == documents
        return found

    def counted(self, term: int, documents: Array, codes: Array) -> tuple[Array, Array]:
        """How often the term stands in each of `documents`, and how often in their titles."""
        times, titles = TIMES.take(codes).astype(np.int64), TITLE_TIMES.take(codes).astype(np.int64)
        if self.has_odd:
            odd = np.flatnonzero(codes == ODD)
            if len(odd):
                exact = self.odd_times_of(term, documents[odd])
                times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        return times, titles

    def codes_at(self, term: int, documents: Array) -> Array:
        """The codes of a term for ascending `documents`, all of which hold it."""
        found: Array
        place = self.dense.get(term)
        if place is not None:
            found = self.dense_codes[place].take(documents)
        else:
            begin, end = self._sparse_at[term], self._sparse_at[term + 1]
            found = self.codes[begin:end].take(self.docs[begin:end].searchsorted(documents))
        return found

    def places_of(self, term: int) -> Array:
        """The places of a term in all its articles, one after another."""
        return self.places[self._place_at[term] : self._place_at[term + 1]]

    def places_in(self, term: int, documents: Array) -> tuple[Array, Array]:
        """Where those of a term in some of its articles begin in `places`, and how many it has."""
        at = self._place_at[term]
        place = self.dense.get(term)
        is_odd = term in self.odd_terms
        if place is not None and not is_odd:
            # The counts of the sixteen around each, of those before it only.
            before = documents >> 4
            times = self._sixteens(place).take(before, axis=0)
            times &= _BEFORE.take(documents & 15, axis=0)
            begins = np.add.reduce(times, axis=1, dtype=np.int64)
            begins += self.dense_places[place].take(before)
            begins += at
            return begins, self.dense_codes[place].take(documents) & 63
        holders = self.documents_of(term)
        # Of one type: else every number of the longer list is converted.
        chosen = holders.searchsorted(documents.astype(holders.dtype))
        codes = self.codes_of(term, holders)
        every = self.counted(term, holders, codes)[0] if is_odd else codes & 63
        begins = added_before(every, chosen)
        begins += at
        return begins, every.take(chosen)

    def _sixteens(self, row: int) -> Array:
        """The codes of a row, sixteen articles a line; what lies behind the last is no code."""
        width = -(-self.documents // 16)
        begin = self._begin + self._arrays["dense_codes"][2] + row * self.documents
        # There is always something behind: at least the places of the same row.
        whole: Array = np.frombuffer(self._map, np.uint8, width * 16, begin)
        return whole.reshape(width, 16)

    def odd_times_of(self, term: int, documents: Array) -> Array:
        """The counts, in all and in titles, of a term in articles for which its code is `ODD`."""
        place = self.dense.get(term)
        if place is not None:
            keys = documents.astype(np.uint32) + np.uint32(place << 16)
            return self.dense_odd_times[self.dense_odd.searchsorted(keys)]
        begin, end = self._sparse_at[term], self._sparse_at[term + 1]
        postings = begin + self.docs[begin:end].searchsorted(documents)
        return self.odd_times[self.odd.searchsorted(postings)]

    def documents_between(self, first: int, last: int) -> Array:
        """The articles of the postings of the terms [first, last), in no order."""
        low, high = self.dense_terms.searchsorted((first, last)).tolist()
        sparse = self.docs[self._sparse_at[first] : self._sparse_at[last]]
        if low == high:
            return sparse
        return np.concatenate((sparse, np.nonzero(self.dense_codes[low:high].any(axis=0))[0]))

    def postings_between(self, first: int, last: int) -> tuple[Array, Array, Array]:
        """The articles of the terms [first, last), term after term, with times and title times."""
        begin, end = self._sparse_at[first], self._sparse_at[last]
        documents: Array = self.docs[begin:end]
        times, titles = self._sparse_times(begin, end)
        low, high = self.dense_terms.searchsorted((first, last)).tolist()
        if low == high:
            return documents, times, titles
        frequencies: Array = np.diff(self.posting_at[first : last + 1].astype(np.int64))
        is_dense = np.zeros(last - first, bool)
        is_dense[self.dense_terms[low:high].astype(np.int64) - first] = True
        of_dense = np.repeat(is_dense, frequencies)
        whole = []
        for sparse, dense in zip(
            (documents, times, titles), self._dense_between(low, high), strict=True
        ):
            joined = np.empty(len(of_dense), np.int64)
            joined[~of_dense] = sparse
            joined[of_dense] = dense
            whole.append(joined)
        return whole[0], whole[1], whole[2]

    def times_at(self, places: Array) -> tuple[Array, Array]:
        """The counts, in all and in titles, at `places` of `docs`."""
        codes = self.codes.take(places)
        times, titles = TIMES.take(codes).astype(np.int64), TITLE_TIMES.take(codes).astype(np.int64)
        if len(self.odd):
            odd = np.flatnonzero(codes == ODD)
            exact = self.odd_times[self.odd.searchsorted(places[odd])]
            times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        return times, titles

    def _sparse_times(self, begin: int, end: int) -> tuple[Array, Array]:
        codes = self.codes[begin:end]
        times, titles = TIMES.take(codes).astype(np.int64), TITLE_TIMES.take(codes).astype(np.int64)
        low, high = self.odd.searchsorted((begin, end)).tolist()
        odd = self.odd[low:high].astype(np.int64) - begin
        times[odd], titles[odd] = self.odd_times[low:high, 0], self.odd_times[low:high, 1]
        return times, titles

    def _dense_between(self, low: int, high: int) -> tuple[Array, Array, Array]:
        rows, documents = np.nonzero(self.dense_codes[low:high] != 0)
        codes = self.dense_codes[low:high][rows, documents]
        times, titles = TIMES.take(codes).astype(np.int64), TITLE_TIMES.take(codes).astype(np.int64)
        odd = np.flatnonzero(codes == ODD)
        keys = ((rows[odd] + low) << 16) | documents[odd]
        exact = self.dense_odd_times[self.dense_odd.searchsorted(keys)]
        times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        return documents, times, titles

    def _ranked(self) -> dict[int, int]:
        """The number of each term among those that are paired."""
        terms = self._array("paired").tolist()
        self._ranks = {term: rank for rank, term in enumerate(terms, 1)}
        return self._ranks

    def side_by_side(self, first: int, second: int) -> Array | None:
        """The articles in which `second` stands right behind `first`, where that is kept."""
        ranks = self._ranks or self._ranked()
        before, behind = ranks.get(first), ranks.get(second)
        if before is None or behind is None:
            return None
        pair = before * (len(ranks) + 1) + behind
        place = bisect.bisect_left(self._pairs, pair)
        if place == len(self._pairs) or self._pairs[place] != pair:
            return self._pair_docs[:0]
        return self._pair_docs[self._pair_at[place] : self._pair_at[place + 1]]

    def holders(self, prefix: bytes) -> Array | None:
        """Which articles hold a word of `text` with this prefix (a mask), where that is kept."""
        place = self.prefixes.get(prefix)
        if place is None:
            return None
        return np.unpackbits(self.bits[place], count=self.documents, bitorder="little").view(bool)
