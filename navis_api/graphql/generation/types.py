"""Generations and their events, as clients see them."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.graphql.context import Info
from navis_api.graphql.enums import GenerationStatus
from navis_api.graphql.generation.events import GenerationEvent, event_of
from navis_api.graphql.loaders import ShownGeneration
from navis_api.graphql.relay import Node
from navis_api.graphql.resuming import AfterSequence, checked_sequence


@strawberry.type(description="The writing of an answer to a question.")
class Generation(Node):
    """One attempt, with all that its asker may follow."""

    model: strawberry.Private[ShownGeneration]
    status: GenerationStatus = strawberry.field(description="How far it has come.")
    engine: str = strawberry.field(description="What writes the answer.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When it ended.")

    @classmethod
    def of(cls, model: ShownGeneration) -> Self:
        """Return a generation as clients see it."""
        return cls(
            key=model.id,
            model=model,
            status=model.status,
            engine=model.engine,
            created_at=model.created_at,
            finished_at=model.finished_at,
        )

    @strawberry.field(description="The question that is being answered.")
    async def question(self, info: Info) -> "Question":
        """Load it with those of the other generations of this level."""
        found = await info.context.loaders.question.load(self.model.question_id)
        assert found is not None, "whoever sees a generation sees its question"
        return Question.of(found)

    @strawberry.field(description="The answer, once it is written.")
    async def answer(self, info: Info) -> "Answer | None":
        """Load it with those of the other generations of this level."""
        if self.model.status is not GenerationStatus.COMPLETED:
            return None
        view = await info.context.loaders.answer_to(self.model.question_id)
        return await shown_answer(info, view) if view else None

    @strawberry.field(description="The same events as the subscription, for clients that poll.")
    async def events(self, info: Info, after: AfterSequence = 0) -> list[GenerationEvent]:
        """Load them."""
        rows = await info.context.loaders.events(checked_sequence(after), self.model.id)
        return [event_of(row) for row in rows]


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.answers.translated import shown_answer  # noqa: E402 - see above
from navis_api.graphql.answers.types import Answer  # noqa: E402 - see above
from navis_api.graphql.questions.types import Question  # noqa: E402 - see above
