"""Whether numbers and stages of a claim are those of its evidence, and of the same things."""

from navis_api.generation.grounding.figures import Figure
from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.places import fits_better
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind


def number_differs(part: Part, window: Reading) -> Reason | None:
    """Return how a number of a claim differs from what stands in a window, or None."""
    for figure in part.figures:
        equal = equals_of(figure, window)
        if not equal:
            return Reason(ReasonKind.NUMBER_DIFFERS, "number")
        same = [other.place for other in equal if figure.bound is other.bound]
        if not same:
            return Reason(ReasonKind.NUMBER_DIFFERS, "bound")
        others = [
            other.place
            for other in window.figures
            if other not in equal and other.is_share == figure.is_share
        ]
        if not fits_better(part.claim, figure.place, part.places, window, same, others):
            return Reason(ReasonKind.NUMBER_DIFFERS, "of what")
    return None


def equals_of(figure: Figure, window: Reading) -> list[Figure]:
    """Return the figures of a window that say a number; of a range, those of its two ends too."""
    equal = [other for other in window.figures if figure.equals(other)]
    if equal or len(figure.quantity.values) == 1:
        return equal
    ends = [[other for other in window.figures if end.equals(other)] for end in figure.ends()]
    return [other for found in ends for other in found] if all(ends) else []


def stage_differs(part: Part, window: Reading) -> Reason | None:
    """Return a reason where what is said of one stage is said of another one in a window."""
    own = {part.token(at).keys[0] for at in part.places if part.token(at).kind is Kind.STAGE}
    others = [
        at
        for at, token in enumerate(window.tokens)
        if token.kind is Kind.STAGE and token.keys[0] not in own
    ]
    for at in part.needed:
        if part.token(at).kind is not Kind.STAGE:
            continue
        same = window.said.get(part.token(at).keys[0], [])
        if not fits_better(part.claim, at, part.places, window, same, others):
            return Reason(ReasonKind.STAGE_DIFFERS)
    return None
