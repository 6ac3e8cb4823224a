"""Several texts as one table, the lines of one after those of another, and what looks along them.

Most of what a text of a few hundred lines costs is the number of steps, not their size: steps over
many texts at once cost little more. No text sees the lines of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.clean.forms import Floats, Ints

FAR: Final = 60
"""Lines from which a distance is no more told."""
_LOGS: Final = np.log1p(np.arange(FAR + 1))
_PARTS: Final = 2.0**20


@dataclass(frozen=True, slots=True)
class Texts:
    """Which rows of a table are of which text.

    `starts` and `sizes` are of each text; of each row, `of` is its text, `first` the first row of
    that, and `past` the one past its last.
    """

    starts: Ints
    sizes: Ints
    rows: Ints
    of: Ints
    first: Ints
    past: Ints

    def bounds(self) -> list[tuple[int, int]]:
        """The rows [start, end) of each text."""
        return list(zip(self.starts.tolist(), (self.starts + self.sizes).tolist(), strict=True))

    def inside(self, runs: Ints) -> npt.NDArray[np.bool_]:
        """Which rows are in the run [start, end) of their text, of which `runs` has one a row."""
        start, end = runs.T[:, self.of]
        return np.asarray((self.rows >= start) & (self.rows < end))

    def windows(self, half: int | Ints) -> tuple[Ints, Ints]:
        """Of each row the first of so many rows before and after it in its text, and one past."""
        return (
            np.maximum(self.rows - half, self.first),
            np.minimum(self.rows + half + 1, self.past),
        )

    def best_runs(self, worth: Floats) -> Ints:
        """Of each text the run of rows [start, end) of the highest sum (Bentley 1984).

        Worths count to a millionth; of equal runs the first to end, and of those the shortest. All
        of a text where no row is worth anything.
        """
        # Whole numbers: sums are exact. Those of a text begin below all of the one before it.
        parts = np.rint(worth * _PARTS).astype(np.int64)
        after = np.cumsum(parts)
        before = after - parts
        span = int(np.abs(parts).sum()) + 1
        falling = before - self.of * span
        lowest = np.minimum.accumulate(falling)
        start = np.maximum.accumulate(np.where(falling == lowest, self.rows, 0))
        gain = after - before[start]
        most = np.maximum.reduceat(gain, self.starts)
        best = np.flatnonzero(gain == most[self.of])
        ends = best[np.searchsorted(best, self.starts)]
        some = most > 0
        past = self.starts + self.sizes
        return np.stack(
            [np.where(some, start[ends], self.starts), np.where(some, ends + 1, past)], axis=1
        )

    def totals(self, running: Floats) -> Floats:
        """Of each row the sum over its text, given `running` sums, which begin with a nought."""
        sums = running[self.starts + self.sizes] - running[self.starts]
        return np.asarray(sums[self.of])

    def distances(self, marked: Floats) -> tuple[Floats, Floats]:
        """Rows since the last marked one (itself counts), and until the next, as logarithms.

        `marked` are rows along the last axis; `FAR` where there is none in the text.
        """
        rows, size = self.rows, len(self.rows)
        last = np.maximum.accumulate(np.where(marked, rows, -1), axis=-1)
        backwards = np.where(marked, rows, size)[..., ::-1]
        following = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
        since = np.where(last < self.first, FAR, np.minimum(rows - last, FAR))
        until = np.where(following >= self.past, FAR, np.minimum(following - rows, FAR))
        return _LOGS[since], _LOGS[until]

    def ranks(self, values: Floats) -> Ints:
        """Of each row the rows of its text with a lower value, or the same and before it."""
        order = np.lexsort((values, self.of))
        found = np.empty(len(order), dtype=np.int64)
        found[order] = self.rows - self.first
        return found


def texts_of(sizes: Sequence[int] | Ints) -> Texts:
    """Texts of so many rows each, in a row."""
    each = np.array(sizes, dtype=np.int64)
    past = np.cumsum(each)
    starts = past - each
    rows = np.arange(int(past[-1]) if len(past) else 0)
    if len(each) == 1:
        nought = np.zeros(len(rows), dtype=np.int64)
        return Texts(starts, each, rows, nought, nought, np.full(len(rows), len(rows)))
    of = np.repeat(np.arange(len(each)), each)
    return Texts(starts, each, rows, of, starts[of], past[of])


def running(values: Floats) -> Floats:
    """The sums of the values before each place along the last axis, and of all."""
    whole = np.issubdtype(values.dtype, np.integer)
    found = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.int64 if whole else np.float64)
    np.cumsum(values, axis=-1, out=found[..., 1:])
    return found


def exact(values: Floats) -> Floats:
    """Values to a millionth, of which sums are exact: they are the same in whatever company.

    Up to 2**33 in all: a double holds 53 bits.
    """
    return np.asarray(np.rint(values * _PARTS) / _PARTS, dtype=np.float64)
