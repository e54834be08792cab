"""What only personal questions and answers have."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.asking.personal import views
from navis_api.asking.personal.reviews.withdrawal import withdrawal_message
from navis_api.generation.contract import Unknown
from navis_api.graphql.context import Info
from navis_api.graphql.enums import FindingKind, WithdrawalReason


@strawberry.type(
    description="Something that the patient's confirmed findings don't say, or say in different"
    " ways, and that would change their answer."
)
class UnknownFact:
    """An unknown of a personal answer."""

    kind: FindingKind = strawberry.field(description="What kind of fact it would be.")
    name: str = strawberry.field(description="What isn't known, in plain words.")
    question: str = strawberry.field(description="What to ask the care team about it.")
    reason: str = strawberry.field(description="What would change with it, in a sentence.")

    @classmethod
    def of(cls, unknown: Unknown) -> Self:
        """Return an unknown as clients see it."""
        return cls(
            kind=unknown.kind,
            name=unknown.name,
            question=unknown.doctor_question,
            reason=unknown.reason,
        )


@strawberry.type(
    description="That a reviewer took a personal answer back from its patient. Show it in the"
    " answer's place."
)
class Withdrawal:
    """A withdrawal, as the patient sees it."""

    reason: WithdrawalReason = strawberry.field(description="Why, as a fixed reason.")
    reviewer: str = strawberry.field(description="The reviewer's name.")
    credentials: str = strawberry.field(description="What qualifies the reviewer. Show it.")
    withdrawn_at: datetime = strawberry.field(description="When.")

    @strawberry.field(description="Why, and what to do now, in the reader's language.")
    def message(self, info: Info) -> str:
        """Say it."""
        return withdrawal_message(self.reason, info.context.language)

    @classmethod
    def of(cls, withdrawal: views.Withdrawal) -> Self:
        """Return a withdrawal as the patient sees it."""
        return cls(
            reason=withdrawal.reason,
            reviewer=withdrawal.reviewer,
            credentials=withdrawal.credentials,
            withdrawn_at=withdrawal.at,
        )
