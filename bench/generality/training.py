"""The weights of the reader of generality, made from questions."""

import gzip
import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.generality.texts import Asked
from bench.sparse_regression import Rows, fit
from navis_api.questions.generality.features import features
from navis_api.questions.generality.reader import UNIT, GeneralityWeights

PENALTY = 1.0
SEEN_IN = 2
"""A feature of one question only is that one's own, and is not learned."""
LEAST_WEIGHT = 3
"""Hundredths below which a weight isn't worth its place in the file."""


def learn(asked: Sequence[Asked]) -> GeneralityWeights:
    """Return the weights that the questions make. The same questions make the same ones."""
    seen = [features(each.text) for each in asked]
    counted = Counter(name for names in seen for name in names)
    names = sorted(name for name, count in counted.items() if count >= SEEN_IN)
    rows = Rows([set(each) for each in seen], {name: column for column, name in enumerate(names)})
    wanted = np.array([float(each.of_anybody) for each in asked])
    weights, start = fit(rows, wanted, np.ones(len(asked)), penalty=PENALTY)
    rounded: list[int] = np.rint(UNIT * rows.rarity * weights).astype(int).tolist()
    return GeneralityWeights(
        learned_from=digest(asked),
        start=round(UNIT * start),
        weights={
            name: weight
            for name, weight in zip(names, rounded, strict=True)
            if abs(weight) >= LEAST_WEIGHT
        },
    )


def digest(asked: Sequence[Asked]) -> str:
    """Return what tells one set of questions from another."""
    whole = hashlib.sha256()
    for each in asked:
        whole.update(f"{each.of_anybody}\t{each.text}\n".encode())
    return whole.hexdigest()


def packed(weights: GeneralityWeights) -> bytes:
    """Return the weights' file."""
    return gzip.compress(weights.model_dump_json().encode(), mtime=0)
