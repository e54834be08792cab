"""What an answer shows to the staff alone. To everybody else it is null or empty."""

from datetime import datetime

import strawberry

from navis_api.answers.published_repository import ShownAnswer
from navis_api.graphql.context import Info
from navis_api.graphql.feedback.parts import FeedbackSummary
from navis_api.graphql.review.parts import ReviewComment, ReviewDecision, ReviewItem
from navis_api.graphql.translations.types import AnswerTranslation
from navis_api.graphql.viewer.roles import is_staff


@strawberry.type
class AnswerDesk:
    """Fields that Answer has for the review."""

    view: strawberry.Private[ShownAnswer]

    @strawberry.field(
        description="How often this revision has changed: what a decision on it has to name as"
        " `expectedVersion`."
    )
    def version(self, info: Info) -> int:
        """Take it from the row. It changes with what readers never hear of."""
        info.context.reads.keep_private()
        return self.view.revision.lock_version

    @strawberry.field(
        description="When it is to be published by itself. Null where nothing is scheduled, and to"
        " all but the staff."
    )
    def publish_at(self, info: Info) -> datetime | None:
        """Take it from the row."""
        if not is_staff(info.context.viewer):
            return None
        info.context.reads.keep_private()
        return self.view.revision.publish_at

    @strawberry.field(
        description="Its place in the review queue. Null where it doesn't wait, and to all but the"
        " staff."
    )
    async def review_item(self, info: Info) -> ReviewItem | None:
        """Load it with those of the other answers of this level."""
        if not is_staff(info.context.viewer):
            return None
        entry = await info.context.loaders.review.queue_entry.load(self.view.revision.id)
        return ReviewItem.of(entry) if entry else None

    @strawberry.field(
        description="What the staff say of this revision, oldest first. Empty to all others."
    )
    async def comments(self, info: Info) -> list[ReviewComment]:
        """Load them with those of the other answers of this level."""
        if not is_staff(info.context.viewer):
            return []
        found = await info.context.loaders.review.comments_on.load(self.view.revision.id)
        return [ReviewComment.of(each) for each in found or ()]

    @strawberry.field(
        description="This revision in other languages, oldest first, as they were handed in. Empty"
        " to all but the staff."
    )
    async def translations(self, info: Info) -> list[AnswerTranslation]:
        """Load them with those of the other answers of this level."""
        if not is_staff(info.context.viewer):
            return []
        found = await info.context.loaders.review.translations.load(self.view.revision.id)
        return [AnswerTranslation.of(each) for each in found or ()]

    @strawberry.field(
        description="What was decided on this revision, oldest first. Empty to all but the staff."
    )
    async def decisions(self, info: Info) -> list[ReviewDecision]:
        """Load them with those of the other answers of this level."""
        if not is_staff(info.context.viewer):
            return []
        found = await info.context.loaders.review.decisions.load(self.view.revision.id)
        return [ReviewDecision.of(each) for each in found or ()]

    @strawberry.field(
        description="What readers said of this answer, in numbers. Null to all but the staff."
    )
    async def feedback(self, info: Info) -> FeedbackSummary | None:
        """Load them with those of the other answers of this level."""
        if not is_staff(info.context.viewer):
            return None
        found = await info.context.loaders.review.feedback_counts.load(self.view.answer.id)
        return FeedbackSummary.of(found) if found else None
