"""The chance from which a block is kept, chosen for each page by what is to be expected of it."""

from typing import Final

import numpy as np

from index.clean.forms import Ints
from index.clean.score import Scores, log_odds
from index.clean.states import THRESHOLD

_LOWEST: Final = 0.25
"""The chance under which nothing is kept for it, however unsure a page is."""


def balanced(scores: Scores, counts: Ints) -> Scores:
    """`scores` with all chances of body moved alike, so that `THRESHOLD` is where to cut this page.

    That is where the words kept rightly, as a share of those kept or missed, are the most to be
    expected: a sure page asks for even chances, one where little is sure for less (decisions of
    most expected utility: Jansche 2007; Ye, Chai, Lee and Chieu 2012). `counts` are the words of
    each block.
    """
    order = np.argsort(-scores.body, kind="stable")
    chance = scores.body.astype(np.float64)[order]
    words = counts[order].astype(np.float64)
    right = np.cumsum(words * chance)
    if not len(right) or right[-1] <= 0:
        return scores
    share = float((right / (right[-1] + np.cumsum(words * (1 - chance)))).max())
    # What is added to both is worth it from a chance of share : 1 on.
    cut = max(share / (1 + share), _LOWEST)
    moved = log_odds(scores.body) + _odds(THRESHOLD) - _odds(cut)
    return Scores((1 / (1 + np.exp(-moved))).astype(np.float32), scores.kind)


def _odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
