"""Filters as Whoosh queries: they know their articles by the columns of a segment."""

from array import array
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
from whoosh import query
from whoosh.matching import ConstantScoreWrapperMatcher, ListMatcher, NullMatcher

from index.search.segment import UNDATED, Array, Segment

_EPOCH = date(1970, 1, 1).toordinal()
_LAST = int(np.iinfo(np.int32).max)


class Filter(query.Query):  # type: ignore[misc]  # Whoosh has no types
    """Articles chosen by something other than words; they score nothing."""

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        raise NotImplementedError

    def among(self, segment: Segment, documents: Array) -> Array:
        """For each of ascending `documents` of the segment whether it is chosen."""
        chosen: Array = self.mask(segment).take(documents)
        return chosen

    def matcher(self, searcher: Any, context: object = None) -> Any:  # noqa: ANN401
        """What Whoosh's own searcher walks along."""
        part = searcher.reader().segment()
        mask = self.mask(part.opened)
        # Whoosh expects that no matcher names what is deleted.
        chosen = np.flatnonzero(mask if part.alive is None else mask & part.alive).tolist()
        if not chosen:
            return NullMatcher()
        return ConstantScoreWrapperMatcher(ListMatcher(chosen), 0.0)

    def estimate_size(self, reader: Any) -> int:  # noqa: ANN401
        """How many it finds at most."""
        count: int = reader.doc_count_all()
        return count

    def estimate_min_size(self, reader: object) -> int:
        """How many it finds at least."""
        return 0

    def is_leaf(self) -> bool:
        """There is nothing below."""
        return True


class Flat(query.WrappingQuery):  # type: ignore[misc]
    """What another query finds, all of it worth the same.

    Whoosh's own constant score takes 0 for 1, and scores a prefix now by its words, now not.
    """

    def __init__(self, child: query.Query, score: float = 0.0) -> None:
        super().__init__(child)
        self.score = score

    def matcher(self, searcher: Any, context: object = None) -> Any:  # noqa: ANN401
        """What Whoosh's own searcher walks along."""
        return ConstantScoreWrapperMatcher(self.child.matcher(searcher, context), self.score)


class Without(query.WrappingQuery):  # type: ignore[misc]
    """All that another query does not find, worth nothing.

    Whoosh's own Not may name deleted articles, which a Not around it then takes for found.
    """

    def matcher(self, searcher: Any, context: object = None) -> Any:  # noqa: ANN401
        """What Whoosh's own searcher walks along."""
        refused = self.child.matcher(searcher, searcher.boolean_context())
        gone = set(refused.all_ids()) if refused.is_active() else set()
        left = [document for document in searcher.reader().all_doc_ids() if document not in gone]
        return ConstantScoreWrapperMatcher(ListMatcher(left), 0.0) if left else NullMatcher()


class InLanguage(Filter):
    """Articles of one language."""

    def __init__(self, code: str) -> None:
        self.code = code

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        if self.code not in segment.language_names:
            return np.zeros(segment.documents, bool)
        found: Array = segment.languages == segment.language_names.index(self.code)
        return found

    def among(self, segment: Segment, documents: Array) -> Array:
        """For each of ascending `documents` of the segment whether it is chosen."""
        if self.code not in segment.language_names:
            return np.zeros(len(documents), bool)
        number = segment.language_names.index(self.code)
        chosen: Array = segment.languages.take(documents) == number
        return chosen


class OfSource(Filter):
    """Articles of exactly this source; "" is an unknown one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        if self.name not in segment.source_names:
            return np.zeros(segment.documents, bool)
        found: Array = segment.sources == segment.source_names.index(self.name)
        return found


class OfDays(Filter):
    """Articles from the day `start` to `end`; without both, all that have a day."""

    def __init__(self, start: date | None, end: date | None) -> None:
        self.first = start.toordinal() - _EPOCH if start else UNDATED + 1
        self.last = end.toordinal() - _EPOCH if end else _LAST

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        begin, end = self.stretch(segment)
        found = np.zeros(segment.documents, bool)
        found[begin:end] = True
        return found

    def stretch(self, segment: Segment) -> tuple[int, int]:
        """The articles [begin, end): they are numbered by day."""
        begin = segment.first_on(self.first)
        return begin, max(segment.first_on(self.last + 1), begin)


def stretch_of_days(days: Sequence[OfDays], segment: Segment) -> tuple[int, int]:
    """The articles [begin, end) that all of `days` choose."""
    low, high = 0, segment.documents
    for one in days:
        begin, end = one.stretch(segment)
        low, high = max(low, begin), min(high, end)
    return low, max(high, low)


class WithoutDay(Filter):
    """Articles that have no day."""

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        found: Array = segment.days == UNDATED
        return found


class WithKeys(Filter):
    """Articles whose keys are in a set that is asked for once."""

    def __init__(self, ask: Callable[[], Collection[int]]) -> None:
        self._ask = ask
        self._keys: Array | None = None

    def mask(self, segment: Segment) -> Array:
        """Which articles of the segment are chosen."""
        if self._keys is None:
            keys = self._ask()
            given = keys if isinstance(keys, array) else list(keys)
            self._keys = np.sort(np.array(given, np.int64))
        if not len(self._keys):
            return np.zeros(segment.documents, bool)
        places = np.searchsorted(self._keys, segment.keys)
        places[places == len(self._keys)] = 0
        found: Array = self._keys[places] == segment.keys
        return found
