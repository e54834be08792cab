"""Small decision trees that correct one another (Friedman, 2001), on binned figures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.grounding.regression import Vector
from navis_api.generation.grounding.closeness.model import DEPTH, Tree

TREES = 200
RATE = 0.06
BINS = 20
OF_COLUMNS = 0.3
OF_ROWS = 0.7
LEAST_BEND = 3.75
"""A leaf of less weight would be that of a few claims."""
PENALTY = 5.0
LEAST_GAIN = 1e-3

Whole = NDArray[np.int64]


def grow(rows: Vector, names: Sequence[str], wanted: Vector, seed: int) -> tuple[list[Tree], float]:
    """Return the trees and where they start. The same rows and seed grow the same ones."""
    chance = np.random.default_rng(seed)
    columns = [rows[:, column] for column in range(rows.shape[1])]
    cuts = [_cuts(column) for column in columns]
    binned = [np.searchsorted(cut, own) for cut, own in zip(cuts, columns, strict=True)]
    bins: Whole = np.stack(binned, axis=1)
    share = float(wanted.mean())
    start = float(np.log(share / (1 - share)))
    scores = np.full(len(rows), start)
    trees: list[Tree] = []
    for _ in range(TREES):
        chances = 1 / (1 + np.exp(-scores))
        slope, bend = wanted - chances, chances * (1 - chances)
        drawn = chance.random(len(rows)) < OF_ROWS
        tried = np.flatnonzero(chance.random(len(names)) < OF_COLUMNS)
        tree, leaves = _tree(bins, cuts, names, tried, slope, bend, drawn)
        trees.append(tree)
        scores += np.array([tree.values[leaf] for leaf in leaves.tolist()])
    return trees, start


def _cuts(column: Vector) -> Vector:
    """Return where a column may be cut: between as many claims each."""
    shares: Vector = np.linspace(0.03, 0.97, BINS)
    return np.unique(np.quantile(column, shares))


def _tree(
    bins: Whole,
    cuts: Sequence[Vector],
    names: Sequence[str],
    columns: Whole,
    slope: Vector,
    bend: Vector,
    drawn: NDArray[np.bool_],
) -> tuple[Tree, Whole]:
    """Return a tree that the drawn rows make, and the leaf of each row."""
    node = np.zeros(len(bins), dtype=np.int64)
    features: dict[int, str] = {}
    at_most: dict[int, float] = {}
    level = [0]
    for _ in range(DEPTH):
        following: list[int] = []
        for number in level:
            here = np.flatnonzero((node == number) & drawn)
            best = _best_cut(bins, cuts, columns, slope, bend, here)
            if best is None:
                continue
            column, cut = best
            features[number] = names[column]
            at_most[number] = float(cuts[column][cut])
            inside = node == number
            low = bins[:, column] <= cut
            node[inside & low], node[inside & ~low] = 2 * number + 1, 2 * number + 2
            following += [2 * number + 1, 2 * number + 2]
        level = following
    values = {
        int(leaf): RATE
        * float(slope[(node == leaf) & drawn].sum())
        / (float(bend[(node == leaf) & drawn].sum()) + PENALTY)
        for leaf in np.unique(node)
    }
    return Tree(features=features, cuts=at_most, values=values), node


def _best_cut(
    bins: Whole,
    cuts: Sequence[Vector],
    columns: Whole,
    slope: Vector,
    bend: Vector,
    here: Whole,
) -> tuple[int, int] | None:
    total, weight = float(slope[here].sum()), float(bend[here].sum())
    best: tuple[float, int, int] | None = None
    for column in map(int, columns):
        kept = len(cuts[column])
        own = bins[here, column]
        low = np.bincount(own, slope[here], kept + 1).cumsum()[:kept]
        low_bend = np.bincount(own, bend[here], kept + 1).cumsum()[:kept]
        fits = (low_bend > LEAST_BEND) & (weight - low_bend > LEAST_BEND)
        if not fits.any():
            continue
        gain = (
            low**2 / (low_bend + PENALTY)
            + (total - low) ** 2 / (weight - low_bend + PENALTY)
            - total**2 / (weight + PENALTY)
        )
        gain[~fits] = -1.0
        cut = int(gain.argmax())
        if gain[cut] > LEAST_GAIN and (best is None or gain[cut] > best[0]):
            best = float(gain[cut]), column, cut
    return None if best is None else best[1:]
