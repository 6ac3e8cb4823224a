"""Training of the boosted trees that score blocks: CatBoost, told to give the same at every run."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from networks import Rows

from index.clean.trees import Trees


@dataclass(frozen=True, slots=True)
class Plan:
    """How trees are boosted: how many, of how many levels, and how much each adds."""

    trees: int
    levels: int
    rate: float


def fit(rows: Rows, plan: Plan, seed: int = 0) -> Trees:
    """Trees for the chance of `rows.target`, each grown on a part of the rows and figures."""
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(
        iterations=plan.trees,
        depth=plan.levels,
        learning_rate=plan.rate,
        l2_leaf_reg=5,
        border_count=64,
        rsm=0.25,
        bootstrap_type="Bernoulli",
        subsample=0.6,
        boosting_type="Plain",
        leaf_estimation_iterations=2,
        # One thread: sums of floats depend on their order.
        thread_count=1,
        random_seed=seed,
        verbose=False,
        allow_writing_files=False,
    )
    weight = rows.weight / rows.weight.mean()
    model.fit(Pool(rows.table, rows.target.astype(int), weight=weight))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trees.json")
        model.save_model(str(path), format="json")
        return _read(json.loads(path.read_text()))


def _read(model: dict) -> Trees:
    grown = model["oblivious_trees"]
    levels = max(len(tree["splits"]) for tree in grown)
    scale, (bias,) = model["scale_and_bias"]
    column = np.zeros((len(grown), levels), dtype=np.int16)
    # What no tree asks is answered no.
    border = np.full(column.shape, np.inf, dtype=np.float32)
    leaves = np.zeros((len(grown), 2**levels), dtype=np.float32)
    for row, tree in enumerate(grown):
        for level, split in enumerate(tree["splits"]):
            column[row, level] = split["float_feature_index"]
            border[row, level] = split["border"]
        leaves[row, : len(tree["leaf_values"])] = tree["leaf_values"]
    return Trees(column, border, leaves * np.float32(scale), float(bias))
