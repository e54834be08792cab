"""What the review's mutations give."""

from typing import Self

import strawberry

from navis_api.answers.repository import AnswerView
from navis_api.errors import UserFault
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.review.errors import ReviewError, review_error
from navis_api.graphql.review.parts import ReviewComment
from navis_api.graphql.review.types import StaffMember


@strawberry.type
class _Payload:
    """Errors, which every payload has."""

    errors: list[ReviewError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )


@strawberry.type
class AnswerPayload(_Payload):
    """An answer at the revision that was acted on."""

    answer: Answer | None = strawberry.field(
        description="The answer at this revision, as it is now. Null when there are errors."
    )

    @classmethod
    def of(cls, view: AnswerView) -> Self:
        """Return a success."""
        return cls(answer=Answer.of(view), errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(answer=None, errors=[review_error(fault)])


@strawberry.type(description="What came of submitting a draft.")
class SubmitForReviewPayload(AnswerPayload):
    """The result of submitForReview."""


@strawberry.type(description="What came of a decision.")
class ReviewAnswerPayload(AnswerPayload):
    """The result of reviewAnswer."""


@strawberry.type(description="What came of edits: a new revision, which waits for review.")
class ReviseAnswerPayload(AnswerPayload):
    """The result of reviseAnswer."""


@strawberry.type(description="What came of publishing.")
class PublishAnswerPayload(AnswerPayload):
    """The result of publishAnswer."""


@strawberry.type(description="What came of taking a publication off its schedule.")
class CancelScheduledPublicationPayload(AnswerPayload):
    """The result of cancelScheduledPublication."""


@strawberry.type(description="What came of retracting an answer.")
class RetractAnswerPayload(AnswerPayload):
    """The result of retractAnswer."""


@strawberry.type(description="What came of claiming a revision.")
class ClaimReviewPayload(AnswerPayload):
    """The result of claimReview."""


@strawberry.type(description="What came of releasing a revision.")
class ReleaseReviewPayload(AnswerPayload):
    """The result of releaseReview."""


@strawberry.type
class _CommentPayload(_Payload):
    """A comment."""

    comment: ReviewComment | None = strawberry.field(
        description="The comment. Null when there are errors."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(comment=None, errors=[review_error(fault)])


@strawberry.type(description="What came of commenting.")
class AddCommentPayload(_CommentPayload):
    """The result of addComment."""


@strawberry.type(description="What came of resolving a comment.")
class ResolveCommentPayload(_CommentPayload):
    """The result of resolveComment."""


@strawberry.type(description="What came of putting somebody on the staff.")
class SaveStaffMemberPayload(_Payload):
    """The result of saveStaffMember."""

    staff_member: StaffMember | None = strawberry.field(
        description="Who is known now. Null when there are errors."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(staff_member=None, errors=[review_error(fault)])


@strawberry.type(description="What came of setting a review period.")
class SetReviewPeriodPayload(_Payload):
    """The result of setReviewPeriod."""

    months: int | None = strawberry.field(description="The period that was set.")

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(months=None, errors=[review_error(fault)])
