"""Train the scores of cleaning and write them as data: assets/cleaning.npz.

    .venv/bin/python tools/train_cleaning.py [--sets flat,html] [--out FILE] [--folds DIR]

With --folds DIR the weights of each part of a cross-validation by site are written as well
(DIR/fold-K.npz has never seen a page of part K): `./dev bench cleaning --folds DIR` reports with
those. Reads the development packs; needs scikit-learn, which the product does not.
"""

import argparse
import os
import sys
import warnings
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

import cleaning_packs as packs
import numpy as np
from sklearn.neural_network import MLPClassifier

import assets
from index.clean.context import context
from index.clean.score import KINDS, LABELS, Net, log_odds

INNER = 3
"""Parts of the inner cross-validation that makes honest first guesses to train the second on."""
SAMPLE = 0.4
"""The share of junk that is trained on; there is far more of it than of body."""
DERIVED = 0.15
"""How much a title, byline or date found by its gold field counts beside a labelled one."""


def fit(table, target, weight, *, units, members, rounds, decay, classes):
    """Some networks of one hidden layer, each trained from another start on another sample."""
    mean, scale = table.mean(axis=0), 1 / (table.std(axis=0) + 1e-3)
    near = np.clip((table - mean) * scale, -6, 6)
    parts = []
    for seed in range(members):
        random = np.random.RandomState(seed)
        some = np.ones(len(target), dtype=bool)
        used = weight
        if classes == 2:
            some = (target == 1) | (random.rand(len(target)) < SAMPLE)
            used = np.where(target == 1, weight, weight / SAMPLE)
        net = MLPClassifier(
            (units,), alpha=decay, batch_size=512, max_iter=rounds, random_state=seed
        )
        used = used[some]
        net.fit(near[some], target[some], sample_weight=used / used.mean())
        parts.append(net)
    return Net(
        mean,
        scale,
        np.concatenate([net.coefs_[0] for net in parts], axis=1),
        np.concatenate([net.intercepts_[0] for net in parts]),
        np.stack([_columns(net, net.coefs_[1], classes) for net in parts]),
        np.stack([_columns(net, net.intercepts_[1][None, :], classes)[0] for net in parts]),
    )


def _columns(net, values, classes):
    """The outputs in the order of the classes; one that was never seen gets none."""
    if classes == 2:
        return values
    full = np.full((len(values), classes), -20.0 if len(values) == 1 else 0.0)
    full[:, net.classes_] = values
    return full


def body_rows(documents, tables):
    """(table, is body, weight) of all blocks that are known to be body or not."""
    targets = [np.array([label == "body" for label in one.labels], dtype=int) for one in documents]
    known = np.concatenate(
        [np.array([label != packs.UNKNOWN for label in one.labels]) for one in documents]
    )
    weight = np.concatenate([line_weights(one) for one in documents])
    return np.concatenate(tables)[known], np.concatenate(targets)[known], weight[known]


def line_weights(one):
    """Each document counts the same, each block by its length, though less than in proportion."""
    weight = np.sqrt(one.figures.words.counts) + 0.5
    return weight / weight.sum() * 10 * one.weight


def kind_rows(documents, tables):
    """(table, kind, weight) of the blocks that are cut and known to be what."""
    names = {str(label): place for place, label in enumerate(KINDS)}
    rows, targets, weights = [], [], []
    for one, table in zip(documents, tables, strict=True):
        labelled = any(label in ("related", "nav", "comment", "marker") for label in one.labels)
        kept = [place for place, label in enumerate(one.labels) if label in names]
        rows.append(table[kept])
        targets += [names[one.labels[place]] for place in kept]
        size = max(len(kept), 1)
        # A long list of links shall not outweigh the rest, nor a page with few labels have no say.
        weights += [(8 / np.sqrt(size) if labelled else DERIVED * 8 / np.sqrt(20))] * len(kept)
    return np.concatenate(rows), np.array(targets), np.array(weights)


def follow(documents):
    """Log chances of each label at the start and after each other, over the labelled texts."""
    places = {str(label): place for place, label in enumerate(LABELS)}
    start = np.ones(len(LABELS))
    after = np.full((len(LABELS), len(LABELS)), 0.5)
    for one in documents:
        if not any(label in ("related", "nav", "marker") for label in one.labels):
            continue
        seen = [label for label in one.labels if label in places]
        if not seen:
            continue
        start[places[seen[0]]] += 1
        share = 1 / np.sqrt(len(seen) / 50)
        for before, label in pairwise(seen):
            after[places[before], places[label]] += share
    return np.log(start / start.sum()), np.log(after / after.sum(axis=1, keepdims=True))


def train(name, documents):
    """All arrays of one set."""
    size = {"units": 32, "rounds": 6, "decay": 1e-3, "classes": 2}
    for part in range(INNER):
        others = [one for one in documents if packs.fold(one.site, INNER, "inner") != part]
        held = [one for one in documents if packs.fold(one.site, INNER, "inner") == part]
        net = fit(*body_rows(others, [one.table for one in others]), members=2, **size)
        for one in held:
            one.guess = log_odds(net.chances(one.table)[:, 0])
    first = fit(*body_rows(documents, [one.table for one in documents]), members=2, **size)
    tables = [
        np.concatenate([one.table, context(one.figures, one.guess)], axis=1) for one in documents
    ]
    second = fit(*body_rows(documents, tables), members=4, **size)
    kind = fit(
        *kind_rows(documents, tables),
        units=32, members=3, rounds=30, decay=3e-2, classes=len(KINDS),
    )  # fmt: skip
    start, after = follow(documents)
    arrays = {f"{name}_start": start, f"{name}_follow": after}
    for part, net in (("first", first), ("second", second), ("kind", kind)):
        for field in ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias"):
            arrays[f"{name}_{part}_{field}"] = getattr(net, field)
    return arrays


def write(path, arrays):
    half = {
        key: value.astype(np.float16 if key.endswith("_inner") else np.float32)
        for key, value in arrays.items()
    }
    np.savez_compressed(path, **half)
    print(path, f"{path.stat().st_size / 1000:.0f} kB", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sets", default="flat,html")
    options.add_argument("--out", type=Path, default=assets.CLEANING)
    options.add_argument("--folds", type=Path)
    options.add_argument("--only", help="parts to train, as 0,1,2,3 and all")
    asked = options.parse_args()
    warnings.simplefilter("ignore")
    sources = {"flat": packs.flat_documents, "html": packs.html_documents}
    parts = asked.only.split(",") if asked.only else ["all"]
    if asked.folds and not asked.only:
        parts = [*map(str, range(packs.FOLDS)), "all"]
    for name in asked.sets.split(","):
        documents = list(sources[name]())
        print(name, len(documents), "documents", flush=True)
        for part in parts:
            seen = documents
            path = asked.out
            if part != "all":
                seen = [one for one in documents if packs.fold(one.site) != int(part)]
                asked.folds.mkdir(parents=True, exist_ok=True)
                path = asked.folds / f"fold-{part}.npz"
            arrays = dict(np.load(path)) if path.exists() else {}
            arrays |= train(name, seen)
            write(path, arrays)


if __name__ == "__main__":
    main()
