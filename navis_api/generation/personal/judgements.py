"""Whether something that is said under a condition is said of a patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from navis_api.records.extraction.findings import FindingKind


class Standing(StrEnum):
    """What a patient's facts say of a condition."""

    YES = "YES"
    NO = "NO"
    OPEN = "OPEN"
    """The facts don't say."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition is about: `name` and `key` as in `PatientFact`."""

    kind: FindingKind
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a patient's facts say of one or more conditions.

    `facts` are the numbers of those that it rests on. An open one names the subjects that would
    settle it; that is UNSETTLED where the facts are known and the words of the condition are too
    wide to compare ("advanced" of stage II).
    """

    standing: Standing
    facts: frozenset[int] = frozenset()
    open_on: frozenset[Subject] = frozenset()


UNSETTLED = Subject(FindingKind.STAGE_GROUP, "", "")
"""What no fact would settle: nobody is asked for it."""
NOT_THEIRS = Judgement(Standing.NO)
UNCLEAR = Judgement(Standing.OPEN, open_on=frozenset({UNSETTLED}))


def yes(*facts: int) -> Judgement:
    """Return that a condition holds, by these facts."""
    return Judgement(Standing.YES, frozenset(facts))


def no(*facts: int) -> Judgement:
    """Return that a condition doesn't hold, by these facts."""
    return Judgement(Standing.NO, frozenset(facts))


def is_open(*subjects: Subject) -> Judgement:
    """Return that a condition is open as long as these aren't known."""
    return Judgement(Standing.OPEN, open_on=frozenset(subjects))


def turned(judgement: Judgement) -> Judgement:
    """Return what holds of the opposite: of "unless the cancer is HER2-positive"."""
    opposite = {Standing.YES: Standing.NO, Standing.NO: Standing.YES}
    standing = opposite.get(judgement.standing, judgement.standing)
    return Judgement(standing, judgement.facts, judgement.open_on)


def any_of(judgements: Iterable[Judgement]) -> Judgement:
    """Return what holds of conditions of which one is enough: "stage II or III"."""
    found = list(judgements)
    theirs = [each for each in found if each.standing is Standing.YES]
    left_open = [each for each in found if each.standing is Standing.OPEN]
    if theirs:
        return Judgement(Standing.YES, _facts(theirs))
    if left_open:
        return Judgement(Standing.OPEN, open_on=_subjects(left_open))
    return Judgement(Standing.NO, _facts(found))


def all_of(judgements: Iterable[Judgement]) -> Judgement:
    """Return what holds of conditions that all have to hold. It holds where there are none."""
    found = list(judgements)
    against = [each for each in found if each.standing is Standing.NO]
    left_open = [each for each in found if each.standing is Standing.OPEN]
    if against:
        return Judgement(Standing.NO, _facts(against))
    if left_open:
        return Judgement(Standing.OPEN, open_on=_subjects(left_open))
    return Judgement(Standing.YES, _facts(found))


def _facts(judgements: Iterable[Judgement]) -> frozenset[int]:
    return frozenset[int]().union(*(each.facts for each in judgements))


def _subjects(judgements: Iterable[Judgement]) -> frozenset[Subject]:
    return frozenset[Subject]().union(*(each.open_on for each in judgements))
