"""The learned reader of what is asked: `python -m bench.wording` makes it.

One logistic regression for each usual question (`usual_questions.json`). A score is the sum of
the weights of what a question shows; above nothing it is likelier than not that one.
"""

import base64
import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter

WEIGHTS = "wording_weights.json.gz"
UNIT = 32
"""Weights are whole thirty-seconds that fit a byte, so that the file is small, and the same
wherever it is made."""

GAP = re.compile(r"\{(\w+)\}")


class UsualQuestion(BaseModel):
    """How a kind of question is usually asked, with gaps for what it names.

    `names` is what it names without a gap: "exercise" in "Can I exercise?". `implied` is what
    goes without saying with it, so that it may be said: one is in hospital "after {named}". Of a
    `broad` one several things can be asked, so that the rules must read nothing else. One
    `of_ones_children` is about children who are no patients.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    names: frozenset[str] = frozenset()
    implied: frozenset[str] = frozenset()
    broad: bool = False
    of_ones_children: bool = False

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """Return the gaps in their order."""
        return tuple(GAP.findall(self.question))

    def filled(self, names: Mapping[str, str]) -> str:
        """Return the question with these names in its gaps."""
        return GAP.sub(lambda found: names[found[1]], self.question)


_USUAL = TypeAdapter(dict[str, UsualQuestion])


class WordingWeights(BaseModel):
    """The file, and the digest of what was learned from.

    `weights` are bytes in base 64: a row a name, a column a kind of question. `heard` has each
    word with the kinds that somebody asked in it, by their places, and `heard_often` those that
    several did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    learned_from: str
    kinds: tuple[str, ...]
    start: tuple[int, ...]
    names: tuple[str, ...]
    weights: str
    heard: dict[str, tuple[int, ...]]
    heard_often: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class WordingModel:
    """Scores what a question shows."""

    file: WordingWeights

    def scores(self, shown: Iterable[str]) -> NDArray[np.float64]:
        """Return how strongly it speaks for each kind of question, in their order."""
        rows = sorted(self._rows[name] for name in shown if name in self._rows)
        sums = self._table[rows].sum(axis=0, dtype=np.int64) + self._start
        return sums / UNIT

    def heard_in(self, word: str, *, often: bool = False) -> tuple[int, ...]:
        """Return the kinds of questions that were asked in this word; none for a new one.

        `often` asks for those in which several authors used it.
        """
        return (self.file.heard_often if often else self.file.heard).get(word, ())

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.file.names)}

    @cached_property
    def _start(self) -> NDArray[np.int64]:
        return np.array(self.file.start, dtype=np.int64)

    @cached_property
    def _table(self) -> NDArray[np.int8]:
        packed = np.frombuffer(base64.b64decode(self.file.weights), dtype=np.int8)
        return packed.reshape(len(self.file.names), len(self.file.kinds))


@cache
def wording_model() -> WordingModel:
    """Return the reader. It is read once."""
    packed = files("navis_api.questions.sameness.learned").joinpath(WEIGHTS).read_bytes()
    return WordingModel(WordingWeights.model_validate_json(gzip.decompress(packed)))


@cache
def usual_questions() -> dict[str, UsualQuestion]:
    """Return how each kind of question is usually asked."""
    folder = files("navis_api.questions.sameness.learned")
    return _USUAL.validate_json(folder.joinpath("usual_questions.json").read_bytes())
