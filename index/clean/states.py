"""The likeliest label of each block, seen with all others: what a block is depends on its room."""

from typing import Final

import numpy as np

from index.clean.forms import Floats
from index.clean.score import KINDS, LABELS, Scores, Weights
from index.model import Label

_BODY: Final = LABELS.index(Label.BODY)
_KIND_COLUMNS: Final = [LABELS.index(label) for label in KINDS]
FOLLOW: Final = 0.2
"""How much the order of labels counts beside the scores, which know the neighbours already."""
FOLLOW_KINDS: Final = 0.8
"""The same once it is settled what is body: the kinds of cut blocks are known less surely."""
_RESCALE: Final = 16
"""Blocks between which chances are brought back to a sum of one, long before they underflow."""
THRESHOLD: Final = 0.45
"""The chance of body from which a block is kept."""


def settle(trained: Weights, scores: Scores) -> Scores:
    """What is body is settled first, then of what kind the rest is."""
    first = _settle(trained, scores, FOLLOW)
    kept = np.where(first.body >= THRESHOLD, 1.0, 0.0)
    second = _settle(trained, Scores(kept, scores.kind), FOLLOW_KINDS)
    return Scores(first.body, second.kind)


def _settle(trained: Weights, scores: Scores, weight: float) -> Scores:
    """The scores of each block given those of all others and how labels follow each other.

    The forward-backward algorithm (Baum 1970): a heading such as "Related" makes what comes after
    it likelier to be other articles, until prose is sure enough to leave that room.
    """
    chances = _chances(scores)
    follow = np.exp(weight * trained.follow)
    state = np.exp(weight * trained.start) * chances[0]
    forward = _run(state, chances, follow)
    last = np.ones_like(state)
    # What comes after a block, without the block itself: its own chances are in `forward`.
    backward = _run(last * chances[-1], chances[::-1], follow.T)[::-1] / chances
    both = forward * backward
    both /= both.sum(axis=1, keepdims=True)
    kind = both[:, _KIND_COLUMNS]
    return Scores(both[:, _BODY], kind / np.maximum(kind.sum(axis=1, keepdims=True), 1e-9))


def _run(state: Floats, chances: Floats, follow: Floats) -> Floats:
    """Chances of each label given all blocks up to each one, up to a factor a block."""
    step = np.ascontiguousarray(follow)
    found = np.empty_like(chances)
    found[0] = state
    for row in range(1, len(chances)):
        state = (state @ step) * chances[row]
        if not row % _RESCALE:
            state /= state.sum()
        found[row] = state
    found /= found.sum(axis=1, keepdims=True)
    return found


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
