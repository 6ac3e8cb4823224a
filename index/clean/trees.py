"""Boosted oblivious trees, evaluated in numpy: in such a tree all branches of a level ask the same.

So a tree of depth D is D questions "is this figure above this border?", whose answers, read as the
bits of a number, say which of its 2**D leaves counts (Kohavi and Li 1995; Prokhorenkova et al.
2018).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from index.clean.forms import Floats, Ints

_AT_ONCE: Final = 512
"""Rows that are asked at once: their answers take half a megabyte."""


@dataclass(frozen=True)
class Trees:
    """`column` and `border` are trees by levels, `leaves` trees by 2**levels, in log-odds."""

    column: Ints
    border: Floats
    leaves: Floats
    bias: float

    @cached_property
    def _questions(self) -> tuple[Ints, Floats, Ints]:
        """Column and border of each question, one of those that trees share; which levels ask."""
        both = np.array([self.column.T.ravel(), self.border.T.ravel()], dtype=np.float64)
        (column, border), which = np.unique(both, axis=1, return_inverse=True)
        return column.astype(np.int64), border.astype(np.float32)[:, None], which.ravel()

    def odds(self, table: Floats) -> Floats:
        """The log-odds of each row of figures: the sum of one leaf of each tree."""
        found = np.empty(len(table), dtype=np.float32)
        for start in range(0, len(table), _AT_ONCE):
            found[start : start + _AT_ONCE] = self._odds(table[start : start + _AT_ONCE])
        return found

    def _odds(self, table: Floats) -> Floats:
        if len(table) == 1:
            # A single row is summed up otherwise: it comes out the same in company.
            return self._odds(np.repeat(table, 2, axis=0))[:1]
        trees, levels = self.column.shape
        # By question, then by row: each question reads one figure of all rows.
        column, border, which = self._questions
        above = np.take(np.ascontiguousarray(table.T), column, axis=0) > border
        # Answers are bytes of 0 or 1 and no tree has more than eight levels: four move at once.
        four = np.uint32 if trees % 4 == 0 else np.uint8
        answers = above.take(which, axis=0).reshape(levels, trees * len(table)).view(four)
        leaf = answers[0].copy()
        for level in range(1, levels):
            leaf |= answers[level] << four(level)
        leaves = leaf.view(np.uint8).reshape(trees, len(table))
        place = leaves + (np.arange(trees) << levels)[:, None]
        return np.asarray(np.take(self.leaves.ravel(), place).sum(axis=0) + self.bias)
