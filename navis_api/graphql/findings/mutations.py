"""Deciding on one's own findings."""

from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.findings.payloads import ConfirmFindingsInput, ConfirmFindingsPayload
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.records.acting import acting_in
from navis_api.records.findings import deciding


@strawberry.type
class FindingMutations:
    """The fields that Mutation has from findings."""

    @strawberry.mutation(
        description="Confirms, corrects or rejects findings of the patient's own, all of them or"
        " none. A decision may be changed for another. Doing it again changes nothing."
    )
    async def confirm_findings(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ConfirmFindingsInput, strawberry.argument(description="The decisions.")
        ],
    ) -> ConfirmFindingsPayload:
        """Write them."""
        context = info.context
        try:
            acting = acting_in(context)
            decisions = input.to_model()
            async with context.database.writing(context.viewer.rows) as session:
                views = await deciding.decide(session, context.archive.storage, decisions, acting)
        except UserFault as fault:
            return ConfirmFindingsPayload.refused(fault)
        context.forget_loaded()
        return ConfirmFindingsPayload(findings=[Finding.of(view) for view in views], errors=[])
