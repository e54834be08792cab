"""How surely two questions ask for the same, learned from how people ask."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from navis_api.side_by_side.reader import PairReader, known_pieces, load

MODEL = "asks_the_same.onnx"
WORDS = "words.txt"
"""Words that people asked in, and that the model knows in pieces."""
MOST_TOKENS = 96
"""Of two questions together: what is longer is cut, and tells too much to be somebody else's."""
_FOLDER = files(__package__ or "")


@dataclass(frozen=True)
class SideBySide:
    """Says how surely two questions ask for the same, in logits."""

    reader: PairReader

    def scores(self, asked: str, known: Sequence[str], *, enough: float) -> list[float]:
        """Return how surely the asked question is each known one.

        A pair is as sure as its less sure reading, whichever of the two is read first; where
        the first isn't sure `enough`, nothing is read the other way round. Takes some
        milliseconds a pair, and holds no lock meanwhile: call it on a thread.
        """
        return [self._score(asked, each, enough) for each in known]

    def _score(self, asked: str, known: str, enough: float) -> float:
        score = self.reader.read(asked, known)
        return score if score < enough else min(score, self.reader.read(known, asked))


@cache
def side_by_side() -> SideBySide:
    """Return the reader. It is loaded once."""
    return SideBySide(load(_FOLDER.joinpath(MODEL), MOST_TOKENS))


def has_met(stem: str) -> bool:
    """Whether the reader has met any word that starts so: what else it reads is a name to it."""
    words = _words()
    at = bisect_left(words, stem)
    return at < len(words) and words[at].startswith(stem)


@cache
def _words() -> Sequence[str]:
    spelled = _FOLDER.joinpath(WORDS).read_text("utf-8").splitlines()
    return sorted({*spelled, *(piece for piece in known_pieces() if piece.isalpha())})
