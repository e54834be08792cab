"""A patient's profile: what they confirmed as facts, and where their records disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.views import FindingView

MAX_FOR_GENERATION: Final = 200
"""As many facts as the generation service takes: far more than a course of treatment has."""


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """A fact that the patient confirmed, in one finding or in several that say the same.

    `name` to `line` are as in `records.extraction.findings.Finding`, as the patient has it.
    `temporality` is HISTORICAL too for what has a newer value. `observed_on` is the newest day
    that any of the findings has. A fact that is `disputed` stands in a contradiction.
    `is_readable` is whether the vocabulary reads it: only then it is used for answers.
    """

    finding_ids: tuple[UUID, ...]
    kind: FindingKind
    name: str
    key: str
    value: str | None
    unit: str | None
    assertion: Assertion
    temporality: Temporality
    treatment_status: TreatmentStatus | None
    line: str | None
    observed_on: date | None
    disputed: bool
    is_readable: bool = True


class ContradictionReason(StrEnum):
    """Why findings can't all hold."""

    DIFFERENT = "DIFFERENT"
    """They give the same thing different values."""
    DENIED = "DENIED"
    """One says that it is so, and another that it isn't."""
    ORDER_UNKNOWN = "ORDER_UNKNOWN"
    """They are values of different days, and it isn't known which is the newest."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Findings that can't all hold, whether the patient has confirmed them or not yet.

    It goes when the patient rejects or corrects some of them. Nothing else resolves it.
    """

    kind: FindingKind
    name: str
    reason: ContradictionReason
    finding_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one patient. `findings` are those that facts and contradictions name."""

    facts: tuple[ProfileFact, ...]
    contradictions: tuple[Contradiction, ...]
    findings: Mapping[UUID, FindingView]
    stripped: tuple[ProfileFact, ...]

    def for_generation(self) -> tuple[ProfileFact, ...]:
        """Return the facts as they may be handed to a generator, 200 at most.

        Each is in the vocabulary's words alone, without days, and without what the vocabulary
        can't read. Nothing comes from findings that the patient hasn't confirmed: `disputed` is
        what contradicts another confirmed finding. Of values that change with time the newest
        is there.
        """
        return self.stripped


NO_PROFILE: Final = Profile((), (), {}, ())
