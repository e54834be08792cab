"""What the review's mutations take, but for edits."""

from datetime import datetime

import strawberry

from navis_api.errors import InvalidInput
from navis_api.graphql.enums import ReviewDecisionKind, StaffRole
from navis_api.graphql.review.targets import OnRevision


@strawberry.input(description="A draft that is to be reviewed.")
class SubmitForReviewInput(OnRevision):
    """What submitForReview takes."""


@strawberry.input(description="A decision on a revision.")
class ReviewAnswerInput(OnRevision):
    """What reviewAnswer takes."""

    decision: ReviewDecisionKind = strawberry.field(description="What is decided.")
    comment: str | None = strawberry.field(
        default=None, description="Why, for the staff. Needed unless it is approved."
    )


@strawberry.input(description="An approved revision that is to be public.")
class PublishAnswerInput(OnRevision):
    """What publishAnswer takes."""

    slug: str | None = strawberry.field(
        default=None,
        description="Its address, for an answer that has none yet: made from the question unless"
        " given.",
    )
    at: datetime | None = strawberry.field(
        default=None,
        description="When to publish it, with a time zone; within two years. Now, unless given.",
    )

    def moment(self) -> datetime | None:
        """Return when to publish it. Raises InvalidInput for a time without a zone."""
        if self.at is not None and self.at.utcoffset() is None:
            raise InvalidInput(
                "Give the time zone too, such as 2027-01-31T08:00:00Z.", path=("input", "at")
            )
        return self.at


@strawberry.input(description="A scheduled revision that is not to be published by itself.")
class CancelScheduledPublicationInput(OnRevision):
    """What cancelScheduledPublication takes."""


@strawberry.input(description="A published answer that nobody should rely on any more.")
class RetractAnswerInput(OnRevision):
    """What retractAnswer takes."""

    reason: str = strawberry.field(description="Why. Public: the answer's page says it.")


@strawberry.input(description="A revision that waits.")
class ReviewItemInput:
    """What claimReview and releaseReview take."""

    answer_id: strawberry.ID = strawberry.field(description="The answer's `id`.")
    revision: int = strawberry.field(description="The number of the revision.")


@strawberry.input(description="A comment on a revision, or on one claim of it.")
class AddCommentInput:
    """What addComment takes."""

    answer_id: strawberry.ID = strawberry.field(description="The answer's `id`.")
    revision: int = strawberry.field(description="The number of the revision.")
    section: int | None = strawberry.field(
        default=None, description="The claim's section, counted from 0; with `claim`."
    )
    claim: int | None = strawberry.field(
        default=None, description="The claim's place there, counted from 0."
    )
    text: str = strawberry.field(description="What is to be said. The staff alone see it.")


@strawberry.input(description="A comment that was dealt with.")
class ResolveCommentInput:
    """What resolveComment takes."""

    comment_id: strawberry.ID = strawberry.field(description="The comment's `id`.")


@strawberry.input(description="Somebody on the staff.")
class SaveStaffMemberInput:
    """What saveStaffMember takes."""

    subject: str = strawberry.field(description="The `sub` of their access tokens.")
    role: StaffRole = strawberry.field(description="What they do.")
    name: str = strawberry.field(description="Their name, as readers see it.")
    credentials: str = strawberry.field(
        default="", description="What qualifies them, as readers see it. A reviewer needs it."
    )
    cancers: list[str] | None = strawberry.field(
        default=None, description="Slugs of the cancers that a reviewer decides on."
    )
    all_cancers: bool = strawberry.field(
        default=False, description="Whether a reviewer decides on every cancer."
    )
    active: bool = strawberry.field(default=True, description="Whether they are on the staff.")


@strawberry.input(description="How long answers on a cancer hold before they are reviewed again.")
class SetReviewPeriodInput:
    """What setReviewPeriod takes."""

    cancer: str = strawberry.field(description="The cancer's slug; its subtypes are included.")
    months: int | None = strawberry.field(
        description="1 to 60 months. Null: as for the cancer above it."
    )
