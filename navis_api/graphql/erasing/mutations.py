"""Erasing everything that is one's own."""

from typing import Annotated

import strawberry

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.erasing.types import EraseMyDataInput, EraseMyDataPayload, ErasureReceipt
from navis_api.personal_data.erasing import service
from navis_api.personal_data.erasing.finishing import finish_now


@strawberry.type
class ErasingMutations:
    """The fields that Mutation has from erasing."""

    @strawberry.mutation(
        description="Erases everything that is held of the patient who is signed in: records and"
        " what was read out of them, questions that only they asked, what they said of answers,"
        " and the key that their records are sealed with. For good. Doing it again erases what has"
        " come since."
    )
    async def erase_my_data(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            EraseMyDataInput, strawberry.argument(description="The confirmation.")
        ],
    ) -> EraseMyDataPayload:
        """Erase it. The key is destroyed after the transaction, which can't undo that."""
        context = info.context
        try:
            subject, request = service.requested_by_patient(
                context.viewer, input.confirmation, now=context.now, origin=context.origin
            )
        except UserFault as fault:
            return EraseMyDataPayload.refused(fault)
        # As ourselves: much of it is nobody's to remove by themselves.
        async with context.database.writing(SYSTEM_ROWS) as session:
            erasure = await service.erase(session, subject, request)
        context.forget_loaded()
        erasure = await finish_now(
            context.database, context.archive.storage, erasure.id, clock=context.services.clock
        )
        return EraseMyDataPayload(receipt=ErasureReceipt.of(erasure), errors=[])
