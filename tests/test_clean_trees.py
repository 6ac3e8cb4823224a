"""Boosted trees as arrays give what a walk through each tree would give."""

import numpy as np

from index.clean.trees import Trees


def walked(trees, row):
    total = trees.bias
    for columns, borders, leaves in zip(trees.column, trees.border, trees.leaves, strict=True):
        leaf = 0
        for level, (column, border) in enumerate(zip(columns, borders, strict=True)):
            leaf += (row[column] > border) << level
        total += leaves[leaf]
    return total


def test_all_trees_at_once_give_what_a_walk_through_each_gives():
    random = np.random.default_rng(3)
    trees = Trees(
        random.integers(0, 9, (20, 4)),
        random.normal(size=(20, 4)),
        random.normal(size=(20, 16)),
        0.5,
    )
    table = random.normal(size=(1100, 9)).astype(np.float32)
    expected = [walked(trees, row) for row in table]
    assert np.allclose(trees.odds(table), expected, atol=1e-5)


def test_a_figure_on_the_border_is_not_above_it():
    one = Trees(np.array([[0]]), np.array([[2.0]]), np.array([[-1.0, 1.0]]), 0.0)
    assert one.odds(np.array([[2.0], [2.5]])).tolist() == [-1.0, 1.0]


def test_no_rows_have_no_odds():
    one = Trees(np.array([[0]]), np.array([[2.0]]), np.array([[-1.0, 1.0]]), 0.0)
    assert one.odds(np.empty((0, 1))).tolist() == []
