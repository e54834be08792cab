"""How surely evidence says a claim, learned from claims that people wrote for passages."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.grounding.side_by_side.nearest import nearest
from navis_api.side_by_side.reader import PairReader, load

MODEL = "says_it.onnx"
LEAST_CLAIM_WORDS, LEAST_EVIDENCE_WORDS = 8, 25
MOST_TOKENS = 176
"""Of a claim and its evidence together; the evidence is cut first, where it is the longer one."""


def says_it(claim: str, passages: Sequence[str], cancer: CatalogueEntry | None) -> float | None:
    """Return how surely passages say a claim about a cancer, in logits.

    None where either is shorter than what it has learned from: it would be wrong about that.
    Takes some ten milliseconds.
    """
    evidence = evidence_read(claim, passages, cancer)
    if len(claim.split()) < LEAST_CLAIM_WORDS or len(evidence.split()) < LEAST_EVIDENCE_WORDS:
        return None
    return _reader().read(claim, evidence)


def evidence_read(claim: str, passages: Sequence[str], cancer: CatalogueEntry | None) -> str:
    """Return what is read beside a claim: the cancer, and the sentences nearest to the claim."""
    near = nearest(claim, passages)
    return f"{cancer.name}. {near}" if cancer else near


@cache
def _reader() -> PairReader:
    return load(files(__package__ or "").joinpath(MODEL), MOST_TOKENS)
