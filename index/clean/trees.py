"""Boosted oblivious trees, evaluated in numpy: in such a tree all branches of a level ask the same.

So a tree of depth D is D questions "is this figure above this border?", whose answers, read as the
bits of a number, say which of its 2**D leaves counts (Kohavi and Li 1995; Prokhorenkova et al.
2018).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

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
    def _questions(self) -> tuple[Ints, list[Floats], Ints]:
        """The columns asked, borders by rounds, and the question of each level of each tree.

        A round asks each of the first so many columns one question, those of most questions first.
        Trees share questions: they are numbered by rounds.
        """
        both = np.array([self.column.T.ravel(), self.border.T.ravel()], dtype=np.float64)
        (column, border), which = np.unique(both, axis=1, return_inverse=True)
        columns, first, many = np.unique(column, return_index=True, return_counts=True)
        order = np.argsort(-many, kind="stable")
        each = [first[order[many[order] > number]] + number for number in range(many.max())]
        borders = [border[some].astype(np.float32)[:, None] for some in each]
        numbers = np.empty(len(border), dtype=np.int64)
        numbers[np.concatenate(each)] = np.arange(len(border))
        return columns[order].astype(np.int64), borders, numbers[which.ravel()]

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
        # Answers are bytes of 0 or 1 and no tree has more than eight levels: four move at once.
        four = np.uint32 if trees % 4 == 0 else np.uint8
        answers = self._above(table).reshape(levels, trees * len(table)).view(four)
        leaf = answers[0].copy()
        for level in range(1, levels):
            leaf |= answers[level] << four(level)
        leaves = leaf.view(np.uint8).reshape(trees, len(table))
        # Places are of the smallest kind that holds them.
        size = self.leaves.size
        begins = np.arange(0, size, 1 << levels, dtype=np.min_scalar_type(size))[:, None]
        place = leaves.astype(begins.dtype)
        place += begins
        return np.asarray(self.leaves.ravel().take(place).sum(axis=0) + self.bias)

    def _above(self, table: Floats) -> npt.NDArray[np.bool_]:
        """Whether each figure is above the border: by question of each tree, then by row."""
        columns, rounds, which = self._questions
        asked = np.ascontiguousarray(table.T).take(columns, axis=0)
        above = np.empty((sum(map(len, rounds)), len(table)), dtype=bool)
        done = 0
        for borders in rounds:
            upto = done + len(borders)
            np.greater(asked[: len(borders)], borders, out=above[done:upto])
            done = upto
        return np.asarray(above.take(which, axis=0))
