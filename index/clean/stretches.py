"""The stretches of a page that were taken for body: what stands far from the article is cut."""

from itertools import pairwise
from typing import Final

import numpy as np

from index.clean.features import Figures
from index.clean.forms import Floats
from index.clean.nearness import title_and_levels
from index.clean.score import KINDS, Scores
from index.model import Label

_GAP: Final = 20
"""Cut blocks between two stretches of body that lie far apart."""
_ABOVE: Final = 3
_BELOW: Final = 12
"""Blocks above and below the title in which the article begins."""
_LEAST: Final = 25
"""Words of a stretch that is the article."""
_SURE: Final = 0.95
"""The mean chance of body, by words, from which a stretch stays wherever it stands."""


def without_far(found: list[Label], scores: Scores, figures: Figures, table: Floats) -> list[Label]:
    """`found` without the stretches of body that share less of the page with the title.

    Where the article begins at the title, what comes many blocks later, outside of every element
    that holds both title and article, is a notice, or the beginning of other articles. `table`
    are the figures of a page (`index.clean.dom.dom_table`).
    """
    title, levels = title_and_levels(table)
    rows = [row for row, label in enumerate(found) if label is Label.BODY]
    if title is None or not rows:
        return found
    stretches = _stretches(rows)
    article = next((one for one in stretches if _begins_at(one, title)), None)
    counts = figures.words.counts
    if len(stretches) < 2 or article is None or counts[article].sum() < _LEAST:
        return found
    farthest = levels[article].max()
    done = list(found)
    for one in stretches:
        weight = counts[one] / max(int(counts[one].sum()), 1)
        if levels[one].min() > farthest and float(scores.body[one] @ weight) < _SURE:
            for row in one:
                done[row] = KINDS[int(np.argmax(scores.kind[row]))]
    return done


def _stretches(rows: list[int]) -> list[list[int]]:
    found = [[rows[0]]]
    for before, row in pairwise(rows):
        if row - before > _GAP:
            found.append([])
        found[-1].append(row)
    return found


def _begins_at(rows: list[int], title: int) -> bool:
    return title - _ABOVE <= rows[0] <= title + _BELOW or rows[0] <= title <= rows[-1]
