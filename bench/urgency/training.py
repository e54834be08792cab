"""The weights of the learned reader, made from the texts."""

import gzip
import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bench.sparse_regression import MAX_STEPS, Rows, fit
from bench.urgency.texts import Text
from navis_api.questions.safety.features import features
from navis_api.questions.safety.model import UNIT, Model, WeightsFile, scale
from navis_api.questions.safety.notices import SafetyKind
from navis_api.questions.safety.rules import urgency_rules

PENALTY = 0.5
SEEN_IN_LINES = 2
"""A feature of one line only is that line's own, and is not learned."""
LEAST_WEIGHT = 7
"""Hundredths below which a weight for every kind isn't worth its place in the file."""


def shown(texts: Sequence[Text]) -> list[set[str]]:
    """Return the features of each text."""
    lexicon = urgency_rules().lexicon
    return [features(text.text, lexicon.read(text.text)) for text in texts]


def learn(texts: Sequence[Text], seen: Sequence[set[str]], *, steps: int = MAX_STEPS) -> Model:
    """Return the reader that the texts make. The same texts make the same one.

    Fewer `steps` make a rougher one sooner.
    """
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for text, names in zip(texts, seen, strict=True):
        for name in names:
            lines[name].add(text.line)
    names = sorted(name for name, held in lines.items() if len(held) >= SEEN_IN_LINES)
    rows = Rows(seen, {name: column for column, name in enumerate(names)}, scale=scale)
    counts = np.array([text.weight for text in texts])
    fits = [
        fit(
            rows,
            np.array([float(text.kind == kind.value) for text in texts]),
            counts,
            penalty=PENALTY,
            steps=steps,
        )
        for kind in SafetyKind
    ]
    table: list[list[int]] = [
        np.rint(UNIT * rows.rarity * weights).astype(int).tolist() for weights, _ in fits
    ]
    return Model(
        WeightsFile(
            learned_from=digest(texts),
            kinds=tuple(SafetyKind),
            start=tuple(round(UNIT * start) for _, start in fits),
            weights={
                name: row
                for name, row in zip(names, zip(*table, strict=True), strict=True)
                if max(abs(weight) for weight in row) >= LEAST_WEIGHT
            },
        )
    )


def digest(texts: Sequence[Text]) -> str:
    """Return what tells one set of texts from another."""
    whole = hashlib.sha256()
    for text in texts:
        whole.update(f"{text.kind}\t{text.weight:.3f}\t{text.text}\n".encode())
    return whole.hexdigest()


def packed(model: Model) -> bytes:
    """Return the model's file."""
    return gzip.compress(model.file.model_dump_json().encode(), mtime=0)
