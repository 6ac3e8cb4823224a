"""Numbers, of which there will be more, in one array."""

from collections.abc import Sequence

import numpy as np

from index.search.segment import Array


class Growing:
    """Numbers, of which there will be more."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._held: Array = np.empty(1024, kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, numbers: Sequence[int] | Array) -> None:
        """Put numbers behind the others."""
        end = self._size + len(numbers)
        if end > len(self._held):
            more = np.empty(2 * end, self._held.dtype)
            more[: self._size] = self.whole
            self._held = more
        self._held[self._size : end] = numbers
        self._size = end

    @property
    def whole(self) -> Array:
        """All of them."""
        return self._held[: self._size]
