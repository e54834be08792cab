"""What only a personal answer has."""

from typing import Self

import strawberry

from navis_api.generation.contract import Unknown
from navis_api.graphql.enums import FindingKind


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
