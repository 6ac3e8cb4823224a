"""Our segments as Whoosh sees them, so that any Whoosh query runs over them on Whoosh's searcher.

Words of `body` are those of `text` that do not all stand in the title; their rarity is that of the
word in `text`. Words of `title_words` are those of `title`, with the places they have in `text`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh import fields, formats, scoring
from whoosh.analysis import Analyzer, Token
from whoosh.codec import base
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.search import lexicon
from index.search.analysis import terms
from index.search.scoring import K1, TITLE_WEIGHT, impacts, rarity
from index.search.segment import FIELDS, Array, Segment

NAME = "MAIN"
SUFFIX = ".seg"
_STORED = {"body": "text", "title_words": "text"}
_MEASURED = {"names": "text", "title_words": "title"}
FIELD_NAMES = (*FIELDS, *_STORED)


def stored_in(field: str) -> str:
    """The field of a segment that holds the postings of a field of queries."""
    return _STORED.get(field, field)


def measured(field: str) -> str:
    """The field whose length counts for one of queries."""
    return _MEASURED.get(field, field)


def weighed(field: str, times: Array, in_title: Array) -> Array:
    """What a term weighs that stands so often in an article, and so often in its title."""
    weights = times
    match measured(field):
        case "text":
            weights = times + (TITLE_WEIGHT - 1) * in_title
        case "body":
            weights = times - in_title
        case "title" if field == "title_words":
            weights = in_title
    return weights


def postings(segment: Segment, field: str, term: int) -> tuple[Array, Array]:
    """The articles that hold the term in `field`, and its weight in each."""
    documents = segment.documents_of(term)
    codes = segment.codes_of(term, documents)
    weights = weighed(field, *segment.counted(term, documents, codes))
    if field in _STORED:
        return documents[weights > 0], weights[weights > 0]
    return documents, weights


def lengths(segment: Segment, field: str) -> Array:
    """The length of each article's `field`, as scores count it."""
    titles = segment.title_lengths.astype(np.int64)
    match measured(field):
        case "text":
            return segment.lengths + (TITLE_WEIGHT - 1) * titles
        case "title":
            return titles
        case "body":
            return segment.lengths - titles
    return np.ones(segment.documents, np.int64)


def total_length(segment: Segment, field: str) -> int:
    """The sum of `lengths`."""
    text, title = segment.totals["text"], segment.totals["title"]
    match measured(field):
        case "text":
            return text + (TITLE_WEIGHT - 1) * title
        case "title":
            return title
        case "body":
            return text - title
    return segment.documents


class _Words(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Our analysis, as Whoosh wants to call it."""

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[Token]:
        token = Token(positions=positions)
        for position, word in enumerate(terms(value)):
            token.text = word.text
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token


def schema() -> fields.Schema:
    """The fields that queries may name."""
    words = _Words()
    made = {}
    for name in FIELD_NAMES:
        made[name] = fields.TEXT(analyzer=words, phrase=True)
        made[name].format = formats.Positions()
    return fields.Schema(**made)


class ArraySegment(base.Segment):  # type: ignore[misc]
    """A segment of the index: its file, opened, and which of its articles are deleted."""

    def __init__(self, opened: Segment, identity: str, alive: Array | None = None) -> None:
        super().__init__(NAME)
        self.segid = identity
        self.opened = opened
        self.alive = alive
        """A mask, or None while nothing is deleted."""

    def codec(self) -> "ArrayCodec":
        """What reads it."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Articles, deleted ones too."""
        return self.opened.documents

    def deleted_count(self) -> int:
        """Articles deleted."""
        return 0 if self.alive is None else int(np.count_nonzero(~self.alive))

    def deleted_docs(self) -> list[int]:
        """The numbers of those deleted."""
        found: list[int] = [] if self.alive is None else np.flatnonzero(~self.alive).tolist()
        return found

    def is_deleted(self, document: int) -> bool:
        """Whether an article is deleted."""
        # Whoosh also asks about the one behind the last.
        alive = self.alive
        return alive is not None and document < len(alive) and not alive[document]

    def delete_document(self, document: int, delete: bool = True) -> None:
        """Not here: entries are deleted by their keys, in a commit."""
        raise NotImplementedError


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads our segments; they are written by `build`, a whole one at a time."""

    def per_document_reader(self, storage: object, segment: ArraySegment) -> "_Documents":
        """Lengths, counts and deletions."""
        return _Documents(segment)

    def terms_reader(self, storage: object, segment: ArraySegment) -> "_Terms":
        """Terms and their postings."""
        return _Terms(segment.opened)

    def automata(self, storage: object, segment: ArraySegment) -> "_Neighbours":
        """Finds words that are nearly alike."""
        return _Neighbours(segment.opened)

    def per_document_writer(self, storage: object, segment: object) -> None:
        """Not here: see `build`."""
        raise NotImplementedError

    def field_writer(self, storage: object, segment: object) -> None:
        """Not here: see `build`."""
        raise NotImplementedError

    def postings_writer(self, dbfile: object, byteids: bool = False) -> None:
        """Not here: see `build`."""
        raise NotImplementedError

    def postings_reader(self, *_: object, **__: object) -> None:
        """Not here: see `build`."""
        raise NotImplementedError

    def new_segment(self, storage: object, indexname: str) -> None:
        """Not here: see `build`."""
        raise NotImplementedError


class _Neighbours(base.Automata):  # type: ignore[misc]
    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def terms_within(
        self, cursor: "_Cursor", word: str, most: int, prefix: int = 0
    ) -> Iterator[str]:
        for term in lexicon.neighbours(self.segment, cursor.field, word, most):
            found = self.segment.text(term).decode()
            if found[:prefix] == word[:prefix]:
                yield found


class _Matcher(ListMatcher):  # type: ignore[misc]
    """The postings of one term; the places of words are read when they are asked for."""

    segment: Segment
    number: int
    field: str

    def copy(self) -> "_Matcher":
        copied: _Matcher = super().copy()
        copied.segment, copied.number, copied.field = self.segment, self.number, self.field
        return copied

    def supports(self, kind: str) -> bool:
        return kind in ("positions", "frequency")

    def value_as(self, kind: str) -> Any:  # noqa: ANN401
        if kind == "frequency":
            return int(self._weights[self._i])
        segment, document = self.segment, self._ids[self._i]
        holders = segment.documents_of(self.number)
        before = int(holders.searchsorted(document))
        codes = segment.codes_of(self.number, holders)
        times = segment.counted(self.number, holders, codes)[0]
        begin = int(segment.place_at[self.number]) + int(times[:before].sum())
        end = begin + int(times[before])
        places: list[int] = segment.places[begin:end].tolist()
        if self.field == "body":
            title = int(segment.title_lengths[document])
            places = [place for place in places if place >= title]
        return places

    def replace(self, minquality: float = 0) -> "_Matcher | NullMatcher":
        return self if self.is_active() else NullMatcher()


class _Terms(base.TermsReader):  # type: ignore[misc]
    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def _find(self, field: str, letters: bytes) -> int:
        number = self.segment.find(stored_in(field), letters)
        if number < 0:
            raise TermNotFound((field, letters))
        return number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, letters = term
        return field in FIELD_NAMES and self.segment.find(stored_in(field), letters) >= 0

    def indexed_field_names(self) -> list[str]:
        return list(FIELD_NAMES)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(FIELD_NAMES):
            yield from self.terms_from(field, b"")

    def terms_from(self, field: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        _, last = self.segment.fields[stored_in(field)]
        for number in range(self.segment.seek(stored_in(field), prefix), last):
            yield field, self.segment.text(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for field, letters in self.terms():
            yield (field, letters), self.term_info(field, letters)

    def items_from(self, field: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for _, letters in self.terms_from(field, prefix):
            yield (field, letters), self.term_info(field, letters)

    def cursor(self, field: str, kind: object) -> "_Cursor":
        return _Cursor(self.segment, field)

    def term_info(self, field: str, letters: bytes) -> TermInfo:
        number = self._find(field, letters)
        documents, weights = postings(self.segment, field, number)
        found = lengths(self.segment, field)[documents]
        return TermInfo(
            weight=float(weights.sum()),
            df=self.segment.frequency(number),
            minlength=int(found.min(initial=1)),
            maxlength=int(found.max(initial=1)),
            maxweight=float(weights.max(initial=0)),
            minid=int(documents[0]) if len(documents) else 0,
            maxid=int(documents[-1]) if len(documents) else 0,
        )

    def frequency(self, field: str, letters: bytes) -> float:
        weight: float = self.term_info(field, letters).weight()
        return weight

    def doc_frequency(self, field: str, letters: bytes) -> int:
        number = self.segment.find(stored_in(field), letters)
        return 0 if number < 0 else self.segment.frequency(number)

    def matcher(
        self, field: str, letters: bytes, kind: object, scorer: "_Scorer | None" = None
    ) -> "_Matcher | NullMatcher":
        number = self._find(field, letters)
        documents, weights = postings(self.segment, field, number)
        if not len(documents):
            return NullMatcher()
        found = _Matcher(
            documents.tolist(),
            weights.astype(float).tolist(),
            None,
            kind,
            scorer,
            term=(field, letters),
            terminfo=None,
        )
        found.segment, found.number, found.field = self.segment, number, field
        return found


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    def __init__(self, segment: Segment, field: str) -> None:
        self.segment = segment
        self.field = stored_in(field)
        self.at, self.end = segment.fields[self.field]

    def first(self) -> str | None:
        self.at = self.segment.fields[self.field][0]
        return self.text()

    def find(self, text: str | bytes) -> str | None:
        letters = text if isinstance(text, bytes) else text.encode()
        self.at = self.segment.seek(self.field, letters)
        return self.text()

    def next(self) -> str | None:
        self.at += 1
        return self.text()

    def text(self) -> str | None:
        return self.segment.text(self.at).decode() if self.is_valid() else None

    def term(self) -> str | None:
        return self.text()

    def is_valid(self) -> bool:
        return self.at < self.end


class _Documents(base.PerDocumentReader):  # type: ignore[misc]
    def __init__(self, segment: ArraySegment) -> None:
        self.segment = segment
        self._lengths: dict[str, list[int]] = {}

    def doc_count(self) -> int:
        count: int = self.segment.doc_count()
        return count

    def doc_count_all(self) -> int:
        return self.segment.doc_count_all()

    def has_deletions(self) -> bool:
        return self.segment.deleted_count() > 0

    def is_deleted(self, document: int) -> bool:
        return self.segment.is_deleted(document)

    def deleted_docs(self) -> list[int]:
        return self.segment.deleted_docs()

    def supports_columns(self) -> bool:
        return False

    def has_column(self, field: str) -> bool:
        return False

    def doc_field_length(self, document: int, field: str, default: int = 0) -> int:
        if field not in self._lengths:
            self._lengths[field] = lengths(self.segment.opened, field).tolist()
        return self._lengths[field][document]

    def field_length(self, field: str) -> int:
        return total_length(self.segment.opened, field)

    def min_field_length(self, field: str) -> int:
        return int(lengths(self.segment.opened, field).min(initial=0))

    def max_field_length(self, field: str) -> int:
        return int(lengths(self.segment.opened, field).max(initial=0))

    def stored_fields(self, document: int) -> dict[str, int]:
        return {}


class Weighting(scoring.WeightingModel):  # type: ignore[misc]
    """BM25F with the statistics of the whole index.

    Whoosh's own divides the length of the whole by the number of articles in one segment.
    """

    def scorer(self, searcher: Any, field: str, letters: bytes, qf: int = 1) -> "_Scorer":  # noqa: ANN401
        """How one term scores."""
        whole = searcher.get_parent()
        count = whole.doc_count_all()
        return _Scorer(
            searcher.reader(),
            field,
            rarity(count, whole.doc_frequency(field, letters)),
            whole.field_length(field) / count if count else 1.0,
        )


class _Scorer(scoring.BaseScorer):  # type: ignore[misc]
    def __init__(self, reader: Any, field: str, rare: float, average: float) -> None:  # noqa: ANN401
        self.reader = reader
        self.field = field
        self.factor = rare * (K1 + 1)
        self.average = average or 1.0

    def score(self, matcher: _Matcher) -> float:
        length = self.reader.doc_field_length(matcher.id(), self.field)
        impact = impacts(np.array(matcher.weight()), np.array(length), self.average)
        return float(self.factor * impact)
