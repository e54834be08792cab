"""What a cancer is in its question: only named, or done to, or doing something."""

from collections.abc import Set as AbstractSet

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.row import Row
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken

_CARE = frozenset({Slot.DRUG, Slot.TREATMENT})
_CHOSEN = _CARE | {Slot.TEST}
_NAMED_BY_CANCER = frozenset(
    {"treatment", "treatments", "therapy", "screening", "recurrence", "risk", "patients", "cells"}
    | {"symptoms", "survivors", "diagnosis", "care", "prevention", "research"}
)
_DONE_TO_IT = frozenset(
    {"remove", "removed", "biopsy", "diagnosed", "treated", "found", "staged", "detected", "tested"}
    | {"checked", "graded", "monitored", "classified", "caught", "spotted", "confirmed", "excised"}
    | {"cut", "taken", "scanned", "operated"}
)
"""What doctors do to a cancer: "how is it removed" is "how do they remove it"."""

_ASIDE = frozenset({Slot.STAGE, Slot.MARKER, Slot.POPULATION, Slot.LINE, Slot.CANCER})
_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "may"}
    | {"might", "should", "has"}
)


def is_attached(row: Row, at: int, telling: AbstractSet[int]) -> bool:
    """Whether it is only the one that the question is about: "for colon cancer".

    `telling` are the places of words that nothing explains, and of links.
    """
    following = row.following(at)
    if isinstance(following, Entity) and following.slot in _CHOSEN:
        return True
    if isinstance(following, Spoken) and following.word in _NAMED_BY_CANCER:
        return True
    for before in range(at - 1, -1, -1):
        element = row.elements[before]
        if isinstance(element, Entity):
            if element.slot in _ASIDE:
                continue
            return True
        if element.word in {"is", "are", "was", "be"} and _is_done_to_it(row, at):
            return True
        if element.word in _AUXILIARIES | {"to", "into"} or before in telling:
            return False
        if element.word not in {"a", "an", "the", "my", "your", "his", "her", "their"}:
            return True
    return True


def _is_done_to_it(row: Row, at: int) -> bool:
    following = row.next_telling(at)
    if isinstance(following, Entity):
        return following.slot is Slot.TEST
    return following is not None and following.word in _DONE_TO_IT


def qualifies_cancer(row: Row, at: int) -> bool:
    """Whether this is part of a name: "common bile duct cancer", not "most common"."""
    before = row.before(at)
    following = row.following(at)
    if not isinstance(following, Entity) or following.slot is not Slot.CANCER:
        return False
    if not isinstance(before, Spoken) or before.word not in {"most", "more", "how", "so"}:
        return True
    beyond = row.elements[at + 2] if at + 2 < len(row.elements) else None
    return before.word == "most" and not (
        isinstance(beyond, Spoken) and beyond.word in _NAMED_BY_CANCER
    )


def goes_to(row: Row, at: int) -> bool:
    """Whether the cancer goes somewhere: "Does it go to the brain?" of a cancer."""
    before = row.before(at)
    following = row.following(at)
    return (
        isinstance(before, Entity)
        and before.slot is Slot.CANCER
        and isinstance(following, Spoken)
        and following.word in {"to", "into", "through"}
    )


def is_developed(row: Row, at: int) -> bool:
    """Whether it is asked if some people get it: "Can children get melanoma?"."""
    before = row.before(at)
    following = row.following(at)
    return (
        isinstance(before, Entity)
        and before.slot is Slot.POPULATION
        and isinstance(following, Entity)
        and following.slot is Slot.CANCER
    )


def is_possible_in_some(row: Row, at: int) -> bool:
    """Whether it is asked so: "Is melanoma possible in children?"."""
    around = row.elements[max(at - 1, 0) : at + 3]
    if len(around) < 4:  # noqa: PLR2004  (the cancer, "possible", "in", the people)
        return False
    before, _, _, whom = around
    return (
        isinstance(before, Entity)
        and before.slot is Slot.CANCER
        and isinstance(whom, Entity)
        and whom.slot is Slot.POPULATION
    )
