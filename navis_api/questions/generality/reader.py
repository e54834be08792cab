"""The learned reader of generality: a logistic regression on what a question shows."""

import gzip
import re
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from navis_api.questions.generality.features import features
from navis_api.vocabulary.care_explained import care_explained
from navis_api.vocabulary.dying import tells_of_dying
from navis_api.vocabulary.judged import judges_somebody
from navis_api.vocabulary.remedies import asked_remedies

WEIGHTS = "generality_weights.json.gz"
UNIT = 100
"""Weights are whole hundredths, so that the file is the same wherever it is made."""
SURE = 0.35
"""Above this score an answer for anybody is due: of authors held out, one in twenty is wrong who
asks for more than that (decision 94)."""

_HOW_LONG_TO_LIVE = re.compile(
    r"\bhow long\b.*\b(?:die|dying|dead|live|left|kills?"
    r"|(?:do|does|might|will) (?:i|he|she|we) have(?! to))\b",
    re.IGNORECASE,
)
"""Nobody is told in general how long they have, whatever they tell beside it."""


class GeneralityWeights(BaseModel):
    """The file: what each feature counts, and the digest of what was learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    learned_from: str
    start: int
    weights: dict[str, int]

    def score(self, text: str) -> float:
        """Return how strongly a text asks for what is the same whichever cancer it is."""
        return (self.start + sum(self.weights.get(name, 0) for name in features(text))) / UNIT


def is_of_anybody(text: str) -> bool:
    """Whether a question that names no cancer has an answer for whoever has one.

    What an operation or a test is, what a remedy that is praised as a cure does, how to tell a good
    doctor and what eases the last days is the same for any.
    """
    if care_explained(text) is not None or asked_remedies(text) is not None:
        return True
    if judges_somebody(text) or tells_of_dying(text):
        return True
    return _HOW_LONG_TO_LIVE.search(text) is None and weights().score(text) > SURE


@cache
def weights() -> GeneralityWeights:
    """Return what the reader goes by. It is read once."""
    packed = files("navis_api.questions.generality").joinpath(WEIGHTS).read_bytes()
    return GeneralityWeights.model_validate_json(gzip.decompress(packed))
