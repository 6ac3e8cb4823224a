"""Articles of one segment that something finds: as a list, a mask, or the codes of a term."""

from bisect import bisect_left

import numpy as np

from index.search.segment import MARKED, Array

_UNKNOWN: dict[int, Array] = {}


class Found:
    """Articles of one segment: few as an ascending list, many as a mask or as codes of a term."""

    __slots__ = ("_codes", "_count", "_mask", "codes", "documents", "impacts", "size")

    def __init__(
        self,
        size: int,
        documents: Array | None,
        mask: Array | None = None,
        codes: Array | None = None,
        count: int = -1,
    ) -> None:
        self.size = size
        """The articles of the segment."""
        self.documents = documents
        """The list, if it is one."""
        self.codes = _UNKNOWN
        """The codes of terms (by their numbers) for all of the list, as far as they were met."""
        self.impacts = _UNKNOWN
        """The impacts, likewise."""
        self._mask = mask
        self._codes = codes
        self._count = count

    @classmethod
    def listed(cls, documents: Array, size: int) -> "Found":
        """Articles in ascending order, of a segment of `size`."""
        return cls(size, documents)

    @classmethod
    def masked(cls, mask: Array) -> "Found":
        """The articles where `mask` is true."""
        return cls(len(mask), None, mask)

    @classmethod
    def coded(cls, codes: Array, count: int) -> "Found":
        """The `count` articles in which a term has a code other than 0."""
        return cls(len(codes), None, None, codes, count)

    def kept(self, chosen: Array) -> "Found":
        """Of a list those where `chosen` is true."""
        assert self.documents is not None
        places = chosen.nonzero()[0]
        found = Found(self.size, self.documents.take(places))
        if self.codes:
            found.codes = {number: codes.take(places) for number, codes in self.codes.items()}
        if self.impacts:
            found.impacts = {number: one.take(places) for number, one in self.impacts.items()}
        return found

    def between(self, begin: int, end: int) -> "Found":
        """Of a list those numbered [begin, end)."""
        assert self.documents is not None
        low, high = bounds(self.documents, begin, end)
        found = Found(self.size, self.documents[low:high])
        if self.codes:
            found.codes = {number: codes[low:high] for number, codes in self.codes.items()}
        if self.impacts:
            found.impacts = {number: one[low:high] for number, one in self.impacts.items()}
        return found

    def as_list(self) -> Array:
        """The articles in ascending order."""
        if self.documents is None:
            self.documents = self.as_mask().nonzero()[0]
        return self.documents

    def as_mask(self) -> Array:
        """One truth value an article."""
        if self._mask is None:
            if self._codes is not None:
                self._mask = self._codes != 0
            else:
                assert self.documents is not None, "what is neither mask nor codes is a list"
                self._mask = np.zeros(self.size, bool)
                self._mask[self.documents.astype(np.int64)] = True
        return self._mask

    def within(self, begin: int, end: int) -> Array:
        """Those in [begin, end), ascending."""
        codes = self._codes
        mask = self.as_mask()[begin:end] if codes is None else codes[begin:end] != 0
        chosen: Array = mask.nonzero()[0] + begin
        return chosen

    def holds(self, documents: Array) -> Array:
        """For each of ascending `documents` whether it is found."""
        held: Array
        if self._mask is not None or self._codes is not None:
            held = self.as_mask().take(documents)
        elif not len(self.as_list()):
            held = np.zeros(len(documents), bool)
        elif len(documents) * MARKED > len(self.as_list()):
            held = self.as_mask().take(documents)
        else:
            places = self.as_list().searchsorted(documents)
            places[places == len(self.as_list())] = 0
            held = self.as_list().take(places) == documents
        return held

    def __len__(self) -> int:
        if self._count < 0:
            listed = self.documents
            counted = np.count_nonzero(self.as_mask()) if listed is None else len(listed)
            self._count = int(counted)
        return self._count


def bounds(documents: Array, begin: int, end: int) -> tuple[int, int]:
    """Where in a list those numbered [begin, end) lie."""
    # Numbers are compared one by one here; a search by numpy would convert the whole list.
    numbers = memoryview(documents)  # type: ignore[arg-type]
    low = bisect_left(numbers, begin)
    return low, bisect_left(numbers, end, low)
