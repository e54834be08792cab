"""`python -m bench.wording`: learn the reader of wording again, and write its weights.

`--held-out` writes nothing: it learns from three quarters of the authors at a time, and prints
how the reader does on the questions of each of the others.
"""

import sys
from pathlib import Path

from bench.grounding.pairs import catalogue
from bench.wording.held_out import print_held_out
from bench.wording.training import learn, packed, shown
from bench.wording.ways import training_ways
from navis_api.questions.sameness import learned
from navis_api.questions.sameness.learned.model import WEIGHTS


def main() -> None:
    """Write the weights, or measure."""
    ways = training_ways()
    if "--held-out" in sys.argv[1:]:
        print_held_out(ways, catalogue())
        return
    model = learn(ways, shown(ways, catalogue()))
    path = Path(learned.__path__[0]) / WEIGHTS
    path.write_bytes(packed(model))
    print(f"{path.name}: {len(ways)} questions, {len(model.file.names)} features")


main()
