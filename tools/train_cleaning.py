"""Train the scores of cleaning and write them as data: assets/cleaning.npz.

    ./dev train cleaning [--sets flat,html] [--out FILE] [--folds DIR]

With --folds DIR the weights of each part of a cross-validation by site are written as well
(DIR/fold-K.npz has never seen a page of part K): `./dev bench cleaning --folds DIR` reports with
those. Reads the development packs, and gives the same weights at every run on processors of one
kind: others round the sums of a product otherwise. Pages without a gold body are told by a teacher,
the first network of HTML trained on the others, together with trafilatura and the packs' snippets.
"""

import argparse
import os
import sys
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

import cleaning_packs as packs
import numpy as np
import trees
from networks import Plan, Rows, fit

import assets
from index.clean.context import context
from index.clean.score import KINDS, LABELS, log_odds, standard

INNER = 3
"""Parts of the inner cross-validation that makes honest first guesses to train the second on."""
SAMPLE = 0.4
"""The share of junk that is trained on; there is far more of it than of body."""
FIRST = Plan(units=32, members=4, epochs=8)
SECOND = trees.Plan(trees=300, levels=6, rate=0.1)
LENGTH_POWER = {"flat": 0.5, "html": 0.75}
"""The power of a block's length by which it counts."""
LEAN = {"flat": 0.0, "html": -0.75}
"""What is added to the log-odds of body: in pages, more is cut by chance than is kept."""
KIND = Plan(units=32, members=3, epochs=30, rate=3e-3, decay=0.1, classes=len(KINDS))
DERIVED = 0.15
"""How much a title, byline or date found by its gold field counts beside a labelled one."""


def body_rows(documents, tables):
    """Blocks that are known to be body or not, the junk among them thinned out."""
    targets, weights, sites, kept = [], [], [], []
    names = {}
    random = np.random.default_rng(0)
    for one, table in zip(documents, tables, strict=True):
        target = np.array([label == "body" for label in one.labels])
        known = np.array([label != packs.UNKNOWN for label in one.labels])
        known &= target | (random.random(len(target)) < SAMPLE)
        weight = np.where(target, 1, 1 / SAMPLE) * line_weights(one)
        kept.append(table[known])
        targets.append(target[known])
        weights.append(weight[known])
        sites.append(np.full(int(known.sum()), names.setdefault(one.site, len(names))))
    return Rows(*(np.concatenate(each) for each in (kept, targets, weights, sites)))


def line_weights(one):
    """Each document counts the same, each block by its length, though less than in proportion."""
    power = LENGTH_POWER["flat" if one.figures.groups is None else "html"]
    weight = one.figures.words.counts**power + 0.5
    return weight / weight.sum() * 10 * one.weight


def kind_rows(documents, tables):
    """(table, kind, weight) of the blocks that are cut and known to be what."""
    names = {str(label): place for place, label in enumerate(KINDS)}
    rows, targets, weights, sites = [], [], [], []
    known = {}
    for one, table in zip(documents, tables, strict=True):
        labelled = any(label in ("related", "nav", "comment", "marker") for label in one.labels)
        kept = [place for place, label in enumerate(one.labels) if label in names]
        rows.append(table[kept])
        targets += [names[one.labels[place]] for place in kept]
        size = max(len(kept), 1)
        # A long list of links shall not outweigh the rest, nor a page with few labels have no say.
        weights += [(8 / np.sqrt(size) if labelled else DERIVED * 8 / np.sqrt(20))] * len(kept)
        sites += [known.setdefault(one.site, len(known))] * len(kept)
    return Rows(np.concatenate(rows), np.array(targets), np.array(weights), np.array(sites))


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


def scaling(tables):
    """The mean of each figure, and one over its deviation."""
    size = sum(len(table) for table in tables)
    mean = sum(table.sum(axis=0, dtype=np.float64) for table in tables) / size
    square = sum(((table - mean) ** 2).sum(axis=0) for table in tables) / size
    return mean.astype(np.float32), (1 / (np.sqrt(square) + 1e-3)).astype(np.float32)


def first_guesses(documents, tables):
    """For each document the log-odds of a first network that never saw its site."""
    parts = [packs.fold(one.site, INNER, "inner") for one in documents]
    guesses = [None] * len(documents)
    for part in range(INNER):
        seen = [row for row, own in enumerate(parts) if own != part]
        rows = body_rows([documents[row] for row in seen], [tables[row] for row in seen])
        net = fit(rows, FIRST)
        for row, own in enumerate(parts):
            if own == part:
                guesses[row] = log_odds(net.chances(tables[row])[:, 0])
    return guesses


def train(name, documents):
    """All arrays of one set."""
    mean, scale = scaling([one.table for one in documents])
    tables = [standard(one.table, mean, scale) for one in documents]
    guesses = first_guesses(documents, tables)
    first = fit(body_rows(documents, tables), FIRST)
    around = [context(one.figures, guess) for one, guess in zip(documents, guesses, strict=True)]
    far, shrink = scaling(around)
    tables = [
        np.concatenate([table, standard(one, far, shrink)], axis=1)
        for table, one in zip(tables, around, strict=True)
    ]
    second = trees.fit(body_rows(documents, tables), SECOND)
    kind = fit(kind_rows(documents, tables), KIND)
    start, after = follow(documents)
    arrays = {
        f"{name}_start": start,
        f"{name}_follow": after,
        f"{name}_mean": np.concatenate([mean, far]),
        f"{name}_scale": np.concatenate([scale, shrink]),
    }
    for field in ("column", "border", "leaves"):
        arrays[f"{name}_second_{field}"] = getattr(second, field)
    arrays[f"{name}_second_bias"] = np.float32(second.bias + LEAN[name])
    for part, net in (("first", first), ("kind", kind)):
        for field in ("inner", "inner_bias", "outer", "outer_bias"):
            arrays[f"{name}_{part}_{field}"] = getattr(net, field)
    return arrays


def teach(pages, told):
    """The told pages with what a first network, trained on `pages`, makes of their blocks."""
    mean, scale = scaling([one.table for one in pages])
    net = fit(body_rows(pages, [standard(one.table, mean, scale) for one in pages]), FIRST)
    for one in told:
        yield one, packs.taught(one, net.chances(standard(one.table, mean, scale))[:, 0])


def write(path, arrays):
    small = {}
    for key, value in arrays.items():
        if key.endswith(("_inner", "_leaves")):
            small[key] = np.asarray(value, dtype=np.float16)
        elif key.endswith("_column"):
            small[key] = np.asarray(value, dtype=np.int16)
        else:
            small[key] = np.asarray(value, dtype=np.float32)
    np.savez_compressed(path, **small)
    print(path, f"{path.stat().st_size / 1000:.0f} kB", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sets", default="flat,html")
    options.add_argument("--out", type=Path, default=assets.CLEANING)
    options.add_argument("--folds", type=Path)
    options.add_argument("--only", help="parts to train, as 0,1,2,3 and all")
    asked = options.parse_args()
    parts = asked.only.split(",") if asked.only else ["all"]
    if asked.folds and not asked.only:
        parts = [*map(str, range(packs.FOLDS)), "all"]
    pages = list(packs.html_documents())
    told = list(packs.told_pages())
    flat = list(packs.flat_documents()) if "flat" in asked.sets else []
    print(len(pages), "pages", len(told), "told pages", len(flat), "flat texts", flush=True)
    for part in parts:
        path = asked.out
        if part != "all":
            asked.folds.mkdir(parents=True, exist_ok=True)
            path = asked.folds / f"fold-{part}.npz"
        own = [one for one in pages if seen(one, part)]
        lessons = list(teach(own, [one for one in told if seen(one, part)]))
        arrays = dict(np.load(path)) if path.exists() else {}
        if "html" in asked.sets:
            arrays |= train("html", own + [packs.told_html(*lesson) for lesson in lessons])
        if flat:
            texts = [one for one in flat if seen(one, part)]
            texts += [text for lesson in lessons for text in packs.told_flat(*lesson)]
            arrays |= train("flat", texts)
        write(path, arrays)


def seen(one, part):
    """Whether a document may be trained on for this part."""
    return part == "all" or packs.fold(one.site) != int(part)


if __name__ == "__main__":
    main()
