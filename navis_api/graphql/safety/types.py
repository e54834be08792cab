"""What comes first: notices about emergencies, crises and the limits of an answer."""

from typing import Self

import strawberry

from navis_api.graphql.enums import SafetyKind
from navis_api.questions.safety import notices


@strawberry.type(description="Something that comes before any answer. Clients show it first.")
class SafetyNotice:
    """A notice."""

    kind: SafetyKind = strawberry.field(description="What it is about.")
    message: str = strawberry.field(description="What to do now.")
    contacts: list[str] = strawberry.field(description="Whom to call.")

    @classmethod
    def of(cls, notice: notices.SafetyNotice) -> Self:
        """Return a notice as clients see it."""
        return cls(kind=notice.kind, message=notice.message, contacts=list(notice.contacts))
