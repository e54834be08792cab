"""What the mutations on translations take."""

import strawberry

from navis_api.answers.translation import TranslatedSection, TranslationDraft
from navis_api.errors import InvalidInput
from navis_api.kit.languages import Language


@strawberry.input(description="A section in another language.")
class TranslatedSectionInput:
    """A heading and claims."""

    heading: str = strawberry.field(description="Its heading.")
    claims: list[str] = strawberry.field(
        description="Its claims: one for each of the original, in their order, with their numbers."
    )


@strawberry.input(description="An answer in another language, whole.")
class TranslateAnswerInput:
    """What translateAnswer takes."""

    answer_id: strawberry.ID = strawberry.field(description="The answer's `id`.")
    revision: int = strawberry.field(description="The number of the revision that is translated.")
    language: str = strawberry.field(description="The language that it is in now, such as `es`.")
    question: str = strawberry.field(description="The question.")
    title: str = strawberry.field(description="The title.")
    summary: str = strawberry.field(description="The answer in short.")
    sections: list[TranslatedSectionInput] = strawberry.field(
        description="One for each section of the original, in their order."
    )
    doctor_questions: list[str] = strawberry.field(
        default_factory=list[str], description="What to ask the care team, each."
    )
    next_steps: list[str] = strawberry.field(
        default_factory=list[str], description="What can be done next, each."
    )
    gaps: list[str] = strawberry.field(
        default_factory=list[str], description="What the sources don't cover, each."
    )

    def draft(self) -> TranslationDraft:
        """Return it as the service takes it. Raises InvalidInput for an unknown language."""
        if self.language not in list(Language):
            known = ", ".join(language.value for language in Language)
            raise InvalidInput(
                f"Translations are kept in these languages: {known}.", path=("input", "language")
            )
        return TranslationDraft(
            language=Language(self.language),
            question=self.question,
            title=self.title,
            summary=self.summary,
            sections=tuple(
                TranslatedSection(each.heading, tuple(each.claims)) for each in self.sections
            ),
            doctor_questions=tuple(self.doctor_questions),
            next_steps=tuple(self.next_steps),
            gaps=tuple(self.gaps),
        )


@strawberry.input(description="A translation that is to be served to readers of its language.")
class ApproveTranslationInput:
    """What approveTranslation takes."""

    translation_id: strawberry.ID = strawberry.field(description="The translation's `id`.")


@strawberry.input(description="A translation that readers should get no longer.")
class WithdrawTranslationInput:
    """What withdrawTranslation takes."""

    translation_id: strawberry.ID = strawberry.field(description="The translation's `id`.")
    reason: str = strawberry.field(description="Why, for the staff.")
