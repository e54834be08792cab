"""Working together: who is at a revision, what is said of it, and who is on the staff."""

from typing import Annotated
from uuid import UUID

import strawberry

from navis_api.answers import repository as answers
from navis_api.answers.repository import AnswerView
from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput, UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.review.acting import Desk, at_desk
from navis_api.graphql.review.inputs import (
    AddCommentInput,
    ResolveCommentInput,
    ReviewItemInput,
    SaveStaffMemberInput,
    SetReviewPeriodInput,
)
from navis_api.graphql.review.parts import ReviewComment
from navis_api.graphql.review.payloads import (
    AddCommentPayload,
    ClaimReviewPayload,
    ReleaseReviewPayload,
    ResolveCommentPayload,
    SaveStaffMemberPayload,
    SetReviewPeriodPayload,
)
from navis_api.graphql.review.types import StaffMember
from navis_api.review import comments, people, periods, queue
from navis_api.review.comments import ClaimPlace
from navis_api.review.errors import RevisionUnknown
from navis_api.review.people import StaffDraft


async def _view(desk: Desk, input_: ReviewItemInput | AddCommentInput) -> AnswerView:
    """Return the revision that is meant. Raises IdInvalid and RevisionUnknown."""
    answer_id = parse_id_of("Answer", input_.answer_id, argument="answerId")
    view = await answers.view_of_revision(desk.session, answer_id, input_.revision)
    if view is None:
        raise RevisionUnknown
    return view


def _place(input_: AddCommentInput) -> ClaimPlace | None:
    if input_.section is None and input_.claim is None:
        return None
    if input_.section is None or input_.claim is None:
        raise InvalidInput("Give `section` and `claim` together.", path=("input", "claim"))
    return ClaimPlace(section=input_.section, claim=input_.claim)


def _cancer_id(catalogue: Catalogue, slug: str, *, argument: str) -> UUID:
    entry = catalogue.by_slug.get(slug)
    if entry is None:
        raise InvalidInput(
            "The catalogue has no cancer with this slug. `cancers` lists those it has.",
            path=("input", argument),
        )
    return entry.id


@strawberry.type
class DeskMutations:
    """The fields that Mutation has from working together."""

    @strawberry.mutation(
        description="Takes a waiting revision for oneself for a while, so that nobody else does"
        " the same work. Claiming it again renews that. For the staff."
    )
    async def claim_review(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ReviewItemInput, strawberry.argument(description="Which revision.")
        ],
    ) -> ClaimReviewPayload:
        """Claim it."""
        try:
            async with at_desk(info) as desk:
                view = await _view(desk, input)
                await queue.claim(
                    desk.session,
                    view.revision.id,
                    acting=desk.acting,
                    catalogue=desk.catalogue,
                    lease_s=info.context.services.settings.review_lease_s,
                )
        except UserFault as fault:
            return ClaimReviewPayload.refused(fault)
        return ClaimReviewPayload.of(view)

    @strawberry.mutation(description="Lets others at a revision that one has claimed.")
    async def release_review(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ReviewItemInput, strawberry.argument(description="Which revision.")
        ],
    ) -> ReleaseReviewPayload:
        """Release it."""
        try:
            async with at_desk(info) as desk:
                view = await _view(desk, input)
                await queue.release(desk.session, view.revision.id, acting=desk.acting)
        except UserFault as fault:
            return ReleaseReviewPayload.refused(fault)
        return ReleaseReviewPayload.of(view)

    @strawberry.mutation(description="Says something of a revision, to the staff alone.")
    async def add_comment(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            AddCommentInput, strawberry.argument(description="What, and of which.")
        ],
    ) -> AddCommentPayload:
        """Add it."""
        try:
            async with at_desk(info) as desk:
                view = await _view(desk, input)
                comment = await comments.add(
                    desk.session,
                    view.revision.id,
                    _place(input),
                    input.text,
                    acting=desk.acting,
                )
        except UserFault as fault:
            return AddCommentPayload.refused(fault)
        return AddCommentPayload(comment=ReviewComment.of(comment), errors=[])

    @strawberry.mutation(description="Marks a comment as dealt with.")
    async def resolve_comment(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ResolveCommentInput, strawberry.argument(description="Which comment.")
        ],
    ) -> ResolveCommentPayload:
        """Resolve it."""
        try:
            id_ = parse_id_of("ReviewComment", input.comment_id, argument="commentId")
            async with at_desk(info) as desk:
                comment = await comments.resolve(desk.session, id_, acting=desk.acting)
        except UserFault as fault:
            return ResolveCommentPayload.refused(fault)
        return ResolveCommentPayload(comment=ReviewComment.of(comment), errors=[])

    @strawberry.mutation(
        description="Puts somebody on the staff, or changes what is known under their subject."
        " For administrators."
    )
    async def save_staff_member(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            SaveStaffMemberInput, strawberry.argument(description="Who.")
        ],
    ) -> SaveStaffMemberPayload:
        """Save them."""
        try:
            async with at_desk(info) as desk:
                draft = StaffDraft(
                    subject=input.subject,
                    role=input.role,
                    name=input.name,
                    credentials=input.credentials,
                    cancer_ids=tuple(
                        _cancer_id(desk.catalogue, slug, argument="cancers")
                        for slug in input.cancers or ()
                    ),
                    all_cancers=input.all_cancers,
                    active=input.active,
                )
                member = await people.save_member(
                    desk.session,
                    draft,
                    actor=desk.acting.actor,
                    catalogue=desk.catalogue,
                    now=desk.acting.now,
                    origin=desk.acting.origin,
                )
        except UserFault as fault:
            return SaveStaffMemberPayload.refused(fault)
        return SaveStaffMemberPayload(
            staff_member=StaffMember.of(member, desk.catalogue), errors=[]
        )

    @strawberry.mutation(
        description="Sets after how long answers on a cancer are reviewed again, from the next"
        " approval on. For administrators."
    )
    async def set_review_period(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            SetReviewPeriodInput, strawberry.argument(description="Which cancer, and how long.")
        ],
    ) -> SetReviewPeriodPayload:
        """Set it."""
        try:
            async with at_desk(info) as desk:
                await periods.set_period(
                    desk.session,
                    _cancer_id(desk.catalogue, input.cancer, argument="cancer"),
                    input.months,
                    acting=desk.acting,
                )
        except UserFault as fault:
            return SetReviewPeriodPayload.refused(fault)
        return SetReviewPeriodPayload(months=input.months, errors=[])
