"""Logistic regression on figures, by Newton's method."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Features = Mapping[str, float]

PENALTY = 400.0
SHOWN_BY = 8
"""A feature that fewer claims show is not learned."""
LEAST_SPREAD = 0.03
MAX_STEPS = 60
ENOUGH = 1e-6
_FLAT = 1e-6


def names_of(shown: Sequence[Features]) -> list[str]:
    """Return the names of the features that enough claims show."""
    counts: dict[str, int] = {}
    for each in shown:
        for name, value in each.items():
            if value:
                counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= SHOWN_BY)


def table(shown: Sequence[Features], names: Sequence[str]) -> Vector:
    """Return the features as rows (claims x names); what a claim doesn't show is nothing."""
    return np.array([[each.get(name, 0.0) for name in names] for each in shown])


def fit(rows: Vector, wanted: Vector, *, penalty: float = PENALTY) -> tuple[Vector, float]:
    """Return the weights of the columns and the start.

    Weights are held near nothing (L2) as if each column were spread as widely as the others.
    """
    means = rows.mean(axis=0)
    spreads = np.maximum(rows.std(axis=0), LEAST_SPREAD)
    even = np.hstack([(rows - means) / spreads, np.ones((len(rows), 1))])
    penalties = np.append(np.full(rows.shape[1], penalty), _FLAT)
    point = np.zeros(even.shape[1])
    for _ in range(MAX_STEPS):
        chances = 1 / (1 + np.exp(-even @ point))
        slope = even.T @ (chances - wanted) + penalties * point
        bend = (even * (chances * (1 - chances))[:, None]).T @ even
        step = np.linalg.solve(bend + np.diag(penalties), slope)
        point -= step
        if np.abs(step).max() < ENOUGH:
            break
    weights = point[:-1] / spreads
    return weights, float(point[-1] - means @ weights)
