"""`python -m bench.urgency`: learn the reader of urgent wording again, and write its weights.

`--held-out` writes nothing: it learns from all groups but some, five times, and prints
how the reader and the rules do on the groups that were held out.
"""

import sys
from pathlib import Path

import navis_api.questions.safety
from bench.urgency.held_out import print_held_out
from bench.urgency.texts import training_texts, varied
from bench.urgency.training import learn, packed, shown
from navis_api.questions.safety.model import WEIGHTS


def main() -> None:
    """Write the weights, or measure."""
    texts = training_texts()
    if "--held-out" in sys.argv[1:]:
        print_held_out(texts)
        return
    texts += varied(texts)
    model = learn(texts, shown(texts))
    path = Path(navis_api.questions.safety.__path__[0]) / WEIGHTS
    path.write_bytes(packed(model))
    print(f"{path.name}: {len(texts)} texts, {len(model.file.weights)} features")


main()
