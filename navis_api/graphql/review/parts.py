"""What the review adds to a revision: its place in the queue, comments and decisions."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.graphql.enums import ReviewDecisionKind, ReviewUrgency
from navis_api.graphql.relay import global_id
from navis_api.review import models
from navis_api.review.queue import QueueEntry


def urgency_of(rank: int) -> models.Rank:
    """Return the urgency that a rank stands for; one between two is the more ordinary."""
    return min((each for each in models.Rank if each >= rank), default=models.Rank.ORDINARY)


@strawberry.type(description="That a revision waits for somebody, and who is at it.")
class ReviewItem:
    """A place in the queue."""

    urgency: ReviewUrgency = strawberry.field(description="How urgently it waits.")
    queued_at: datetime = strawberry.field(description="Since when.")
    reasons: list[str] = strawberry.field(description="Why, where something is known.")
    claimed_by: str | None = strawberry.field(description="Who is at it now.")
    claimed_until: datetime | None = strawberry.field(description="Until when it is theirs.")

    @classmethod
    def of(cls, entry: QueueEntry) -> Self:
        """Return an entry of the queue as the staff see it."""
        return cls(
            urgency=urgency_of(entry.item.rank),
            queued_at=entry.item.queued_at,
            reasons=entry.item.reasons,
            claimed_by=entry.claimed_by,
            claimed_until=entry.claimed_until,
        )


@strawberry.type(description="What somebody on the staff said of a revision or a claim in it.")
class ReviewComment:
    """A comment."""

    id: strawberry.ID = strawberry.field(description="Its id, for `resolveComment`.")
    section: int | None = strawberry.field(
        description="The section of the claim it is about, counted from 0. Null: about all of it."
    )
    claim: int | None = strawberry.field(description="The claim's place there, counted from 0.")
    author: str = strawberry.field(description="Who said it.")
    text: str = strawberry.field(description="What they said.")
    at: datetime = strawberry.field(description="When.")
    resolved_at: datetime | None = strawberry.field(description="When it was dealt with.")
    resolved_by: str | None = strawberry.field(description="By whom.")

    @classmethod
    def of(cls, model: models.ClaimComment) -> Self:
        """Return a comment as the staff see it."""
        return cls(
            id=global_id("ReviewComment", model.id),
            section=model.section,
            claim=model.claim,
            author=model.name,
            text=model.text,
            at=model.at,
            resolved_at=model.resolved_at,
            resolved_by=model.resolved_by,
        )


@strawberry.type(description="What a reviewer decided on a revision.")
class ReviewDecision:
    """A decision."""

    decision: ReviewDecisionKind = strawberry.field(description="What was decided.")
    reviewer: str = strawberry.field(description="By whom.")
    credentials: str = strawberry.field(description="What qualified them then.")
    comment: str | None = strawberry.field(description="What they said, for the staff.")
    at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, model: models.ReviewDecision) -> Self:
        """Return a decision as the staff see it."""
        return cls(
            decision=model.decision,
            reviewer=model.name,
            credentials=model.credentials,
            comment=model.comment,
            at=model.at,
        )
