"""`python -m bench.generality`: learn again which questions have an answer for anybody.

`--held-out` writes nothing: it learns from all authors but one, for each, and prints how the
reader does on that one's questions.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import navis_api.questions.generality
from bench.generality.texts import Asked, asked, to_learn
from bench.generality.training import learn, packed
from navis_api.questions.generality.reader import SURE, WEIGHTS


def main() -> None:
    """Write the weights, or measure."""
    learned = to_learn()
    if "--held-out" in sys.argv[1:]:
        everything = asked()
        for author in sorted({each.author for each in everything}):
            _print_held_out(
                author,
                [each for each in everything if each.author == author],
                [each for each in learned if each.author != author],
            )
        return
    weights = learn(learned)
    path = Path(navis_api.questions.generality.__path__[0]) / WEIGHTS
    path.write_bytes(packed(weights))
    print(f"{WEIGHTS}: {len(learned)} questions, {len(weights.weights)} features")


def _print_held_out(author: str, own: Sequence[Asked], others: Sequence[Asked]) -> None:
    weights = learn(others)
    told = {True: [0, 0], False: [0, 0]}
    for each in own:
        told[each.of_anybody][weights.score(each.text) > SURE] += 1
    (missed, found), (kept, answered) = told[True], told[False]
    print(
        f"{author:10} {len(own)} questions"
        f"  for anybody: {found / (found + missed):.3f} seen as such"
        f"  by cancer: {kept / (kept + answered):.3f} asked back"
    )


main()
