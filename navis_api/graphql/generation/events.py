"""Events of a generation, as clients see them: polled, or streamed."""

from dataclasses import field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

import strawberry
from graphql import ExecutionResult, OperationDefinitionNode

from navis_api.generation.keeping import AnyEvent
from navis_api.generation.models import (
    GenerationEventKind,
    GenerationEventRow,
)
from navis_api.graphql.answers.errors import AnswerGone
from navis_api.graphql.answers.parts import Citation
from navis_api.graphql.context import Info
from navis_api.graphql.enums import GenerationStatus, SectionKind

EventResults: TypeAlias = dict[int, tuple[OperationDefinitionNode, ExecutionResult | None]]
"""What operations give for an event, by the `id` of each, where all viewers get the same."""


@strawberry.interface(description="Something that happened while an answer was being written.")
class GenerationEvent:
    """An event, the same over every transport and however often it is read."""

    sequence: int = strawberry.field(
        description="Its number in the generation, from 1. Resume with it. There is a gap only"
        " where text is not shown any more: it was refused, replaced or taken back."
    )
    at: datetime = strawberry.field(description="When it happened.")
    is_shared: strawberry.Private[bool] = field(
        default=False, kw_only=True, compare=False, repr=False
    )
    results: strawberry.Private[EventResults] = field(
        default_factory=EventResults,
        kw_only=True,
        compare=False,
        repr=False,
    )


@strawberry.type(description="The writing has come further.")
class GenerationProgressed(GenerationEvent):
    """A new status."""

    status: GenerationStatus = strawberry.field(description="How far it has come.")


@strawberry.type(
    description="A piece of text was written. The pieces of a section, joined, are its Markdown."
)
class AnswerTextAdded(GenerationEvent):
    """A claim was added."""

    section_index: int = strawberry.field(description="Which section it belongs to, from 0.")
    section_kind: SectionKind = strawberry.field(description="What that section is about.")
    heading: str = strawberry.field(description="That section's heading.")
    text: str = strawberry.field(description="Markdown to append to that section.")
    citations: list[Citation] = strawberry.field(description="What the text rests on.")


@strawberry.type(description="The answer is written. It is not reviewed yet.")
class GenerationCompleted(GenerationEvent):
    """The end of a generation that wrote an answer."""

    answer_id: strawberry.Private[UUID]

    @strawberry.field(description="The answer, as the viewer gets to see it now.")
    async def answer(self, info: Info) -> "Answer":
        """Load it."""
        view = await info.context.loaders.answer.load(self.answer_id)
        if view is None:
            raise AnswerGone
        return Answer.of(view)


@strawberry.type(description="The writing ended without an answer.")
class GenerationFailed(GenerationEvent):
    """The end of a generation that wrote none."""

    code: str = strawberry.field(
        description="Why: `ABSTAINED` (the sources say too little), `CANCELLED`, `FAILED`, or"
        " `WITHDRAWN` (a reviewer took a personal answer back)."
    )
    message: str = strawberry.field(description="Why, and what helps, in words for the asker.")
    retryable: bool = strawberry.field(description="Whether asking again may help.")


EVENT_TYPES = (GenerationProgressed, AnswerTextAdded, GenerationCompleted, GenerationFailed)


def event_of(row: AnyEvent) -> GenerationEvent:
    """Return a stored event as clients see it."""
    payload = row.payload
    match row.kind:
        case GenerationEventKind.PROGRESSED:
            return GenerationProgressed(
                sequence=row.sequence, at=row.at, status=GenerationStatus(payload["status"])
            )
        case GenerationEventKind.TEXT_ADDED:
            return AnswerTextAdded(
                sequence=row.sequence,
                at=row.at,
                section_index=payload["sectionIndex"],
                section_kind=SectionKind(payload["sectionKind"]),
                heading=payload["heading"],
                text=payload["text"],
                citations=[Citation.stored(stored) for stored in payload["citations"]],
            )
        case GenerationEventKind.COMPLETED:
            return GenerationCompleted(
                sequence=row.sequence, at=row.at, answer_id=UUID(payload["answerId"])
            )
        case GenerationEventKind.FAILED:
            return GenerationFailed(
                sequence=row.sequence,
                at=row.at,
                code=payload["code"],
                message=payload["message"],
                retryable=payload["retryable"],
            )


_SHARED: WeakKeyDictionary[GenerationEventRow, GenerationEvent] = WeakKeyDictionary()


def shared_event_of(row: GenerationEventRow) -> GenerationEvent:
    """Return the same event to all who were given this very row."""
    event = _SHARED.get(row)
    if event is None:
        event = _SHARED[row] = event_of(row)
    else:
        event.is_shared = True
    return event


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.answers.types import Answer  # noqa: E402 - see above
