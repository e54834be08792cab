"""`python -m bench.grounding`: learn again how closely evidence says what a claim says.

Writes the weights of `navis_api/generation/grounding/closeness`. `--vectors` writes the vectors
of words first; the weights have to be learned anew with them. `--held-out` writes nothing: it
prints how the check does on the claims of the authors who were put aside.
"""

import sys
from pathlib import Path

import navis_api.generation.grounding.closeness
from bench.grounding.held_out import print_held_out
from bench.grounding.pairs import CORPUS, PUT_ASIDE, pairs
from bench.grounding.training import learn, packed, rows_of
from bench.grounding.word_vectors import learned_vectors
from navis_api.generation.grounding.closeness.model import WEIGHTS
from navis_api.generation.grounding.closeness.word_vectors import VECTORS

FOLDER = Path(navis_api.generation.grounding.closeness.__path__[0])


def main() -> None:
    """Write the files, or measure."""
    if "--vectors" in sys.argv[1:]:
        (FOLDER / VECTORS).write_bytes(learned_vectors(CORPUS))
    given = pairs()
    if "--held-out" in sys.argv[1:]:
        print_held_out(given)
        return
    rows = rows_of([pair for pair in given if pair.author not in PUT_ASIDE])
    model = learn(rows)
    (FOLDER / WEIGHTS).write_bytes(packed(model))
    print(f"{WEIGHTS}: {len(rows)} claims, {len(model.file.weights)} features")


main()
