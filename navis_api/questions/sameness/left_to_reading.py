"""Which differences the rules leave to whoever reads both questions, and which they never do.

Whose question it is has to be equal in the slots (law 5). What is asked, and what is told on the
way, people put in more words than rules know: there the two are read side by side.
"""

import re
from collections.abc import Set as AbstractSet

from navis_api.questions.sameness.side_by_side.reader import has_met
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.topics import LEAVE

SURE_READING = 2.4
"""From this score on, two questions read side by side ask for the same (decision 93)."""
VERY_SURE_READING = 3.0
"""The same, where one of the questions leaves something open, …"""
CERTAIN_READING = 4.0
"""… and where one tells the age of a grown-up, or that somebody cares for one."""

_WHOSE = (Slot.CANCER, Slot.STAGE, Slot.MARKER, Slot.LINE, Slot.DRUG)
_NEVER_LEFT = (*_WHOSE, Slot.NEGATION, Slot.NUMBER)
"""With another cancer, stage, drug, denial or number it is another one, whatever is read."""
_OF_A_STORY = re.compile(r"caregiver|age (?:1[89]|[2-6]\d|7[0-5])")
"""Whom a question may tell of and ask the same: none that is treated otherwise."""
_TOLD_IN_PASSING = (Slot.TREATMENT, Slot.TEST, Slot.EFFECT, Slot.TIMING)
"""Of these, one question may name more than the other, but not something else."""
_MAY_DIFFER = frozenset({*_TOLD_IN_PASSING, Slot.DIRECTION, Slot.WORDING})
_TELLS_APART = frozenset(
    {"both", "either", "neither", "positiv", "negativ", "partial", "left", "every", "everyone"}
    | {"acute", "chronic", "wet", "dry", "fast", "slow", "good", "between", "rate", "suspect"}
    | {"permanent", "temporary", "hot", "cold", "warm", "cool"}
    | {"insertion", "remove", "took", "approv", "law", "system", "mother", "father"}
    | {"pill", "tablet", "capsule", "injection", "infusion", "drip", "itself", "own", "plan"}
)
"""Words of one thing among several, where only one of the questions has them."""
_OF_WHAT_IS_NAMED = frozenset({"diagnosis", "treatment", "screening", "staging"})
"""Topics that a test or a treatment narrows down, where it is named."""
_ACTOR_AND_DEED = 2


def sure_from(asked: Slots, known: Slots) -> float | None:
    """Return the score from which on two questions, read side by side, ask for the same.

    None where no reading makes them the same.
    """
    if any(asked.where_asked(slot) != known.where_asked(slot) for slot in _NEVER_LEFT):
        return None
    of_whom = asked.where_asked(Slot.POPULATION) ^ known.where_asked(Slot.POPULATION)
    if not all(map(_OF_A_STORY.fullmatch, of_whom)):
        return None
    passing = [(asked.of(slot), known.of(slot)) for slot in _TOLD_IN_PASSING]
    if any(_is_something_else(here, there) for here, there in passing):
        return None
    is_defined = "definition" in asked.of(Slot.ASKED) & known.of(Slot.ASKED)
    if is_defined and any(here != there for here, there in passing):
        # A biopsy of the bone marrow isn't the bone marrow.
        return None
    differing = {slot for slot in _MAY_DIFFER if asked.of(slot) != known.of(slot)}
    if _who_does_what(asked) != _who_does_what(known) or _rules_know_it(asked, known, differing):
        return None
    left_over = asked.of(Slot.WORDING) ^ known.of(Slot.WORDING)
    words = [word for words in left_over for word in words.split()]
    if not left_over.isdisjoint(_TELLS_APART) or not all(map(_is_known, words)):
        return None
    if of_whom:
        return CERTAIN_READING
    return VERY_SURE_READING if _is_doubtful(asked, known, differing) else SURE_READING


def _is_known(stem: str) -> bool:
    """Whether a word isn't the name of a thing that nobody here has heard of."""
    return not stem.isalpha() or has_met(stem)


def _is_something_else(here: frozenset[str], there: frozenset[str]) -> bool:
    return not (here <= there or there <= here)


def _who_does_what(read: Slots) -> frozenset[str]:
    """Return what does something to what, or with what, where both are named or go without saying.

    Who asks may do something to a relative in more words than rules know.
    """
    relations = {relation: relation.split(" > ") for relation in read.of(Slot.DIRECTION)}
    return frozenset(
        relation
        for relation, parts in relations.items()
        if len(parts) != _ACTOR_AND_DEED and ("?" not in parts or "affect" in parts)
    )


def _rules_know_it(asked: Slots, known: Slots, differing: AbstractSet[Slot]) -> bool:
    """Whether no word is left to read: what is asked is all that differs, or a time of one."""
    here, there = asked.of(Slot.ASKED), known.of(Slot.ASKED)
    times = asked.of(Slot.TIMING), known.of(Slot.TIMING)
    if LEAVE in here ^ there or (differing == {Slot.TIMING} and not all(times)):
        return True
    return not differing and (here != there or not here)


def _is_doubtful(asked: Slots, known: Slots, differing: AbstractSet[Slot]) -> bool:
    """Whether one question tells what the other leaves open.

    So it is with a number or a denial that was only told before it is asked; where only how it
    is asked differs; and where one names more, and something else is asked of it, or just that:
    "which blood tests".
    """
    told = (*_NEVER_LEFT, Slot.POPULATION)
    if not differing or any(asked.of(slot) != known.of(slot) for slot in told):
        return True
    if differing.isdisjoint(_TOLD_IN_PASSING):
        return False
    here, there = asked.of(Slot.ASKED), known.of(Slot.ASKED)
    of_the_named = not _OF_WHAT_IS_NAMED.isdisjoint(here & there)
    return of_the_named or _is_something_else(here, there)
