"""The likeliest label of each block, seen with all others: what a block is depends on its room."""

from typing import Final

import numpy as np

from index.clean.forms import Floats
from index.clean.score import KINDS, LABELS, Scores, Weights
from index.model import Label

_BODY: Final = LABELS.index(Label.BODY)
_KIND_COLUMNS: Final = [LABELS.index(label) for label in KINDS]
FOLLOW: Final = 0.35
"""How much the order of labels counts beside the scores, which know the neighbours already."""
THRESHOLD: Final = 0.5
"""The chance of body from which a block is kept."""


def settle(trained: Weights, scores: Scores) -> Scores:
    """The scores of each block given those of all others and how labels follow each other.

    The forward-backward algorithm (Baum 1970): a heading such as "Related" makes what comes after
    it likelier to be other articles, until prose is sure enough to leave that room.
    """
    chances = _chances(scores)
    follow = np.exp(FOLLOW * trained.follow)
    forward = np.empty_like(chances)
    state = np.exp(FOLLOW * trained.start) * chances[0]
    forward[0] = state / state.sum()
    for row in range(1, len(chances)):
        state = (forward[row - 1] @ follow) * chances[row]
        forward[row] = state / state.sum()
    backward = np.ones_like(chances)
    into = np.ascontiguousarray(follow.T)
    for row in range(len(chances) - 2, -1, -1):
        state = (backward[row + 1] * chances[row + 1]) @ into
        backward[row] = state / state.sum()
    both = forward * backward
    both /= both.sum(axis=1, keepdims=True)
    kind = both[:, _KIND_COLUMNS]
    return Scores(both[:, _BODY], kind / np.maximum(kind.sum(axis=1, keepdims=True), 1e-9))


def labels(settled: Scores) -> list[Label]:
    """Body where it is likely enough, else the likeliest kind."""
    body = settled.body >= THRESHOLD
    kind = settled.kind.argmax(axis=1)
    return [
        Label.BODY if kept else KINDS[place]
        for kept, place in zip(body.tolist(), kind.tolist(), strict=True)
    ]


def _chances(scores: Scores) -> Floats:
    """The chance of each of `LABELS` for each block by itself."""
    body = np.clip(scores.body, 1e-4, 1 - 1e-4)
    table = np.empty((len(body), len(LABELS)), dtype=np.float64)
    table[:, _BODY] = body
    table[:, _KIND_COLUMNS] = (1 - body)[:, None] * np.maximum(scores.kind, 1e-4)
    return table
