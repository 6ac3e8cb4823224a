"""The stretches that were taken for body: which of them are none of the article."""

from itertools import pairwise
from typing import Final

import numpy as np

from index.clean.features import Lines
from index.clean.forms import Floats
from index.clean.lexicon import CATEGORIES
from index.clean.nearness import title_and_levels
from index.clean.score import KINDS, Scores
from index.model import Label

_OF_COMMENTS: Final = CATEGORIES.index("comment")
_AROUND: Final = 2
"""Lines before and after rules that are of comments, too."""
_RULES: Final = 8
"""Lines of the rules of comments."""
_GAP: Final = 20
"""Cut blocks between two stretches of body that lie far apart."""
_ABOVE: Final = 3
_BELOW: Final = 12
"""Blocks above and below the title in which the article begins."""
_LEAST: Final = 25
"""Words of a stretch that is the article."""
_SURE: Final = 0.95
"""The mean chance of body, by words, from which a stretch stays wherever it stands."""


def without_rules(found: list[Label], lines: Lines) -> list[Label]:
    """`found` without the rules of a site's comments, a few lines long, amid its form for them.

    Such a list is no part of the article where there is enough of one above it, where lines of
    comments stand before and after it, and where phrases in at least a third of its own say so.
    """
    if Label.COMMENT not in found:
        return found
    rows = [row for row, label in enumerate(found) if label is Label.BODY]
    if not rows:
        return found
    counts = lines.counts
    above = 0
    done = list(found)
    for run in _stretches(rows, gap=1):
        before, after = found[max(run[0] - _AROUND, 0) : run[0]], found[run[-1] + 1 :][:_AROUND]
        amid = set(before) == set(after) == {Label.COMMENT}
        named = [any(hit.category == _OF_COMMENTS for hit in lines.hits[row]) for row in run]
        if amid and above >= _LEAST and len(run) <= _RULES and sum(named) * 3 >= len(run):
            for row in run:
                done[row] = Label.COMMENT
        else:
            above += int(counts[run].sum())
    return done


def without_far(found: list[Label], scores: Scores, lines: Lines, table: Floats) -> list[Label]:
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
    counts = lines.counts
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


def _stretches(rows: list[int], gap: int = _GAP) -> list[list[int]]:
    """The rows in runs that at least `gap` other blocks part."""
    found = [[rows[0]]]
    for before, row in pairwise(rows):
        if row - before > gap:
            found.append([])
        found[-1].append(row)
    return found


def _begins_at(rows: list[int], title: int) -> bool:
    return title - _ABOVE <= rows[0] <= title + _BELOW or rows[0] <= title <= rows[-1]
