"""Reviewing personal answers: what waits, one by its id, and deciding."""

from typing import Annotated, Self
from uuid import UUID

import strawberry

from navis_api.asking.personal.reviews import service
from navis_api.asking.personal.reviews.errors import PersonalAnswerDecided as DecidedFault
from navis_api.db.paging import page_request
from navis_api.errors import UserFault
from navis_api.graphql.cancers.family import family_of
from navis_api.graphql.context import Info
from navis_api.graphql.enums import PersonalReviewDecision, WithdrawalReason
from navis_api.graphql.personal_review.types import PersonalReview, PersonalReviewConnection
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, First, parse_id_of
from navis_api.graphql.review.acting import at_desk, reading_at_desk
from navis_api.graphql.review.errors import NotAllowed, NotThere
from navis_api.graphql.user_errors import InvalidInput, UserError
from navis_api.identity.viewer import ViewerKind
from navis_api.review.errors import NotOnStaff


async def find_personal_review(info: Info, id_: UUID) -> PersonalReview | None:
    """Return an answer that the viewer may review; None for whoever is no reviewer of it."""
    context = info.context
    context.reads.keep_private()
    if context.viewer.kind is not ViewerKind.REVIEWER:
        return None
    try:
        async with reading_at_desk(info) as desk:
            found = await service.read(
                desk.session,
                context.archive.storage,
                id_,
                acting=desk.acting,
                catalogue=desk.catalogue,
            )
    except NotOnStaff:
        return None
    return PersonalReview.of(found, desk.catalogue) if found else None


@strawberry.type
class PersonalReviewQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(
        description="Personal answers that wait for a review, the oldest first: those about the"
        " viewer's cancers, of patients who consent to a review at this moment. For reviewers."
        " Each reading is recorded.",
        metadata=RECORDED,
    )
    async def personal_review_queue(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        cancer: Annotated[
            str | None,
            strawberry.argument(description="Slug of a cancer; its subtypes are included."),
        ] = None,
    ) -> PersonalReviewConnection:
        """Page through it."""
        info.context.reads.keep_private()
        page = page_request(first=first, after=after)
        async with reading_at_desk(info) as desk:
            found = await service.list_waiting(
                desk.session,
                info.context.archive.storage,
                page,
                cancer_ids=family_of(desk.catalogue, cancer),
                acting=desk.acting,
                catalogue=desk.catalogue,
            )
        return PersonalReviewConnection.of(found, desk.catalogue)


@strawberry.type(description="Somebody has decided on this answer, and a decision stays.")
class PersonalAnswerDecided(UserError):
    """See `navis_api.asking.personal.reviews.errors.PersonalAnswerDecided`."""


_ErrorType = InvalidInput | NotAllowed | NotThere | PersonalAnswerDecided
ReviewPersonalAnswerError = Annotated[
    _ErrorType,
    strawberry.union(
        "ReviewPersonalAnswerError",
        description="What can stand in the way of reviewing a personal answer.",
    ),
]
_BY_CODE: dict[str, type[_ErrorType]] = {"FORBIDDEN": NotAllowed, "NOT_FOUND": NotThere}


@strawberry.input(description="A decision on a personal answer.")
class ReviewPersonalAnswerInput:
    """What reviewPersonalAnswer takes."""

    id: strawberry.ID = strawberry.field(description="The `id` of the PersonalReview.")
    decision: PersonalReviewDecision = strawberry.field(description="What is decided.")
    reason: WithdrawalReason | None = strawberry.field(
        default=None, description="With REJECT: why. The patient is told it in words of ours."
    )


@strawberry.type(description="What came of a decision on a personal answer.")
class ReviewPersonalAnswerPayload:
    """The result of reviewPersonalAnswer."""

    review: PersonalReview | None = strawberry.field(
        description="The answer with what was decided. Null when there are errors."
    )
    errors: list[ReviewPersonalAnswerError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        kind = (
            PersonalAnswerDecided
            if isinstance(fault, DecidedFault)
            else _BY_CODE.get(fault.code, InvalidInput)
        )
        return cls(review=None, errors=[kind.of(fault)])


@strawberry.type
class PersonalReviewMutations:
    """The fields that Mutation has from this feature."""

    @strawberry.mutation(
        description="Decides on a personal answer, once and for good. APPROVE: its patient sees"
        " that it is reviewed, and by whom. REJECT: it is taken back from them, and they are told"
        " why. For reviewers of its cancer, while its patient consents to a review; nobody"
        " reviews an answer of their own."
    )
    async def review_personal_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ReviewPersonalAnswerInput,
            strawberry.argument(description="Which answer, and the decision."),
        ],
    ) -> ReviewPersonalAnswerPayload:
        """Decide."""
        context = info.context
        context.reads.keep_private()
        try:
            id_ = parse_id_of("PersonalReview", input.id, argument="id")
            async with at_desk(info) as desk:
                decided = await service.decide(
                    desk.session,
                    context.archive.storage,
                    id_,
                    input.decision,
                    input.reason,
                    acting=desk.acting,
                    catalogue=desk.catalogue,
                    review_months=context.services.settings.review_months,
                )
        except UserFault as fault:
            return ReviewPersonalAnswerPayload.refused(fault)
        return ReviewPersonalAnswerPayload(
            review=PersonalReview.of(decided, desk.catalogue), errors=[]
        )
