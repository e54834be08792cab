"""What readers said of an answer, in numbers."""

from typing import Self

import strawberry

from navis_api.review.feedback import FeedbackCounts


@strawberry.type(description="How often readers said what of an answer. For the staff.")
class FeedbackSummary:
    """Counts; a reader who is signed in has one opinion."""

    helpful: int = strawberry.field(description="How many it helped.")
    not_helpful: int = strawberry.field(description="How many it didn't help.")
    problem: int = strawberry.field(description="How many problems were reported.")
    harm: int = strawberry.field(description="How many reports of harm there were.")
    open_reports: int = strawberry.field(
        description="How many reports of problems and harm nobody has dealt with."
    )

    @classmethod
    def of(cls, counts: FeedbackCounts) -> Self:
        """Return counts as the staff see them."""
        return cls(
            helpful=counts.helpful,
            not_helpful=counts.not_helpful,
            problem=counts.problem,
            harm=counts.harm,
            open_reports=counts.open_reports,
        )
