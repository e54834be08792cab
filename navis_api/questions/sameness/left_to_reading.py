"""Which differences the rules leave to whoever reads both questions, and which they never do.

Whose question it is has to be equal in the slots (law 5). What is asked, and what is told on the
way, people put in more words than rules know: there the two are read side by side.
"""

from navis_api.questions.sameness.side_by_side.reader import has_met
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.topics import LEAVE

_WHOSE = (Slot.CANCER, Slot.STAGE, Slot.MARKER, Slot.LINE, Slot.DRUG)
_NEVER_LEFT = (*_WHOSE, Slot.POPULATION, Slot.NEGATION, Slot.NUMBER)
"""With another cancer, stage, drug, patient or number it is another one, whatever is read."""
_TOLD_IN_PASSING = (Slot.TREATMENT, Slot.TEST, Slot.EFFECT)
"""Of these, one question may name more than the other, but not something else."""
_MAY_DIFFER = frozenset({*_TOLD_IN_PASSING, Slot.TIMING, Slot.DIRECTION, Slot.WORDING})
_TELLS_APART = frozenset(
    {"both", "either", "neither", "positiv", "negativ", "partial", "left", "every", "everyone"}
    | {"acute", "chronic", "wet", "dry", "fast", "slow", "good", "between", "rate", "suspect"}
    | {"insertion", "remove", "took", "approv", "law", "system", "mother", "father"}
)
"""Words of one thing among several, where only one of the questions has them."""
_WHOLE_RELATION = 3
"""Who, does what, to whom."""


def is_left_to_reading(asked: Slots, known: Slots) -> bool:
    """Whether two questions that slots don't find the same may still be read as the same."""
    if any(asked.of(slot) != known.of(slot) for slot in _NEVER_LEFT):
        return False
    if any(_is_something_else(asked.of(slot), known.of(slot)) for slot in _TOLD_IN_PASSING):
        return False
    if _who_does_what(asked) != _who_does_what(known):
        return False
    left_over = asked.of(Slot.WORDING) ^ known.of(Slot.WORDING)
    if not left_over.isdisjoint(_TELLS_APART) or not _may_ask_alike(asked, known):
        return False
    return all(_is_known(word) for words in left_over for word in words.split())


def _is_known(stem: str) -> bool:
    """Whether a word isn't the name of a thing that nobody here has heard of."""
    return not stem.isalpha() or has_met(stem)


def _is_something_else(here: frozenset[str], there: frozenset[str]) -> bool:
    return not (here <= there or there <= here)


def _who_does_what(read: Slots) -> frozenset[str]:
    """Return what does something to what, where both are named, and what somebody has besides."""
    relations = {relation: relation.split(" > ") for relation in read.of(Slot.DIRECTION)}
    return frozenset(
        relation
        for relation, parts in relations.items()
        if (len(parts) == _WHOLE_RELATION and "?" not in parts) or relation.startswith("with ")
    )


def _may_ask_alike(asked: Slots, known: Slots) -> bool:
    """Whether what is asked may be the same.

    Not where it is all that differs, or a time that only one has: rules know it then, and no
    word is left to read. Not of what else is named either, where something else is asked of it.
    """
    here, there = asked.of(Slot.ASKED), known.of(Slot.ASKED)
    if LEAVE in here ^ there:
        return False
    differing = {slot for slot in _MAY_DIFFER if asked.of(slot) != known.of(slot)}
    times = asked.of(Slot.TIMING), known.of(Slot.TIMING)
    if not differing or (differing == {Slot.TIMING} and not all(times)):
        return False
    names_more = any(slot in differing for slot in (*_TOLD_IN_PASSING, Slot.TIMING))
    return not (names_more and here and there and _is_something_else(here, there))
