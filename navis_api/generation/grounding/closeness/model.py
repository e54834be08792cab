"""The learned score of how closely evidence says a claim: `python -m bench.grounding` makes it.

A sum of two halves: a logistic regression on the features, and small decision trees that tell what
a feature means beside others. Above nothing, a claim is likelier supported than not.
"""

import gzip
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from navis_api.generation.grounding.closeness.coverage import Features

WEIGHTS = "closeness_weights.json.gz"
DEPTH = 3
"""A tree asks so many questions at most."""
_INNER = 2**DEPTH - 1

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tree(BaseModel):
    """A decision tree: node n asks whether a feature is at most a cut, and goes on at 2n+1 if so.

    Otherwise at 2n+2. `features` and `cuts` are those of the nodes that ask, `values` what each
    leaf adds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    features: dict[int, str]
    cuts: dict[int, float]
    values: dict[int, float]


class ClosenessWeights(BaseModel):
    """The file: both halves, and the digest of what was learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    learned_from: str
    start: float
    weights: dict[str, float]
    trees: tuple[Tree, ...]


@dataclass(frozen=True)
class ClosenessModel:
    """Scores features."""

    file: ClosenessWeights

    def score(self, shown: Features) -> float:
        """Return how strongly features speak for a claim."""
        weights = self.file.weights
        linear = sum(weights.get(name, 0.0) * value for name, value in shown.items())
        return self.file.start + linear + self._of_trees(shown)

    def _of_trees(self, shown: Features) -> float:
        names, features, cuts, values = self._forest
        if not len(values):
            return 0.0
        figures = np.array([shown.get(name, 0.0) for name in names])
        goes_on = figures[features] > cuts
        trees = np.arange(len(values))
        node = np.zeros(len(values), dtype=np.int64)
        for _ in range(DEPTH):
            node = 2 * node + 1 + goes_on[trees, node]
        return float(values[trees, node - _INNER].sum())

    @cached_property
    def _forest(self) -> tuple[list[str], Whole, Floats, Floats]:
        """The trees as tables: a name, a feature and a cut a node, a value a leaf."""
        trees = self.file.trees
        names = sorted({name for tree in trees for name in tree.features.values()})
        place = {name: at for at, name in enumerate(names)}
        features = np.zeros((len(trees), _INNER), dtype=np.int64)
        cuts = np.full((len(trees), _INNER), np.inf)
        values = np.zeros((len(trees), _INNER + 1))
        for row, tree in enumerate(trees):
            for node, name in tree.features.items():
                features[row, node], cuts[row, node] = place[name], tree.cuts[node]
            for node, value in tree.values.items():
                leaf = node
                while leaf < _INNER:  # Nothing is above an endless cut.
                    leaf = 2 * leaf + 1
                values[row, leaf - _INNER] = value
        return names, features, cuts, values


@cache
def closeness_model() -> ClosenessModel:
    """Return the model. It is read once, when the first claim is checked."""
    folder = files("navis_api.generation.grounding.closeness")
    packed = folder.joinpath(WEIGHTS).read_bytes()
    return ClosenessModel(ClosenessWeights.model_validate_json(gzip.decompress(packed)))
