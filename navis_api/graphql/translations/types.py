"""Translations of answers, as the staff see them, and what their mutations give."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.answers import translation_models
from navis_api.errors import UserFault
from navis_api.graphql.relay import global_id
from navis_api.graphql.review.errors import ReviewError, review_error


@strawberry.type(description="A section of an answer in another language.")
class TranslatedSection:
    """Its heading and claims, in the order of the original."""

    heading: str = strawberry.field(description="Its heading.")
    claims: list[str] = strawberry.field(
        description="Its claims, as many as the original has. Their quotes are the original's."
    )


@strawberry.type(
    description="A revision of an answer in another language. Readers of that language get the"
    " one that was approved last and not withdrawn."
)
class AnswerTranslation:
    """What one of the staff handed in."""

    id: strawberry.ID = strawberry.field(description="What names it when it is decided on.")
    language: str = strawberry.field(description="Its language, such as `es`.")
    question: str = strawberry.field(description="The question.")
    title: str = strawberry.field(description="The answer's title.")
    summary: str = strawberry.field(description="The answer in short.")
    sections: list[TranslatedSection] = strawberry.field(description="Its parts.")
    doctor_questions: list[str] = strawberry.field(description="What to ask the care team.")
    next_steps: list[str] = strawberry.field(description="What can be done next.")
    gaps: list[str] = strawberry.field(description="What the sources don't cover.")
    translator: str = strawberry.field(description="Who handed it in.")
    created_at: datetime = strawberry.field(description="When.")
    reviewer: str | None = strawberry.field(
        description="Who approved it. Null: nobody has, and readers don't get it."
    )
    credentials: str | None = strawberry.field(description="What qualifies that reviewer.")
    reviewed_at: datetime | None = strawberry.field(description="When it was approved.")
    withdrawn_at: datetime | None = strawberry.field(
        description="When it was taken back. Null: it stands."
    )
    withdrawn_reason: str | None = strawberry.field(description="Why it was taken back.")

    @classmethod
    def of(cls, model: translation_models.AnswerTranslation) -> Self:
        """Return a translation as clients see it."""
        return cls(
            id=global_id("AnswerTranslation", model.id),
            language=model.language.value,
            question=model.question,
            title=model.title,
            summary=model.summary,
            sections=[
                TranslatedSection(heading=each["heading"], claims=each["claims"])
                for each in model.sections
            ],
            doctor_questions=model.doctor_questions,
            next_steps=model.next_steps,
            gaps=model.gaps,
            translator=model.translator,
            created_at=model.created_at,
            reviewer=model.approved_by,
            credentials=model.approver_credentials,
            reviewed_at=model.approved_at,
            withdrawn_at=model.withdrawn_at,
            withdrawn_reason=model.withdrawn_reason,
        )


@strawberry.type
class TranslationPayload:
    """A translation that was acted on."""

    translation: AnswerTranslation | None = strawberry.field(
        description="The translation as it is now. Null when there are errors."
    )
    errors: list[ReviewError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )

    @classmethod
    def of(cls, model: translation_models.AnswerTranslation) -> Self:
        """Return a success."""
        return cls(translation=AnswerTranslation.of(model), errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(translation=None, errors=[review_error(fault)])


@strawberry.type(description="What came of handing in a translation.")
class TranslateAnswerPayload(TranslationPayload):
    """The result of translateAnswer."""


@strawberry.type(description="What came of approving a translation.")
class ApproveTranslationPayload(TranslationPayload):
    """The result of approveTranslation."""


@strawberry.type(description="What came of taking a translation back.")
class WithdrawTranslationPayload(TranslationPayload):
    """The result of withdrawTranslation."""
