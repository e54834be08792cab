"""Whether the usual wording that was learned can be what the rules read as well.

The rules may miss what is asked in words that they don't know. Where they did read something that
the usual wording hasn't, somebody asked for something else.
"""

from collections.abc import Iterator

from navis_api.questions.sameness.beside_effect import BESIDE, PREVENTING
from navis_api.questions.sameness.learned.asked_usually import AskedUsually, Trust
from navis_api.questions.sameness.learned.model import UsualQuestion
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.topics import INVOLVES, WHAT_ELSE, WHICH_ARE_SAFE

_SAID_BESIDE = frozenset(
    {"definition", "what happens", "doing", "telling", "managing", "working", "harm"}
    | {"probability", "next steps", "types"}
)
"""Topics that everyday words name in passing: "what can they do about it"."""

_NEVER_IN_PASSING = frozenset({WHICH_ARE_SAFE, INVOLVES, "safety"})
_DEFINED = "definition"
_ACTS = "the cancer acts"
_DOES = " > "
_CAUSES_WHAT = " > cause > ?"
_SYMPTOMS = frozenset({"symptoms", "early symptoms"})
NAMED = "{named}"
"""In what is implied: the treatment or the test that the question names."""

_NAMED = (Slot.DRUG, Slot.TREATMENT, Slot.TEST)
_DENYING = frozenset({"foods to avoid"})
"""Topics that say themselves what is denied: "what must I not eat"."""

_WHOSE = (Slot.STAGE, Slot.MARKER, Slot.POPULATION)
"""Whose question it is; what isn't told of that can't be what is meant."""

_PLACED = ("not", "before", "after", "during", "soon", "without", "refuse", "instead of")


def agrees(usual: Slots, read: Slots, asked: AskedUsually) -> bool:
    """Return whether nothing that was read speaks against the usual wording."""
    trust = asked.trust
    implied = frozenset(_implied(usual, asked.question))
    others = {
        told
        for told in read.of(Slot.ASKED) - usual.of(Slot.ASKED) - implied
        if not told.startswith(WHAT_ELSE)
    }
    if not _NEVER_IN_PASSING.isdisjoint(others) or (others and trust is Trust.NOT_AGAINST_RULES):
        return False
    if _DEFINED in others and usual.of(Slot.EFFECT):
        # "What is neutropenia in leukemia?" never asks why leukemia causes it.
        return False
    if others - _SAID_BESIDE and trust is not Trust.AGAINST_ANY_TOPIC:
        return False
    if any(
        _is_of_cancer(told, read) and not _has_symptoms(told, usual)
        for told in read.of(Slot.DIRECTION) - usual.of(Slot.DIRECTION)
    ):
        return False
    if any(usual.of(slot) - read.of(slot) for slot in _WHOSE) or _comes_of_marker(read):
        return False
    if usual.of(Slot.EFFECT) and usual.of(Slot.DIRECTION) != read.of(Slot.DIRECTION):
        return False
    if any(told.startswith((BESIDE, PREVENTING)) for told in read.of(Slot.DIRECTION)):
        return False
    slots = (
        (Slot.TIMING, Slot.NEGATION)
        if _DENYING.isdisjoint(usual.of(Slot.ASKED))
        else (Slot.TIMING,)
    )
    return not any(
        told.startswith(_PLACED)
        for slot in slots
        for told in read.of(slot) - usual.of(slot) - implied
    )


def _implied(usual: Slots, question: UsualQuestion) -> Iterator[str]:
    """Yield what may be said with a usual question, since it goes without saying."""
    named = [value for slot in _NAMED for value in usual.of(slot)]
    for told in question.implied:
        if NAMED in told:
            yield from (told.replace(NAMED, value) for value in named)
        else:
            yield told


def _has_symptoms(direction: str, usual: Slots) -> bool:
    """Return whether it is only said that the cancer has symptoms: "Which signs does it cause?"."""
    return direction.endswith(_CAUSES_WHAT) and not _SYMPTOMS.isdisjoint(usual.of(Slot.ASKED))


def _is_of_cancer(direction: str, read: Slots) -> bool:
    """Return whether it is the cancer that does something to something."""
    return direction == _ACTS or direction.split(_DOES, maxsplit=1)[0] in read.of(Slot.CANCER)


def _comes_of_marker(read: Slots) -> bool:
    """Return whether something comes of what a marker tells of: "Can HBV cause it?"."""
    return any(
        direction.split(_DOES, maxsplit=1)[0] in read.of(Slot.MARKER)
        for direction in read.of(Slot.DIRECTION)
    )
