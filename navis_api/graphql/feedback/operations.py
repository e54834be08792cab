"""Giving feedback, and the staff's reading and resolving it."""

from typing import Annotated

import strawberry

from navis_api.db.paging import page_request
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.feedback.types import (
    Feedback,
    FeedbackConnection,
    GiveFeedbackInput,
    GiveFeedbackPayload,
    ResolveFeedbackInput,
    ResolveFeedbackPayload,
    give_feedback_error,
)
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, First, parse_id_of
from navis_api.graphql.review.acting import at_desk
from navis_api.review import feedback


@strawberry.type
class FeedbackQueries:
    """The fields that Query has from feedback."""

    @strawberry.field(
        description="Reports of problems and harm that nobody has dealt with, harm first. For the"
        " staff.",
        metadata=RECORDED,
    )
    async def open_feedback(
        self, info: Info, first: First = None, after: After = None
    ) -> FeedbackConnection:
        """Page through them."""
        page = page_request(first=first, after=after)
        async with at_desk(info) as desk:
            found = await feedback.read_open(desk.session, page, acting=desk.acting)
        return FeedbackConnection.of(found)


@strawberry.type
class FeedbackMutations:
    """The fields that Mutation has from feedback."""

    @strawberry.mutation(
        description="Says whether an answer helped, or that something is wrong with it. A report"
        " of harm is looked at first. Nobody has to sign in."
    )
    async def give_feedback(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            GiveFeedbackInput, strawberry.argument(description="What is said, of which answer.")
        ],
    ) -> GiveFeedbackPayload:
        """Keep it."""
        context = info.context
        try:
            context.services.rates.count_feedback(context.payer)
            # As ourselves: readers write into no table. What they may see is asked as them.
            async with context.database.writing(SYSTEM_ROWS) as session:
                given = await feedback.give(
                    session, input.to_model(), viewer=context.viewer, now=context.now
                )
        except UserFault as fault:
            return GiveFeedbackPayload(feedback=None, errors=[give_feedback_error(fault)])
        context.forget_loaded()
        return GiveFeedbackPayload(feedback=Feedback.of(given), errors=[])

    @strawberry.mutation(
        description="Says what came of feedback, so that nobody looks at it twice. For the staff."
    )
    async def resolve_feedback(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ResolveFeedbackInput, strawberry.argument(description="Which, and what came of it.")
        ],
    ) -> ResolveFeedbackPayload:
        """Resolve it."""
        try:
            id_ = parse_id_of("Feedback", input.feedback_id, argument="feedbackId")
            async with at_desk(info) as desk:
                resolved = await feedback.resolve(
                    desk.session, id_, input.resolution, acting=desk.acting
                )
        except UserFault as fault:
            return ResolveFeedbackPayload.refused(fault)
        return ResolveFeedbackPayload(feedback=Feedback.of(resolved), errors=[])
