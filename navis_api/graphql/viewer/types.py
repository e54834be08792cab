"""The viewer, as the viewer sees it."""

from typing import Self

import strawberry

from navis_api.db.paging import page_request
from navis_api.graphql.consents.queries import find_consents
from navis_api.graphql.consents.types import Consent
from navis_api.graphql.context import Info
from navis_api.graphql.enums import ViewerKind
from navis_api.graphql.personal.queries import list_personal_questions
from navis_api.graphql.profile.queries import find_profile
from navis_api.graphql.profile.types import Profile
from navis_api.graphql.questions.types import QuestionConnection
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, Before, First, Last
from navis_api.identity import viewer as identity


@strawberry.type(description="Whoever sends this request.")
class Viewer:
    """The viewer of the request."""

    kind: ViewerKind = strawberry.field(description="What kind of viewer it is.")
    subject: str | None = strawberry.field(
        description="The identity provider's name for the viewer. Null: not signed in."
    )

    @strawberry.field(
        description="Everything that the viewer's consent is asked for, and what they say to it."
        " Empty for whoever isn't a patient.",
        metadata=RECORDED,
    )
    async def consents(self, info: Info) -> list[Consent]:
        """Load them."""
        return await find_consents(info)

    @strawberry.field(
        description="What the viewer has confirmed of their records. Null for whoever isn't a"
        " patient.",
        metadata=RECORDED,
    )
    async def profile(self, info: Info) -> Profile | None:
        """Load it."""
        return await find_profile(info)

    @strawberry.field(
        description="The viewer's own personal questions, the newest first. Empty for whoever isn't"
        " a patient.",
        metadata=RECORDED,
    )
    async def personal_questions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> QuestionConnection:
        """Page through them."""
        page = page_request(first=first, after=after, last=last, before=before)
        return QuestionConnection.of(await list_personal_questions(info, page))

    @strawberry.field(
        description="Where the viewer gets everything that is held of them, as a FHIR R4 bundle:"
        " with GET and the same `Authorization` header. `?contents=separate` leaves files out and"
        " says where each is. Null for whoever isn't a patient."
    )
    def export_url(self, info: Info) -> str | None:
        """Tell the address."""
        if info.context.viewer.kind is not identity.ViewerKind.PATIENT:
            return None
        return f"{info.context.services.settings.public_address}/export"

    @classmethod
    def of(cls, viewer: identity.Viewer) -> Self:
        """Return the viewer as clients see it."""
        return cls(kind=viewer.kind, subject=viewer.subject)
