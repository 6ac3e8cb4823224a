"""Training of the small networks that score blocks: plain numpy, the same result at every run."""

from dataclasses import dataclass

import numpy as np

from index.clean.score import Net


@dataclass(frozen=True, slots=True)
class Rows:
    """Examples: standardised figures, the class of each, its weight, and a number for its site."""

    table: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    site: np.ndarray


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is trained.

    `members` networks of `units` hidden units stand side by side. `decay` is that of AdamW
    (Loshchilov and Hutter 2019), `drop` the share of figures hidden at each step. `classes` is 2
    for a chance, else the number of kinds.
    """

    units: int
    members: int
    epochs: int
    rate: float = 6e-3
    decay: float = 1e-2
    drop: float = 0.1
    classes: int = 2
    batch: int = 1024


def fit(rows: Rows, plan: Plan, seed: int = 0) -> Net:
    """Networks trained by Adam with a falling rate, each with sites weighed its own way.

    The weights of the sites are drawn anew for each member (the Bayesian bootstrap, Rubin 1981),
    so that members differ by what they have seen rather than by chance alone.
    """
    random = np.random.default_rng(seed)
    size, figures = rows.table.shape
    outputs = 1 if plan.classes == 2 else plan.classes
    width = plan.members * plan.units
    weight = (rows.weight / rows.weight.mean()).astype(np.float32)
    trust = random.gamma(1.0, 1.0, (int(rows.site.max()) + 1, plan.members)).astype(np.float32)
    values = [
        _normal(random, (figures, width), np.sqrt(2 / figures)),
        np.zeros(width, dtype=np.float32),
        _normal(random, (plan.members, plan.units, outputs), np.sqrt(1 / plan.units)),
        np.zeros((plan.members, 1, outputs), dtype=np.float32),
    ]
    adam = _Adam(values, plan, steps=plan.epochs * -(-size // plan.batch))
    for _ in range(plan.epochs):
        order = random.permutation(size)
        for at in range(0, size, plan.batch):
            some = order[at : at + plan.batch]
            table = rows.table[some]
            if plan.drop:
                shown = random.random(table.shape, dtype=np.float32) >= plan.drop
                table = table * (shown / np.float32(1 - plan.drop))
            counts = (weight[some, None] * trust[rows.site[some]]).T[:, :, None]
            adam.step(_slopes(values, table, rows.target[some], counts))
    inner, inner_bias, outer, outer_bias = values
    return Net(inner, inner_bias, outer, outer_bias[:, 0, :])


def _normal(random: np.random.Generator, shape: tuple[int, ...], scale: float) -> np.ndarray:
    return (random.standard_normal(shape) * scale).astype(np.float32)


def _slopes(
    values: list[np.ndarray], table: np.ndarray, target: np.ndarray, counts: np.ndarray
) -> list[np.ndarray]:
    """The slope of the cross-entropy in each of `values`, by back-propagation."""
    inner, inner_bias, outer, outer_bias = values
    members, units, outputs = outer.shape
    size = len(table)
    raw = table @ inner + inner_bias
    hidden = np.maximum(raw, 0).reshape(size, members, units).transpose(1, 0, 2)
    said = hidden @ outer + outer_bias
    if outputs == 1:
        error = 1 / (1 + np.exp(-said)) - target[None, :, None].astype(np.float32)
    else:
        power = np.exp(said - said.max(axis=2, keepdims=True))
        error = power / power.sum(axis=2, keepdims=True)
        error[:, np.arange(size), target] -= 1
    error *= counts / size
    back = (error @ outer.transpose(0, 2, 1)).transpose(1, 0, 2).reshape(size, -1) * (raw > 0)
    return [
        table.T @ back,
        back.sum(axis=0),
        hidden.transpose(0, 2, 1) @ error,
        error.sum(axis=1, keepdims=True),
    ]


class _Adam:
    """Adam (Kingma and Ba 2015) with decoupled decay, a short warm-up and a cosine to zero."""

    def __init__(self, values: list[np.ndarray], plan: Plan, steps: int) -> None:
        self._values, self._plan, self._steps = values, plan, steps
        self._mean = [np.zeros_like(one) for one in values]
        self._square = [np.zeros_like(one) for one in values]
        self._done = 0

    def step(self, slopes: list[np.ndarray]) -> None:
        self._done += 1
        share = 0.5 * (1 + np.cos(np.pi * self._done / self._steps)) * min(1, self._done / 50)
        rate = self._plan.rate * share
        for place, (value, slope) in enumerate(zip(self._values, slopes, strict=True)):
            mean, square = self._mean[place], self._square[place]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            near = mean / (1 - 0.9**self._done)
            step = np.float32(rate) * near / (np.sqrt(square / (1 - 0.999**self._done)) + 1e-8)
            np.subtract(value, step, out=value)
            if place in (0, 2):
                np.multiply(value, np.float32(1 - rate * self._plan.decay), out=value)
