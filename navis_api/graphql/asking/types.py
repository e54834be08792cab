"""What askQuestion takes and gives."""

from typing import Annotated, Self

import strawberry

from navis_api.asking.asked import Asked, AskQuestion
from navis_api.errors import UserFault
from navis_api.graphql.answers.translated import shown_answer
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.context import Info
from navis_api.graphql.enums import AskOutcome
from navis_api.graphql.generation.types import Generation
from navis_api.graphql.questions.types import Question
from navis_api.graphql.safety.types import SafetyNotice
from navis_api.graphql.user_errors import (
    ConsentRequired,
    IdempotencyConflict,
    InvalidInput,
    RateLimited,
    UnknownCancer,
)
from navis_api.kit.languages import ORIGINAL, Language

AskQuestionError = Annotated[
    InvalidInput | UnknownCancer | IdempotencyConflict | RateLimited | ConsentRequired,
    strawberry.union("AskQuestionError", description="What an asker can put right."),
]

_BY_CODE = {
    "UNKNOWN_CANCER": UnknownCancer,
    "IDEMPOTENCY_CONFLICT": IdempotencyConflict,
    "CONSENT_REQUIRED": ConsentRequired,
    "RATE_LIMITED": RateLimited,
}


def ask_question_error(
    fault: UserFault,
) -> InvalidInput | UnknownCancer | IdempotencyConflict | RateLimited | ConsentRequired:
    """Return a fault as the payload's error; what has no type of its own is an invalid input."""
    return _BY_CODE.get(fault.code, InvalidInput).of(fault)


@strawberry.input(description="A question, and how it is meant.")
class AskQuestionInput:
    """What an asker sends."""

    text: str = strawberry.field(description="The question, in the asker's own words.")
    cancer: str | None = strawberry.field(
        default=None,
        description="Slug of a cancer. When left out, it is the one that the text names, or tells"
        " by what is done for it.",
    )
    locale: str | None = strawberry.field(
        default="en", description="The language of question and answer, such as `en`."
    )
    personal: bool | None = strawberry.field(
        default=False,
        description="Use the viewer's confirmed findings: the answer is then PERSONAL and theirs"
        " alone.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key with the same input returns the first result for 24 hours; with"
        " another input it is an error.",
    )

    def to_model(self, language: Language) -> AskQuestion:
        """Return it as the service takes it: null means the default.

        `language` is the reader's; a locale in another of ours goes before the original one.
        """
        return AskQuestion(
            text=self.text,
            cancer=self.cancer,
            locale=self.locale or "en",
            personal=bool(self.personal),
            idempotency_key=self.idempotency_key,
            language=None if language is ORIGINAL else language,
        )


@strawberry.type(description="What came of asking.")
class AskQuestionPayload:
    """The result of askQuestion. What it leads to is loaded as the viewer may see it."""

    asked: strawberry.Private[Asked | None]
    outcome: AskOutcome | None = strawberry.field(
        description="What the asker gets. Null when there are errors."
    )
    safety_notices: list[SafetyNotice] = strawberry.field(
        description="What comes before any answer: emergencies above all. Show them first."
    )
    errors: list[AskQuestionError] = strawberry.field(
        description="What the asker can put right. Empty on success."
    )

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Return a success."""
        return cls(
            asked=asked,
            outcome=asked.outcome,
            safety_notices=[SafetyNotice.of(notice) for notice in asked.safety_notices],
            errors=[],
        )

    @classmethod
    def refused(cls, fault: UserFault, *, notices: list[SafetyNotice]) -> Self:
        """Return a refusal. Notices are shown all the same: urgent comes first (law 7)."""
        return cls(
            asked=None, outcome=None, safety_notices=notices, errors=[ask_question_error(fault)]
        )

    @strawberry.field(description="The question, stored now or before.")
    async def question(self, info: Info) -> Question | None:
        """Load it."""
        if self.asked is None or self.asked.question_id is None:
            return None
        found = await info.context.loaders.question.load(self.asked.question_id)
        return Question.of(found) if found else None

    @strawberry.field(description="The answer, where there is one already. See `reviewed`.")
    async def answer(self, info: Info) -> Answer | None:
        """Load it."""
        if self.asked is None or self.asked.question_id is None:
            return None
        view = await info.context.loaders.answer_to(self.asked.question_id)
        return await shown_answer(info, view) if view else None

    @strawberry.field(description="The writing of the answer: follow it with generationEvents.")
    async def generation(self, info: Info) -> Generation | None:
        """Load it."""
        if self.asked is None or self.asked.generation_id is None:
            return None
        found = await info.context.loaders.generation.load(self.asked.generation_id)
        return Generation.of(found) if found else None

    @strawberry.field(
        description="Questions with a reviewed answer that are near, but not surely the same."
    )
    async def suggestions(self, info: Info) -> list[Question]:
        """Load them."""
        ids = self.asked.suggestion_ids if self.asked else ()
        found = await info.context.loaders.question.load_many(ids)
        return [Question.of(question) for question in found if question is not None]
