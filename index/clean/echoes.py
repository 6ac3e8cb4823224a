"""How much of what each block of a page says other blocks say, too, word for word."""

from typing import Final

import numpy as np

from index.clean.forms import Floats, Ints
from index.clean.wording import Words

_RUN: Final = 4
"""Words in a row that are looked for elsewhere."""
NAMES: Final = ("said_before", "said_after", "runs_said_before")


def runs(words: Words) -> tuple[Ints, Ints]:
    """A number for each `_RUN` words in a row of a line, the same for the same, and its line."""
    last = _RUN - 1
    if len(words.ids) <= last:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    inside = words.line[last:] == words.line[:-last]
    key = np.zeros(len(words.ids) - last, dtype=np.int64)
    for step in range(_RUN):
        # Beyond 2**63 it wraps around: two runs of many thousand words may then be taken for one.
        key = key * len(words.text) + words.ids[step : step + len(key)]
    return key[inside], words.line[last:][inside]


def echoes(words: Words) -> Floats:
    """For each line the share of its runs of words that earlier, and later, lines hold.

    The last column is the first by the line's length: a block that goes over all of a page's text
    once more is longer than a quote.
    """
    total = len(words.counts)
    key, line = runs(words)
    if not len(key):
        return np.zeros((total, len(NAMES)), dtype=np.float32)
    order = np.argsort(key, kind="stable")
    alike = key[order]
    opens = np.append(True, alike[1:] != alike[:-1])
    group = np.cumsum(opens) - 1
    lines = line[order]
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(lines)) - 1
    before = lines[starts][group] < lines
    after = lines[ends][group] > lines
    some = np.maximum(np.bincount(line, minlength=total), 1)
    said = np.bincount(lines, weights=before, minlength=total) / some
    return np.stack(
        [said, np.bincount(lines, weights=after, minlength=total) / some, said * np.log1p(some)],
        axis=1,
    ).astype(np.float32)
