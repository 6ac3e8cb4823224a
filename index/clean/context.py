"""Figures about each block given a first guess, for all blocks, of which are body."""

from typing import Final

import numpy as np

from index.clean.features import Figures, shift
from index.clean.forms import Floats

_STEPS: Final = (1, -1, 2, -2, 3, -3, 4, -4)
_WINDOWS: Final = (3, 8, 20)
_LEVELS: Final = (0.5, 0.9)
_FAR: Final = 60
NAMES: Final = (
    "guess",
    *(f"guess_{step:+d}" for step in _STEPS),
    *(f"{kind}_{half}" for half in _WINDOWS for kind in ("held", "mean", "ahead", "behind")),
    *("before", "after", "log_before", "log_after", "log_total", "share_total"),
    *(f"{kind}_{level}" for level in _LEVELS for kind in ("since", "until")),
    *("shared_words", "weight_words", "shared_pairs", "weight_pairs"),
)


def context(figures: Figures, guess: Floats) -> Floats:
    """`NAMES` for each block; `guess` are log-odds that it is body."""
    guess = guess.astype(np.float64)
    chance = 1 / (1 + np.exp(-guess))
    mass = np.minimum(figures.words.counts, 100).astype(np.float64)
    columns = [guess]
    columns += [shift(guess, step, -6.0) for step in _STEPS]
    columns += _windows(guess, chance * mass)
    columns += _share(chance * mass, mass)
    for level in _LEVELS:
        columns += _nearest(chance > level)
    columns += _cohesion(figures, np.where(chance > 0.3, chance, 0.0))
    return np.stack(columns, axis=1).astype(np.float32)


def _running(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])


def _windows(guess: Floats, held: Floats) -> list[Floats]:
    total, summed = _running(held), _running(guess)
    rows = np.arange(len(guess))
    columns = []
    for half in _WINDOWS:
        low = np.maximum(rows - half, 0)
        high = np.minimum(rows + half + 1, len(guess))
        columns += [
            np.log1p(total[high] - total[low]),
            (summed[high] - summed[low]) / (high - low),
            np.log1p(total[high] - total[rows + 1]),
            np.log1p(total[rows] - total[low]),
        ]
    return columns


def _share(held: Floats, mass: Floats) -> list[Floats]:
    running = _running(held)
    total = running[-1] + 1e-6
    before, after = running[:-1], np.maximum(total - running[1:], 0)
    size = len(held)
    return [
        before / total,
        after / total,
        np.log1p(before),
        np.log1p(after),
        np.full(size, np.log1p(total)),
        np.full(size, total / (mass.sum() + 1e-6)),
    ]


def _nearest(marked: Floats) -> list[Floats]:
    """Blocks since the last marked one (itself counts), and until the next."""
    size = len(marked)
    rows = np.arange(size)
    last = np.maximum.accumulate(np.where(marked, rows, -1000))
    following = np.minimum.accumulate(np.where(marked, rows, 9999)[::-1])[::-1]
    return [
        np.log1p(np.minimum(rows - last, _FAR)),
        np.log1p(np.minimum(following - rows, _FAR)),
    ]


def _cohesion(figures: Figures, weight: Floats) -> list[Floats]:
    """How much of a block's words, and pairs of words, other blocks guessed to be body hold."""
    size = len(weight)
    columns = []
    for key, line in (figures.word_lines, figures.pair_lines):
        if not len(key):
            columns += [np.zeros(size), np.zeros(size)]
            continue
        held = np.bincount(key, weights=weight[line])
        rest = np.maximum(held[key] - weight[line], 0)
        some = np.maximum(np.bincount(line, minlength=size), 1)
        columns += [
            np.bincount(line, weights=np.minimum(rest, 1), minlength=size) / some,
            np.bincount(line, weights=np.log1p(rest), minlength=size) / some,
        ]
    return columns
