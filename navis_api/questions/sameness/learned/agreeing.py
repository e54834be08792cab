"""Whether the usual wording that was learned can be what the rules read as well.

The rules may miss what is asked in words that they don't know. Where they did read something that
the usual wording hasn't, somebody asked for something else.
"""

from navis_api.questions.sameness.learned.asked_usually import Trust
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.topics import WHAT_ELSE

_SAID_BESIDE = frozenset(
    {"definition", "what happens", "doing", "telling", "managing", "working", "harm"}
    | {"probability", "next steps", "types"}
)
"""Topics that everyday words name in passing: "what can they do about it"."""

_ACTS = "the cancer acts"
_DOES = " > "
_DENYING = frozenset({"foods to avoid"})
"""Topics that say themselves what is denied: "what must I not eat"."""

_WHOSE = (Slot.STAGE, Slot.MARKER, Slot.POPULATION)
"""Whose question it is; what isn't told of that can't be what is meant."""

_PLACED = ("not", "before", "after", "during", "soon", "without", "refuse", "instead of")


def agrees(usual: Slots, read: Slots, trust: Trust) -> bool:
    """Return whether nothing that was read speaks against the usual wording."""
    others = {
        told
        for told in read.of(Slot.ASKED) - usual.of(Slot.ASKED)
        if not told.startswith(WHAT_ELSE)
    }
    if others and trust is Trust.NOT_AGAINST_RULES:
        return False
    if others - _SAID_BESIDE and trust is not Trust.AGAINST_ANY_TOPIC:
        return False
    if any(
        _is_of_cancer(told, read) for told in read.of(Slot.DIRECTION) - usual.of(Slot.DIRECTION)
    ):
        return False
    if any(usual.of(slot) - read.of(slot) for slot in _WHOSE) or _comes_of_marker(read):
        return False
    if usual.of(Slot.EFFECT) and usual.of(Slot.DIRECTION) != read.of(Slot.DIRECTION):
        return False
    slots = (
        (Slot.TIMING, Slot.NEGATION)
        if _DENYING.isdisjoint(usual.of(Slot.ASKED))
        else (Slot.TIMING,)
    )
    return not any(
        told.startswith(_PLACED) for slot in slots for told in read.of(slot) - usual.of(slot)
    )


def _is_of_cancer(direction: str, read: Slots) -> bool:
    """Return whether it is the cancer that does something to something."""
    return direction == _ACTS or direction.split(_DOES, maxsplit=1)[0] in read.of(Slot.CANCER)


def _comes_of_marker(read: Slots) -> bool:
    """Return whether something comes of what a marker tells of: "Can HBV cause it?"."""
    return any(
        direction.split(_DOES, maxsplit=1)[0] in read.of(Slot.MARKER)
        for direction in read.of(Slot.DIRECTION)
    )
