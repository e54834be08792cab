"""How a part of a claim differs from the sentences that it is said to rest on."""

from navis_api.generation.grounding.bindings import binding_differs
from navis_api.generation.grounding.citing import Place
from navis_api.generation.grounding.clauses import clauses_of
from navis_api.generation.grounding.demands import undemanded
from navis_api.generation.grounding.directions import order_differs, pole_differs
from navis_api.generation.grounding.missing import missing_reason
from navis_api.generation.grounding.negation import denial_difference
from navis_api.generation.grounding.numbers import equals_of, number_differs, stage_differs
from navis_api.generation.grounding.parts import Part, stands
from navis_api.generation.grounding.strength import is_stronger
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_NAMING = frozenset(
    {"is", "are", "a", "an", "the", "both", "of", "type", "kind", "form", "types", "kinds", "as",
     "known", "called", "drug", "medicine", "also", "and", ".", ",", "treatment"}
)  # fmt: skip


def difference(part: Part, place: Place) -> Reason | None:
    """Return how a part of a claim differs from what stands at a place, or None."""
    return (
        _elsewhere(part, place, missing_reason(part, place))
        or _elsewhere(part, place, number_differs(part, place.reading))
        or stage_differs(part, place.reading)
        or _turned(part, place)
        or binding_differs(part.claim, part.places, place.reading)
        or _denied_or_hedged(part, place)
    )


def _elsewhere(part: Part, place: Place, reason: Reason | None) -> Reason | None:
    """Tell a name or a number that stands in another sentence from one that stands nowhere."""
    sentences = place.cited.passage.readings
    if reason == Reason(ReasonKind.NAME_NOT_SAID):
        names = [part.token(at) for at in part.needed if part.token(at).kind is Kind.NAME]
        if all(any(stands(name, each) for each in sentences) for name in names):
            return Reason(ReasonKind.NAME_NOT_SAID, "a name of another sentence")
    is_number = reason == Reason(ReasonKind.NUMBER_DIFFERS, "number")
    if is_number and all(any(equals_of(fig, each) for each in sentences) for fig in part.figures):
        return Reason(ReasonKind.NUMBER_DIFFERS, "number of another sentence")
    return reason


def _turned(part: Part, place: Place) -> Reason | None:
    if pole_differs(part.claim, part.places, place.reading):
        return Reason(ReasonKind.DIRECTION_DIFFERS, "the other side")
    if order_differs(part.claim, part.places, place.reading):
        return Reason(ReasonKind.DIRECTION_DIFFERS, "the other way round")
    return None


def _denied_or_hedged(part: Part, place: Place) -> Reason | None:
    involved = clauses_of(part, place.window)
    denial = denial_difference(part.claim, part.places, place.reading, involved)
    if denial is not None:
        return Reason(ReasonKind.NEGATION_DIFFERS, denial)
    demand = undemanded(part, place, involved)
    if demand is not None:
        return demand
    if _only_names(part):
        return None
    if is_stronger(part.claim, part.places, place.reading, involved):
        return Reason(ReasonKind.STRONGER)
    return None


def _only_names(part: Part) -> bool:
    """Whether a claim says no more than what something is: "Dexamethasone is a steroid"."""
    said = [part.token(at).word for at in part.places if not part.token(at).tells]
    return all(word in _NAMING for word in said) and not {"is", "are"}.isdisjoint(said)
