"""Giving one's consent, and taking it back."""

from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.consents.payloads import (
    GrantConsentInput,
    GrantConsentPayload,
    RevokeConsentInput,
    RevokeConsentPayload,
)
from navis_api.graphql.consents.types import Consent
from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import acting_in
from navis_api.records.consents import service


@strawberry.type
class ConsentMutations:
    """The fields that Mutation has from consents."""

    @strawberry.mutation(
        description="Gives the patient's consent to the text that they were shown. It takes the"
        " place of a consent to an older text. Doing it again changes nothing."
    )
    async def grant_consent(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            GrantConsentInput, strawberry.argument(description="What they consent to.")
        ],
    ) -> GrantConsentPayload:
        """Give it."""
        context, storage = info.context, info.context.archive.storage
        try:
            acting = acting_in(context)
            async with context.database.writing(context.viewer.rows) as session:
                view = await service.grant(session, storage, input.purpose, input.version, acting)
        except UserFault as fault:
            return GrantConsentPayload.refused(fault)
        return GrantConsentPayload(consent=Consent.of(view), errors=[])

    @strawberry.mutation(
        description="Takes the patient's consent back, whichever text it was given to. It holds at"
        " once. Doing it again changes nothing."
    )
    async def revoke_consent(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RevokeConsentInput, strawberry.argument(description="What they allow no longer.")
        ],
    ) -> RevokeConsentPayload:
        """Take it back."""
        context = info.context
        try:
            acting = acting_in(context)
            async with context.database.writing(context.viewer.rows) as session:
                view = await service.revoke(session, input.purpose, acting)
        except UserFault as fault:
            return RevokeConsentPayload.refused(fault)
        return RevokeConsentPayload(consent=Consent.of(view), errors=[])
