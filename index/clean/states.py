"""The likeliest label of each block, seen with all others: what a block is depends on its room."""

from typing import Final

import numpy as np

from index.clean.forms import Floats
from index.clean.score import KINDS, LABELS, Scores, Weights
from index.clean.texts import Texts
from index.model import Label

_BODY: Final = LABELS.index(Label.BODY)
_KIND_COLUMNS: Final = [LABELS.index(label) for label in KINDS]
FOLLOW: Final = 0.8
"""How much the order of labels counts beside the scores, which know the neighbours already."""
_STRETCH: Final = 24
_FLAT_STRETCH: Final = 12
_NEAR: Final = 6
"""Blocks of a stretch (of flat text), and of each neighbour that it looks at."""
_RESCALE: Final = 16
"""Blocks between which chances are brought back to a sum of one, long before they underflow."""
THRESHOLD: Final = 0.52
"""The chance of body from which a block is kept."""


def settle(trained: Weights, scores: Scores, texts: Texts, *, flat: bool = False) -> Scores:
    """The kind of each cut block given those around it and how labels follow each other.

    The forward-backward algorithm (Baum 1970): a heading such as "Related" makes what comes after
    it likelier to be other articles. What is body is settled by its own scores, which know the
    blocks around each better than the order of labels does.
    """
    kept = np.where(scores.body >= THRESHOLD, 1.0, 0.0)
    chances = _chances(Scores(kept, scores.kind))
    start, follow = np.exp(FOLLOW * trained.start), np.exp(FOLLOW * trained.follow)
    both = _both_ways(start, chances, follow, _FLAT_STRETCH if flat else _STRETCH, texts)
    kind = both[:, _KIND_COLUMNS]
    return Scores(scores.body, kind / np.maximum(kind.sum(axis=1, keepdims=True), 1e-12))


def _both_ways(
    start: Floats, chances: Floats, follow: Floats, stretch: int, texts: Texts
) -> Floats:
    """Chances of each label given the blocks around each, up to a factor a block.

    All stretches of blocks run at once, forwards (0) and backwards (1), each with some blocks of
    its neighbours to begin with: what stands farther off has no say left.
    """
    labels = chances.shape[1]
    many = -(-texts.sizes // stretch)
    if many.sum() == 1:
        # Products with a single row are rounded otherwise: a text comes out the same in company.
        many = many + 1
    firsts = np.cumsum(many) - many
    of = np.repeat(np.arange(len(many)), many)
    begin = (np.arange(len(of)) - firsts[of]) * stretch
    length = stretch + 2 * _NEAR
    rows = np.clip(np.arange(length)[:, None] + begin - _NEAR, 0, texts.sizes[of] - 1)
    there = chances[rows + texts.starts[of]]
    # Both ways at once: a row holds the labels forwards, then those backwards.
    own = np.concatenate([there, there[::-1]], axis=2)
    # Where a text begins, and seen backwards where it ends, all is as at the start: what stands
    # before that, in its first stretch, and behind it, in its last ones, has no say.
    beyond = length - _NEAR - texts.sizes[of] + begin
    ends = np.flatnonzero(beyond >= 0)
    beyond = beyond[ends]
    steps = np.zeros((2 * labels, 2 * labels))
    steps[:labels, :labels], steps[labels:, labels:] = follow, follow.T
    found = np.empty((length + 1, len(of), 2 * labels))
    found[0] = 1.0
    said = np.empty((len(of), 2 * labels))
    for row, (now, after, told) in enumerate(zip(found[:-1], found[1:], own, strict=True)):
        if row <= _NEAR:
            now[firsts, :labels] = start
        now[ends[beyond >= row], labels:] = 1.0
        np.multiply(now, told, out=said)
        np.dot(said, steps, out=after)
        if not row % _RESCALE:
            both = after.reshape(len(of), 2, labels)
            both /= both.sum(axis=2, keepdims=True)
    # A block's own chances count once.
    inner = slice(_NEAR, _NEAR + stretch)
    both = found[:-1, :, :labels][inner] * there[inner] * found[-2::-1, :, labels:][inner]
    place = firsts[texts.of] * stretch + texts.rows - texts.first
    return np.asarray(both.transpose(1, 0, 2).reshape(-1, labels)[place])


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
