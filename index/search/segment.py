"""The format of a segment: up to 65,536 articles as arrays in one file, read by memory map.

    magic · length and CRC-32 of the header · header (JSON) · arrays, each at a multiple of 64 bytes

Articles are numbered in the order of their day, then key; undated ones come first. Terms are
sorted within their field. T is the number of terms, n of articles, p of postings:

    texts, text_at [T+1]    the terms in UTF-8, a line each, and where each begins
    posting_at [T+1]        the first posting of each term
    sparse_at [T+1], docs   the articles of each posting, ascending; none here for a dense term
    codes [p]               how often the term stands in the article: see `TIMES`
    odd, odd_times [., 2]   the postings whose code is `ODD`, and their counts in all and in titles
    place_at [T+1], places  word positions, by posting; those of a body begin after the title's;
                            none for names
    shared                  pairs of the hash of a key and the number of a word: see `forms`
    dense, rows [., n]      words of at least an eighth of the articles: BM25 impacts
    bits                    for each of the header's `prefixes`: which articles hold such a word
    backwards               terms of the field `text`, ordered by their letters from the last
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

Array = npt.NDArray[Any]

FULL = 65_536
"""Articles that fit a segment: their numbers are 16-bit."""
MAGIC = b"NRSEG\x04\r\n"
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
_HEAD = struct.Struct("<8sII")
_ALIGN = 64
_SAMPLE = 64


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
        self.signatures: dict[str, Array] = {}
        """Filled by `lexicon` when a badly misspelt word is looked for."""

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
        self._text_at = memoryview(self.text_at.data)
        self.posting_at = self._array("posting_at")
        self.sparse_at = self._array("sparse_at")
        self.place_at = self._array("place_at")
        self.docs = self._array("docs")
        self.codes = self._array("codes")
        self.odd = self._array("odd")
        self.odd_times = self._array("odd_times")
        self.places = self._array("places")
        self.dense = {term: row for row, term in enumerate(self._array("dense").tolist())}
        self.dense_terms = self._array("dense")
        self.rows = self._array("rows")
        self.bits = self._array("bits")
        self.backwards = self._array("backwards")
        self.shared = self._array("shared")
        self._shared = memoryview(self.shared.data)
        self.keys = self._array("keys")
        self.days = self._array("days")
        self.languages = self._array("languages")
        self.sources = self._array("sources")
        self.lengths = self._array("lengths")
        self.title_lengths = self._array("title_lengths")
        self._samples = {
            field: [self.text(term) for term in range(first, last, _SAMPLE)]
            for field, (first, last) in self.fields.items()
        }

    def verify(self) -> None:
        """Compare every array with its checksum. Raises CorruptError."""
        for name, (_, _, _, crc) in self._arrays.items():
            if zlib.crc32(np.ascontiguousarray(self._array(name)).data) != crc:
                raise CorruptError(f"{self.path.name}: {name}")

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

    def raw_texts(self, first: int, last: int) -> bytes:
        """The terms [first, last), a line each."""
        at = self._texts_at
        return self._map[at + self._text_at[first] : at + self._text_at[last]]

    def seek(self, field: str, letters: bytes) -> int:
        """The first term of the field that does not sort before `letters`."""
        first, last = self.fields[field]
        sample = bisect.bisect_left(self._samples[field], letters)
        low = first + max(sample - 1, 0) * _SAMPLE
        high = min(first + sample * _SAMPLE, last)
        while low < high:
            middle = (low + high) // 2
            if self.text(middle) < letters:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, field: str, letters: bytes) -> int:
        """The number of a term, -1 where the segment has it not."""
        term = self.seek(field, letters)
        if term < self.fields[field][1] and self.text(term) == letters:
            return term
        return -1

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
        return int(self.posting_at[term + 1]) - int(self.posting_at[term])

    def row(self, term: int) -> Array | None:
        """The impacts of a dense term, one an article (0: not in it), or None."""
        place = self.dense.get(term)
        return None if place is None else self.rows[place]

    def documents_of(self, term: int) -> Array:
        """The articles that hold the term, ascending."""
        row = self.row(term)
        if row is not None:
            # Looking for truth is several times faster than looking for numbers.
            return np.flatnonzero(row != 0)
        return self.docs[int(self.sparse_at[term]) : int(self.sparse_at[term + 1])]

    def times(self, term: int, chosen: Array | None = None) -> tuple[Array, Array]:
        """How often the term stands in each of its articles, and how often in their titles.

        `chosen` picks postings by their place in `documents_of(term)`.
        """
        first, last = int(self.posting_at[term]), int(self.posting_at[term + 1])
        codes = self.codes[first:last]
        if chosen is not None:
            codes = codes[chosen]
        times, titles = TIMES[codes].astype(np.int64), TITLE_TIMES[codes].astype(np.int64)
        if len(self.odd):
            odd = np.flatnonzero(codes == ODD)
            if len(odd):
                postings = first + (odd if chosen is None else np.asarray(chosen)[odd])
                exact = self.odd_times[np.searchsorted(self.odd, postings)]
                times[odd], titles[odd] = exact[:, 0], exact[:, 1]
        return times, titles

    def documents_between(self, first: int, last: int) -> Array:
        """The articles of the postings of the terms [first, last), term after term."""
        begin, end = int(self.sparse_at[first]), int(self.sparse_at[last])
        low, high = np.searchsorted(self.dense_terms, (first, last))
        if low == high:
            return self.docs[begin:end]
        frequencies: Array = np.diff(self.posting_at[first : last + 1].astype(np.int64))
        is_dense = np.zeros(last - first, bool)
        is_dense[self.dense_terms[low:high].astype(np.int64) - first] = True
        of_dense = np.repeat(is_dense, frequencies)
        documents = np.empty(len(of_dense), np.int64)
        documents[~of_dense] = self.docs[begin:end]
        documents[of_dense] = np.nonzero(self.rows[low:high] != 0)[1]
        return documents

    def all_times(self, first: int, last: int) -> tuple[Array, Array]:
        """How often the terms of the postings [first, last) stand in their articles; in titles."""
        codes = self.codes[first:last]
        times, titles = TIMES[codes].astype(np.int64), TITLE_TIMES[codes].astype(np.int64)
        begin, end = np.searchsorted(self.odd, (first, last))
        odd = self.odd[begin:end].astype(np.int64) - first
        times[odd], titles[odd] = self.odd_times[begin:end, 0], self.odd_times[begin:end, 1]
        return times, titles

    def holders(self, prefix: bytes) -> Array | None:
        """Which articles hold a word of `text` with this prefix (a mask), where that is kept."""
        place = self.prefixes.get(prefix)
        if place is None:
            return None
        return np.unpackbits(self.bits[place], count=self.documents, bitorder="little").view(bool)
