"""The review's steps: deciding, publishing, retracting, editing."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import strawberry

from navis_api.answers.models import Answer as AnswerModel
from navis_api.answers.models import AnswerRevision
from navis_api.answers.repository import AnswerView
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.review.acting import Desk, at_desk
from navis_api.graphql.review.edit_inputs import ReviseAnswerInput
from navis_api.graphql.review.inputs import (
    CancelScheduledPublicationInput,
    PublishAnswerInput,
    RetractAnswerInput,
    ReviewAnswerInput,
    SubmitForReviewInput,
)
from navis_api.graphql.review.payloads import (
    AnswerPayload,
    CancelScheduledPublicationPayload,
    PublishAnswerPayload,
    RetractAnswerPayload,
    ReviewAnswerPayload,
    ReviseAnswerPayload,
    SubmitForReviewPayload,
)
from navis_api.review import deciding, publishing, revising

Payload = TypeVar("Payload", bound=AnswerPayload)


async def on_revision(
    info: Info, payload: type[Payload], step: Callable[[Desk], Awaitable[AnswerRevision]]
) -> Payload:
    """Take a step as one of the staff; return the answer at the revision that came of it."""
    try:
        async with at_desk(info) as desk:
            revision = await step(desk)
            answer = await desk.session.get_one(AnswerModel, revision.answer_id)
    except UserFault as fault:
        return payload.refused(fault)
    return payload.of(AnswerView(answer, revision))


@strawberry.type
class ReviewMutations:
    """The fields that Mutation has from the review's steps."""

    @strawberry.mutation(description="Has a draft wait for review. For reviewers and editors.")
    async def submit_for_review(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            SubmitForReviewInput, strawberry.argument(description="Which draft.")
        ],
    ) -> SubmitForReviewPayload:
        """Submit it."""
        return await on_revision(
            info,
            SubmitForReviewPayload,
            lambda desk: revising.submit_for_review(
                desk.session, input.target(), acting=desk.acting, catalogue=desk.catalogue
            ),
        )

    @strawberry.mutation(
        description="Makes a new revision of one with edits, and has it reviewed. What is"
        " published stays so until the new one is. Every claim is checked against what it cites."
        " For reviewers and editors."
    )
    async def revise_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ReviseAnswerInput, strawberry.argument(description="Which revision, and the edits.")
        ],
    ) -> ReviseAnswerPayload:
        """Revise it."""
        return await on_revision(
            info,
            ReviseAnswerPayload,
            lambda desk: revising.revise(
                desk.session,
                input.target(),
                input.edits(),
                input.reason,
                acting=desk.acting,
                catalogue=desk.catalogue,
                checker=info.context.services.claim_checker,
            ),
        )

    @strawberry.mutation(
        description="Decides on a revision. Approving one that is STALE has it stay public for"
        " another while. For reviewers of its cancer who didn't write it."
    )
    async def review_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ReviewAnswerInput, strawberry.argument(description="Which revision, and the decision.")
        ],
    ) -> ReviewAnswerPayload:
        """Decide."""
        return await on_revision(
            info,
            ReviewAnswerPayload,
            lambda desk: deciding.decide(
                desk.session,
                input.target(),
                input.decision,
                input.comment,
                acting=desk.acting,
                catalogue=desk.catalogue,
                review_months=info.context.services.settings.review_months,
            ),
        )

    @strawberry.mutation(
        description="Makes an approved revision public, now or later, in place of the one that"
        " was. For editors."
    )
    async def publish_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            PublishAnswerInput, strawberry.argument(description="Which revision, and when.")
        ],
    ) -> PublishAnswerPayload:
        """Publish it."""
        return await on_revision(
            info,
            PublishAnswerPayload,
            lambda desk: publishing.publish(
                desk.session,
                input.target(),
                slug=input.slug,
                at=input.moment(),
                acting=desk.acting,
                catalogue=desk.catalogue,
            ),
        )

    @strawberry.mutation(
        description="Takes a revision off the schedule; it stays approved. For editors."
    )
    async def cancel_scheduled_publication(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CancelScheduledPublicationInput, strawberry.argument(description="Which revision.")
        ],
    ) -> CancelScheduledPublicationPayload:
        """Take it off."""
        return await on_revision(
            info,
            CancelScheduledPublicationPayload,
            lambda desk: publishing.cancel_schedule(
                desk.session, input.target(), acting=desk.acting, catalogue=desk.catalogue
            ),
        )

    @strawberry.mutation(
        description="Takes a published answer back at once: nobody is served it any more, and its"
        " page says why. For editors and administrators."
    )
    async def retract_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RetractAnswerInput, strawberry.argument(description="Which revision, and why.")
        ],
    ) -> RetractAnswerPayload:
        """Retract it."""
        return await on_revision(
            info,
            RetractAnswerPayload,
            lambda desk: publishing.retract(
                desk.session,
                input.target(),
                input.reason,
                acting=desk.acting,
                catalogue=desk.catalogue,
            ),
        )
