"""What a patient is asked to allow, and what they said to it."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.graphql.context import Info
from navis_api.graphql.enums import ConsentPurpose, ConsentState
from navis_api.records.consents.texts import current_text
from navis_api.records.consents.views import ConsentView


@strawberry.type(
    description="A purpose for which the viewer's consent is asked, and what they say to it. It is"
    " looked up whenever it matters, so that taking it back holds at once."
)
class Consent:
    """A consent of the viewer's, given or not."""

    purpose: ConsentPurpose = strawberry.field(description="What it is for.")
    state: ConsentState = strawberry.field(
        description="Whether they allow it. Only GRANTED allows it."
    )
    version: int = strawberry.field(
        description="The version of `text`, which `grantConsent` takes."
    )
    granted_version: int | None = strawberry.field(
        description="The version that they consented to last. Null: never."
    )
    granted_at: datetime | None = strawberry.field(
        description="When they consented last. Null: never."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When they took that back. Null: they didn't."
    )

    @strawberry.field(description="What is asked, in a few words, in the reader's language.")
    def title(self, info: Info) -> str:
        """Say it."""
        return current_text(self.purpose, info.context.language).title

    @strawberry.field(
        description="What is asked, in plain words and in the reader's language: what is used, who"
        " sees it, for how long, and how to take it back. Show all of it before asking."
        " Paragraphs have an empty line between them."
    )
    def text(self, info: Info) -> str:
        """Say it."""
        return "\n\n".join(current_text(self.purpose, info.context.language).paragraphs)

    @classmethod
    def of(cls, view: ConsentView) -> Self:
        """Return a consent as clients see it."""
        return cls(
            purpose=view.purpose,
            state=view.state,
            version=view.version,
            granted_version=view.granted_version,
            granted_at=view.granted_at,
            revoked_at=view.revoked_at,
        )
