"""A small transformer that reads two questions side by side, learned from how people ask.

It starts from all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; Apache 2.0), and what it says is no
cosine: each word of one question is read with every word of the other.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from navis_api.questions.sameness.side_by_side.tokens import Pieces

MODEL = "asks_the_same.onnx"
PIECES = "pieces.txt"
WORDS = "words.txt"
"""Words that people asked in, and that the model knows in pieces."""
MOST_TOKENS = 96
"""Of two questions together: what is longer is cut, and tells too much to be somebody else's."""


class Model(Protocol):
    """A model that gives one score for each pair."""

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]], /
    ) -> Sequence[NDArray[np.float32]]:
        """Return what the model gives: here, one array."""
        ...


@dataclass(frozen=True)
class SideBySide:
    """Says how surely two questions ask for the same, in logits: 0 is even, 3 is 95 in 100."""

    model: Model
    pieces: Pieces
    words: Sequence[str]

    def scores(self, asked: str, known: Sequence[str]) -> list[float]:
        """Return how surely the asked question is each known one, whichever is read first.

        A pair is as sure as its less sure reading. Takes some milliseconds a pair, and holds
        no lock meanwhile: call it on a thread.
        """
        return [min(self._read(asked, each), self._read(each, asked)) for each in known]

    def knows(self, stem: str) -> bool:
        """Whether it has met any word that starts so: a thing with another name is new to it."""
        at = bisect_left(self.words, stem)
        return at < len(self.words) and self.words[at].startswith(stem)

    def _read(self, one: str, other: str) -> float:
        """Return one reading; alone, since whole numbers are scaled by all that is read at once."""
        ids, sides = self.pieces.pair(one, other, MOST_TOKENS)
        given = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.array([sides], dtype=np.int64),
        }
        (scores,) = self.model.run(None, given)
        return float(scores[0])


@cache
def side_by_side() -> SideBySide:
    """Return the reader. It is loaded once."""
    folder = files(__package__ or "")
    options = onnxruntime.SessionOptions()
    # One question's reading is short, and a server has other requests for its other cores.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = onnxruntime.InferenceSession(
        folder.joinpath(MODEL).read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    known = folder.joinpath(PIECES).read_text("utf-8").splitlines()
    words = folder.joinpath(WORDS).read_text("utf-8").splitlines()
    return SideBySide(
        cast("Model", model),
        Pieces({piece: place for place, piece in enumerate(known)}),
        sorted({*words, *(piece for piece in known if piece.isalpha())}),
    )
