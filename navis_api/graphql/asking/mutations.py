"""Asking a question."""

from typing import Annotated

import strawberry

from navis_api.asking.asked import Asked, AskQuestion
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import RateLimited, UserFault
from navis_api.graphql.asking.types import AskQuestionInput, AskQuestionPayload
from navis_api.graphql.context import Info, RequestContext
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.safety.types import SafetyNotice
from navis_api.identity.viewer import ViewerKind
from navis_api.questions.safety.recognition import SafetyKind


async def _ask(context: RequestContext, question: AskQuestion) -> Asked:
    # As ourselves: the same question may have been asked by people whom the
    # viewer must not see. What the payload shows is loaded as the viewer.
    async with context.database.writing(SYSTEM_ROWS) as session:
        return await context.services.asking.ask(
            session, question, viewer=context.viewer, now=context.now
        )


async def _ask_personally(context: RequestContext, question: AskQuestion) -> Asked:
    if context.viewer.kind is not ViewerKind.PATIENT:
        # Who can't have a personal answer gets what is said first all the same.
        return await _ask(context, question)
    if question.idempotency_key:
        async with context.database.reading(SYSTEM_ROWS) as session:
            await context.services.asking.require_other_key(
                session, question, viewer=context.viewer, now=context.now
            )
    async with context.database.writing(context.viewer.rows) as session:
        return await context.services.personal_asking.ask(session, question, acting_in(context))


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
        question = input.to_model(context.language)
        try:
            context.services.rates.count_question(context.payer)
        except RateLimited as fault:
            notices = question.notices(input.text)
            # Whoever is in a crisis goes on: they get help, and make no work.
            if not any(notice.kind is SafetyKind.CRISIS for notice in notices):
                shown = [SafetyNotice.of(notice) for notice in notices]
                return AskQuestionPayload.refused(fault, notices=shown)
        # Before the session opens: two connections at a time could starve the pool.
        await context.loaders.catalogue()
        try:
            asked = await (_ask_personally if question.personal else _ask)(context, question)
        except UserFault as fault:
            notices = [SafetyNotice.of(notice) for notice in question.notices(input.text)]
            return AskQuestionPayload.refused(fault, notices=notices)
        context.forget_loaded()
        return AskQuestionPayload.of(asked)
