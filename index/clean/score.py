"""Trained scores: small networks and trees over the figures of blocks, evaluated in numpy.

The weights are data (`assets.CLEANING`), written by tools/train_cleaning.py. Each set, flat text
and HTML, has three: a network for a first guess at body, trees that know the first guesses around
a block, and a network for the kind of what is not body.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

import assets
from index.clean.context import context
from index.clean.features import Figures
from index.clean.forms import Floats
from index.clean.trees import Trees
from index.model import Label

LABELS: Final = tuple(Label)
KINDS: Final = tuple(label for label in Label if label is not Label.BODY)
_CLIP: Final = 6.0
_OPEN: Final = 4.6
"""The log-odds of a first guess, for or against, from which it stands: one in a hundred."""
_STEEP: Final = 60.0
"""An output from which its exponential would not fit in a number of single precision."""
_SURE: Final = 0.98
"""The chance of body from which nobody asks of what kind a block would be if it were cut."""


@dataclass(frozen=True, slots=True)
class Net:
    """Networks of one hidden layer side by side; their chances are averaged.

    `inner` is features by hidden units of all members, `outer` a member's units by outputs.
    """

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def chances(self, table: Floats) -> Floats:
        """Rows by outputs: sigmoid for a single output, softmax for more.

        The figures in `table` are standardised (`standard`).
        """
        if len(table) == 1:
            # Products with a single row are rounded otherwise: it comes out the same in company.
            return self.chances(np.repeat(table, 2, axis=0))[:1]
        hidden = table @ self.inner
        hidden += self.inner_bias
        np.maximum(hidden, 0, out=hidden)
        members, units, outputs = self.outer.shape
        split = hidden.reshape(len(table), members, units).transpose(1, 0, 2)
        raw = split @ self.outer + self.outer_bias[:, None, :]
        if outputs == 1:
            chance = 1 / (1 + np.exp(-raw))
        else:
            # Sums over a short last axis are slow, products with ones are not.
            power = np.exp(np.minimum(raw - raw[:, :, :1], _STEEP))
            chance = power / (power @ np.ones((outputs, 1), dtype=np.float32))
        return np.asarray(chance.sum(axis=0) / members, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Weights:
    """The networks and trees of a set, and how labels follow each other (log chances).

    `mean` and `scale` are those of the figures of a block, of its context after them.
    """

    mean: Floats
    scale: Floats
    first: Net
    second: Trees
    kind: Net
    start: Floats
    follow: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """For each block the chance that it is body, and of each of `KINDS` if it is not."""

    body: Floats
    kind: Floats


@cache
def weights(name: str) -> Weights:
    """The weights of the set `name`: "flat" or "html"."""
    with np.load(assets.CLEANING) as data:
        return Weights(
            data[f"{name}_mean"].astype(np.float32),
            data[f"{name}_scale"].astype(np.float32),
            _net(data, f"{name}_first"),
            Trees(
                data[f"{name}_second_column"].astype(np.int64),
                data[f"{name}_second_border"].astype(np.float32),
                data[f"{name}_second_leaves"].astype(np.float32),
                float(data[f"{name}_second_bias"]),
            ),
            _net(data, f"{name}_kind"),
            data[f"{name}_start"].astype(np.float32),
            data[f"{name}_follow"].astype(np.float32),
        )


def _net(data: Any, name: str) -> Net:  # noqa: ANN401 - numpy's archive has no public type
    parts = ("inner", "inner_bias", "outer", "outer_bias")
    return Net(*(data[f"{name}_{part}"].astype(np.float32) for part in parts))


def log_odds(chance: Floats) -> Floats:
    """The log-odds of chances, kept within what the trees were trained on."""
    inside = np.clip(chance, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(inside / (1 - inside)))


def standard(table: Floats, mean: Floats, scale: Floats, out: Floats | None = None) -> Floats:
    """Figures by their deviation from the mean, far ones brought nearer; in `out` if given."""
    near = np.subtract(table, mean, out=out)
    near *= scale
    return near.clip(-_CLIP, _CLIP, out=near)


def score(trained: Weights, figures: Figures, table: Floats) -> Scores:
    """The scores of all blocks; `table` are their figures, with those of the page."""
    size = table.shape[1]
    both = np.empty((len(table), len(trained.mean)), dtype=np.float32)
    near = standard(table, trained.mean[:size], trained.scale[:size], both[:, :size])
    guess = log_odds(trained.first.chances(near)[:, 0])
    around = context(figures, guess)
    standard(around, trained.mean[size:], trained.scale[size:], both[:, size:])
    odds = guess.astype(np.float32)
    asked = np.flatnonzero(np.abs(guess) < _OPEN)
    if len(asked):
        odds[asked] = trained.second.odds(both[asked])
    body = 1 / (1 + np.exp(-odds))
    kind = np.full((len(body), len(KINDS)), 1 / len(KINDS), dtype=np.float32)
    open_rows = np.flatnonzero(body < _SURE)
    if len(open_rows):
        kind[open_rows] = trained.kind.chances(both[open_rows])
    return Scores(body, kind)
