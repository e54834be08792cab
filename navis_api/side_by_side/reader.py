"""A small transformer that reads two texts together.

Each starts from all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; Apache 2.0), and what it says is no
cosine: each word of one text is read with every word of the other.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from navis_api.side_by_side.tokens import Pieces

PIECES = "pieces.txt"


class Model(Protocol):
    """A model that gives one score for each pair."""

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]], /
    ) -> Sequence[NDArray[np.float32]]:
        """Return what the model gives: here, one array."""
        ...


@dataclass(frozen=True)
class PairReader:
    """Says how surely something is so of two texts, in logits: 0 is even, 3 is 95 in 100.

    Of both together it reads `most_tokens` pieces; what is longer is cut.
    """

    model: Model
    pieces: Pieces
    most_tokens: int

    def read(self, one: str, other: str) -> float:
        """Return one reading; alone, since whole numbers are scaled by all that is read at once.

        Takes some milliseconds, and holds no lock meanwhile: call it on a thread.
        """
        ids, sides = self.pieces.pair(one, other, self.most_tokens)
        given = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.array([sides], dtype=np.int64),
        }
        (scores,) = self.model.run(None, given)
        return float(scores[0])


def load(model: Traversable, most_tokens: int) -> PairReader:
    """Return the reader of a file, which takes a tenth of a second."""
    options = onnxruntime.SessionOptions()
    # One reading is short, and a server has other requests for its other cores.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    loaded = onnxruntime.InferenceSession(
        model.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    places = {piece: place for place, piece in enumerate(known_pieces())}
    return PairReader(cast("Model", loaded), Pieces(places), most_tokens)


@cache
def known_pieces() -> tuple[str, ...]:
    """Return the pieces of words that every reader knows, in the order of their places."""
    return tuple(files(__package__ or "").joinpath(PIECES).read_text("utf-8").splitlines())
