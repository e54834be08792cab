"""Asking a question."""

from typing import Annotated

import strawberry

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import UserFault
from navis_api.graphql.asking.types import AskQuestionInput, AskQuestionPayload
from navis_api.graphql.context import Info
from navis_api.graphql.safety.types import SafetyNotice
from navis_api.questions.safety.recognition import safety_notices


@strawberry.type
class AskingMutations:
    """The fields that Mutation has from this feature."""

    @strawberry.mutation(
        description="Serves the reviewed answer of the same question, or has one written."
    )
    async def ask_question(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            AskQuestionInput, strawberry.argument(description="The question.")
        ],
    ) -> AskQuestionPayload:
        """Ask."""
        context = info.context
        # Before the session opens: two connections at a time could starve the pool.
        await context.loaders.catalogue()
        try:
            # As ourselves: the same question may have been asked by people whom the
            # viewer must not see. What the payload shows is loaded as the viewer.
            async with context.database.writing(SYSTEM_ROWS) as session:
                asked = await context.services.asking.ask(
                    session, input.to_model(), viewer=context.viewer, now=context.now
                )
        except UserFault as fault:
            notices = [
                SafetyNotice.of(notice)
                for notice in safety_notices(input.text, input.locale or "en")
            ]
            return AskQuestionPayload.refused(fault, notices=notices)
        context.forget_loaded()
        return AskQuestionPayload.of(asked)
