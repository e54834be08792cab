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
_FOLDER = files(__package__ or "")


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

    def scores(self, asked: str, known: Sequence[str], *, enough: float) -> list[float]:
        """Return how surely the asked question is each known one.

        A pair is as sure as its less sure reading, whichever of the two is read first; where
        the first isn't sure `enough`, nothing is read the other way round. Takes some
        milliseconds a pair, and holds no lock meanwhile: call it on a thread.
        """
        return [self._score(asked, each, enough) for each in known]

    def _score(self, asked: str, known: str, enough: float) -> float:
        score = self._read(asked, known)
        return score if score < enough else min(score, self._read(known, asked))

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
    options = onnxruntime.SessionOptions()
    # One question's reading is short, and a server has other requests for its other cores.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = onnxruntime.InferenceSession(
        _FOLDER.joinpath(MODEL).read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    places = {piece: place for place, piece in enumerate(_lines(PIECES))}
    return SideBySide(cast("Model", model), Pieces(places))


def has_met(stem: str) -> bool:
    """Whether the reader has met any word that starts so: what else it reads is a name to it."""
    words = _words()
    at = bisect_left(words, stem)
    return at < len(words) and words[at].startswith(stem)


@cache
def _words() -> Sequence[str]:
    return sorted({*_lines(WORDS), *(piece for piece in _lines(PIECES) if piece.isalpha())})


def _lines(name: str) -> list[str]:
    return _FOLDER.joinpath(name).read_text("utf-8").splitlines()
