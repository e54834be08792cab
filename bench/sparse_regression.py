"""Logistic regression on features that are there or not, by L-BFGS (Nocedal, 1980)."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

MAX_STEPS = 60
MEMORY = 8
"""So many steps shape the next one."""
ENOUGH = 1e-5
"""A step that gains less than this share of the loss is the last."""
SHORTEST_STEP = 1e-6
ARMIJO = 1e-4
"""The share of the promised gain that a step must bring."""


COMMON = 4.0
"""A feature that one text in e^4 shows counts as one; rarer ones count more, common ones less."""


class Rows:
    """Texts as rows: which features each one shows, rare ones counting more (`rarity`, columns).

    `scale` says how much each of so many features counts.
    """

    def __init__(
        self,
        texts: Sequence[set[str]],
        vocabulary: Mapping[str, int],
        *,
        scale: Callable[[int], float] = lambda _: 1.0,
    ) -> None:
        shown = [sorted(vocabulary[name] for name in text if name in vocabulary) for text in texts]
        self.rows = len(texts)
        self.columns = len(vocabulary)
        self._column = np.array([column for row in shown for column in row], dtype=np.int64)
        self._row = np.repeat(np.arange(self.rows), [len(row) for row in shown])
        self._scale = np.array([scale(len(text)) for text in texts])
        shown_by = np.bincount(self._column, minlength=self.columns)
        self.rarity = np.sqrt(np.log(self.rows / (shown_by + 1)) / COMMON)

    def times(self, weights: Vector) -> Vector:
        """Return the sum of the weights that each row shows (rows)."""
        sums = np.bincount(self._row, (self.rarity * weights)[self._column], minlength=self.rows)
        return self._scale * sums.astype(np.float64)

    def collect(self, values: Vector) -> Vector:
        """Return the sum of the values of the rows that show each feature (columns)."""
        scaled = self._scale * values
        sums = np.bincount(self._column, scaled[self._row], minlength=self.columns)
        return self.rarity * sums.astype(np.float64)


def fit(
    rows: Rows, wanted: Vector, counts: Vector, *, penalty: float, steps: int = MAX_STEPS
) -> tuple[Vector, float]:
    """Return weights (columns) and a start, given which rows are wanted and how much each counts.

    `penalty` holds weights near nothing (L2); the start is free. No more than `steps` are taken.
    """
    penalties = np.append(np.full(rows.columns, penalty), 0.0)
    sign = np.where(wanted > 0, 1.0, -1.0)

    def loss(point: Vector) -> tuple[float, Vector]:
        scores = rows.times(point[:-1]) + point[-1]
        value = np.sum(counts * np.logaddexp(0.0, -sign * scores))
        wrong = counts * (1.0 / (1.0 + np.exp(-scores)) - wanted)
        slope = np.append(rows.collect(wrong), wrong.sum()) + penalties * point
        return float(value + 0.5 * np.sum(penalties * point * point)), slope

    point = np.zeros(rows.columns + 1)
    value, slope = loss(point)
    moves: list[tuple[Vector, Vector]] = []
    for _ in range(steps):
        way = _way(slope, moves)
        length, promised = 1.0, float(slope @ way)
        while True:
            next_value, next_slope = loss(point + length * way)
            if next_value <= value + ARMIJO * length * promised or length < SHORTEST_STEP:
                break
            length /= 2
        move, change = length * way, next_slope - slope
        if move @ change > 0:
            moves = [*moves, (move, change)][-MEMORY:]
        gained = value - next_value
        point, value, slope = point + move, next_value, next_slope
        if gained < ENOUGH * abs(value):
            break
    return point[:-1], float(point[-1])


def _way(slope: Vector, moves: Sequence[tuple[Vector, Vector]]) -> Vector:
    """Return the direction that the slope and the last moves point to."""
    way = slope.copy()
    shares: list[float] = []
    for move, change in reversed(moves):
        share = float(move @ way / (change @ move))
        shares.append(share)
        way -= share * change
    if moves:
        move, change = moves[-1]
        way *= float(move @ change / (change @ change))
    else:
        way /= max(1.0, float(np.abs(slope).max()))
    for (move, change), share in zip(moves, reversed(shares), strict=True):
        way += (share - float(change @ way / (change @ move))) * move
    return -way
