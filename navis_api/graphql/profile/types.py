"""A patient's profile, as the patient sees it."""

from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

import strawberry

from navis_api.graphql.enums import (
    Assertion,
    ContradictionReason,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.graphql.findings.types import Finding
from navis_api.records.profile import facts as known


@strawberry.type(
    description="A fact that the patient confirmed or put right, in one record or in several that"
    " say the same."
)
class ProfileFact:
    """A fact of the viewer's."""

    kind: FindingKind = strawberry.field(description="What it says something about.")
    name: str = strawberry.field(description="What it is about, in plain words.")
    value: str | None = strawberry.field(
        description="What is said of it, as the patient has it. Null where the name says all."
    )
    unit: str | None = strawberry.field(description="The unit of `value`.")
    assertion: Assertion = strawberry.field(
        description="PRESENT: it holds for the patient. ABSENT: it doesn't."
    )
    temporality: Temporality = strawberry.field(
        description="Whether it is of now. HISTORICAL too where a newer value has been found."
    )
    treatment_status: TreatmentStatus | None = strawberry.field(
        description="How far a treatment has come. Null for what is none."
    )
    observed_on: date | None = strawberry.field(
        description="The newest day that its findings have. Null where none has one."
    )
    disputed: bool = strawberry.field(
        description="Whether findings contradict it: see `Profile.contradictions`."
    )
    used_for_answers: bool = strawberry.field(
        description="Whether personal answers may use it. False where its words aren't understood:"
        " ask the patient to put it in the usual terms, with `confirmFindings`."
    )
    findings: list[Finding] = strawberry.field(description="The findings that say so.")

    @classmethod
    def of(cls, fact: known.ProfileFact, profile: known.Profile) -> Self:
        """Return a fact as its patient sees it."""
        return cls(
            kind=fact.kind,
            name=fact.name,
            value=fact.value,
            unit=fact.unit,
            assertion=fact.assertion,
            temporality=fact.temporality,
            treatment_status=fact.treatment_status,
            observed_on=fact.observed_on,
            disputed=fact.disputed,
            used_for_answers=fact.is_readable,
            findings=_findings(fact.finding_ids, profile),
        )


@strawberry.type(
    description="Findings that can't all hold, confirmed or not yet. Nothing resolves it but the"
    " patient, who rejects or corrects some of them with `confirmFindings`."
)
class ProfileContradiction:
    """A contradiction among the viewer's findings."""

    kind: FindingKind = strawberry.field(description="What the findings say something about.")
    name: str = strawberry.field(description="What they are about, in plain words.")
    reason: ContradictionReason = strawberry.field(description="Why they can't all hold.")
    findings: list[Finding] = strawberry.field(
        description="All of them, those that say the same next to each other."
    )

    @classmethod
    def of(cls, contradiction: known.Contradiction, profile: known.Profile) -> Self:
        """Return a contradiction as its patient sees it."""
        return cls(
            kind=contradiction.kind,
            name=contradiction.name,
            reason=contradiction.reason,
            findings=_findings(contradiction.finding_ids, profile),
        )


@strawberry.type(
    description="What is known of a patient: what they confirmed of their records, and nothing"
    " else. What a record says of relatives, or leaves open, isn't there."
)
class Profile:
    """The viewer's profile."""

    facts: list[ProfileFact] = strawberry.field(
        description="What they confirmed, by kind; what holds now comes first."
    )
    contradictions: list[ProfileContradiction] = strawberry.field(
        description="Where findings disagree, also those that the patient hasn't looked at."
    )

    @classmethod
    def of(cls, profile: known.Profile) -> Self:
        """Return a profile as its patient sees it."""
        return cls(
            facts=[ProfileFact.of(fact, profile) for fact in profile.facts],
            contradictions=[
                ProfileContradiction.of(each, profile) for each in profile.contradictions
            ],
        )


def _findings(ids: Iterable[UUID], profile: known.Profile) -> list[Finding]:
    return [Finding.of(profile.findings[id_]) for id_ in ids]
