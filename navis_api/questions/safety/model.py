"""The learned reader: a weight for each feature and kind, made by `python -m bench.urgency`.

Four logistic regressions, one a kind. A score is the sum of the weights of what a text
shows; above nothing it is likelier than not to be of that kind.
"""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from navis_api.questions.safety.notices import SafetyKind

WEIGHTS = "weights.json.gz"
UNIT = 100
"""Weights are whole hundredths, so that the file is the same wherever it is made."""


FULL_FEATURES = 120
"""A sentence or two show so many. A longer text isn't louder for being longer."""
LOUDNESS = 0.7
"""How much less each feature counts in a longer one: 0 not at all, 1 as in an average."""


def scale(features: int) -> float:
    """Return how much each of so many features counts."""
    return min(1.0, (FULL_FEATURES / max(1, features)) ** LOUDNESS)


class WeightsFile(BaseModel):
    """The file: the kinds in the order of each row, and the digest of what was learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    learned_from: str
    kinds: tuple[SafetyKind, ...]
    start: tuple[int, ...]
    weights: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature."""

    file: WeightsFile

    def scores(self, features: Iterable[str]) -> dict[SafetyKind, float]:
        """Return how strongly a text with these features speaks for each kind."""
        sums = [0] * len(self.file.kinds)
        weights = self.file.weights
        shown = list(features)
        for feature in shown:
            row = weights.get(feature)
            if row is not None:
                for at, weight in enumerate(row):
                    sums[at] += weight
        share = scale(len(shown))
        return {
            kind: (start + total * share) / UNIT
            for kind, start, total in zip(self.file.kinds, self.file.start, sums, strict=True)
        }

    def strongest(self, features: Iterable[str], kind: SafetyKind, most: int) -> tuple[str, ...]:
        """Return the names of the features that speak most for a kind, strongest first."""
        at = self.file.kinds.index(kind)
        known = {
            name: self.file.weights[name][at] for name in features if name in self.file.weights
        }
        ranked = sorted(known, key=lambda name: (-known[name], name))
        return tuple(name for name in ranked[:most] if known[name] > 0)


@cache
def learned_model() -> Model:
    """Return the reader. It is read once."""
    packed = files("navis_api.questions.safety").joinpath(WEIGHTS).read_bytes()
    return Model(WeightsFile.model_validate_json(gzip.decompress(packed)))
