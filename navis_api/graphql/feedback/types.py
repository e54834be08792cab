"""What readers say of answers, as they and the staff see it."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from navis_api import errors
from navis_api.db.paging import Page
from navis_api.errors import UserFault
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.context import Info
from navis_api.graphql.enums import FeedbackKind
from navis_api.graphql.relay import (
    Connection,
    global_id,
    page_info,
    parse_id_of,
)
from navis_api.graphql.review.errors import NotThere, ReviewError, review_error
from navis_api.graphql.user_errors import IdempotencyConflict, InvalidInput, RateLimited
from navis_api.review import models
from navis_api.review.feedback import FeedbackDraft
from navis_api.review.feedback_errors import AnswerUnseen, FeedbackKeyUsed

GiveFeedbackError = Annotated[
    InvalidInput | NotThere | IdempotencyConflict | RateLimited,
    strawberry.union("GiveFeedbackError", description="What a reader can put right."),
]


def give_feedback_error(
    fault: UserFault,
) -> InvalidInput | NotThere | IdempotencyConflict | RateLimited:
    """Return a fault as the payload's error."""
    if isinstance(fault, errors.RateLimited):
        return RateLimited.of(fault)
    if isinstance(fault, AnswerUnseen):
        return NotThere.of(fault)
    if isinstance(fault, FeedbackKeyUsed):
        return IdempotencyConflict.of(fault)
    return InvalidInput.of(fault)


@strawberry.type(description="What a reader said of an answer, or of one claim in it.")
class Feedback:
    """Feedback. Its words are for whoever said them, and the staff."""

    model: strawberry.Private[models.AnswerFeedback]
    id: strawberry.ID = strawberry.field(description="Its id, for `resolveFeedback`.")
    kind: FeedbackKind = strawberry.field(description="What they said.")
    section: int | None = strawberry.field(
        description="The section of the claim it is about, counted from 0. Null: about all of it."
    )
    claim: int | None = strawberry.field(description="The claim's place there, counted from 0.")
    text: str | None = strawberry.field(description="Their own words.")
    at: datetime = strawberry.field(description="When.")
    resolved_at: datetime | None = strawberry.field(description="When the staff dealt with it.")

    @classmethod
    def of(cls, model: models.AnswerFeedback) -> Self:
        """Return feedback as clients see it."""
        return cls(
            model=model,
            id=global_id("Feedback", model.id),
            kind=model.kind,
            section=model.section,
            claim=model.claim,
            text=model.text,
            at=model.at,
            resolved_at=model.resolved_at,
        )

    @strawberry.field(description="The answer, as the viewer sees it now.")
    async def answer(self, info: Info) -> Answer | None:
        """Load it with those of the other feedback of this level."""
        view = await info.context.loaders.answer.load(self.model.answer_id)
        return Answer.of(view) if view else None


@strawberry.type(description="A page of feedback: harm first, then the oldest first.")
class FeedbackConnection(Connection[Feedback]):
    """Feedback that nobody has dealt with."""

    @classmethod
    def of(cls, page: Page[models.AnswerFeedback]) -> Self:
        """Return a page."""
        nodes = [Feedback.of(row) for row in page.rows]
        return cls(nodes=nodes, cursors=page.cursors, page_info=page_info(page))


@strawberry.input(description="What a reader says of an answer.")
class GiveFeedbackInput:
    """What giveFeedback takes."""

    answer_id: strawberry.ID = strawberry.field(description="The answer's `id`.")
    kind: FeedbackKind = strawberry.field(description="What is said.")
    revision: int | None = strawberry.field(
        default=None, description="The revision that was read. Null: the one that is served now."
    )
    section: int | None = strawberry.field(
        default=None, description="The section of a claim it is about, counted from 0."
    )
    claim: int | None = strawberry.field(
        default=None, description="The claim's place there, counted from 0; with `section`."
    )
    text: str | None = strawberry.field(
        default=None,
        description="In the reader's own words, up to 2,000 characters. The staff alone see them.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key with the same input returns the first result; with another"
        " input it is an error.",
    )

    def to_model(self) -> FeedbackDraft:
        """Return it as the service takes it. Raises IdInvalid."""
        return FeedbackDraft(
            answer_id=parse_id_of("Answer", self.answer_id, argument="answerId"),
            kind=self.kind,
            revision=self.revision,
            section=self.section,
            claim=self.claim,
            text=self.text,
            idempotency_key=self.idempotency_key,
        )


@strawberry.type(description="What came of giving feedback.")
class GiveFeedbackPayload:
    """The result of giveFeedback."""

    feedback: Feedback | None = strawberry.field(
        description="What was kept. Null when there are errors."
    )
    errors: list[GiveFeedbackError] = strawberry.field(
        description="What a reader can put right. Empty on success."
    )


@strawberry.input(description="What came of feedback.")
class ResolveFeedbackInput:
    """What resolveFeedback takes."""

    feedback_id: strawberry.ID = strawberry.field(description="The feedback's `id`.")
    resolution: str = strawberry.field(description="What came of it, for the staff.")


@strawberry.type(description="What came of resolving feedback.")
class ResolveFeedbackPayload:
    """The result of resolveFeedback."""

    feedback: Feedback | None = strawberry.field(
        description="The feedback. Null when there are errors."
    )
    errors: list[ReviewError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(feedback=None, errors=[review_error(fault)])
