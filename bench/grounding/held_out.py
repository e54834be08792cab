"""How the whole check does on authors from whom nothing in it has learned."""

from collections.abc import Sequence

import numpy as np

from bench.grounding.pairs import PUT_ASIDE, Pair, catalogue
from bench.grounding.regression import fit
from bench.grounding.training import rows_of
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.closeness.model import closeness_model
from navis_api.generation.grounding.side_by_side.reader import says_it
from navis_api.generation.grounding.wrapped import flowing

_PENALTY = 1.0
"""Two figures of many claims need hardly any."""


def print_held_out(given: Sequence[Pair]) -> None:
    """Print the share of unsupported claims refused and of supported ones kept, by author."""
    for author in PUT_ASIDE:
        own = [pair for pair in given if pair.author == author]
        supported = [_is_kept(pair) for pair in own if pair.supported]
        others = [_is_kept(pair) for pair in own if not pair.supported]
        print(
            f"{author:12} {len(own):4} claims"
            f"  refused of unsupported {1 - sum(others) / len(others):.3f}"
            f"  kept of supported {sum(supported) / len(supported):.3f}"
        )
    start, closeness, reading = _fitted(given)
    print(f"Fitted on them: {start:.2f} + {closeness:.2f} closeness + {reading:.2f} reading")


def _is_kept(pair: Pair) -> bool:
    return check_claim(
        pair.claim, pair.evidence, cancer=pair.cancer, catalogue=catalogue()
    ).supported


def _fitted(given: Sequence[Pair]) -> tuple[float, float, float]:
    """Return the start, and what closeness and the reading count."""
    shown: list[tuple[float, float]] = []
    wanted: list[float] = []
    for pair in given:
        if pair.author not in PUT_ASIDE:
            continue
        for row in rows_of([pair]):
            passages = [flowing(each.text) for each in pair.evidence]
            reading = says_it(pair.claim, passages, pair.cancer)
            if reading is not None:
                shown.append((closeness_model().score(dict(row.features)), reading))
                wanted.append(float(row.supported))
    weights, start = fit(np.array(shown), np.array(wanted), penalty=_PENALTY)
    return start, *weights.tolist()
