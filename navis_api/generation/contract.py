"""What the generation service is asked, and what it gives back, piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftFrame, DraftSection
from navis_api.generation.models import GenerationStatus
from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    Temporality,
    TreatmentStatus,
)


@dataclass(frozen=True, slots=True)
class PatientFact:
    """A fact that a patient confirmed, with nothing in it that tells who they are.

    `number` counts from 1 and is how an answer names the fact. `name`, `key`, `value` and `unit`
    are as in `records.extraction.findings.Finding`, in the vocabulary's words and never in the
    patient's own. Of a fact that is `disputed` their records say different things: it counts as
    not known.
    """

    number: int
    kind: FindingKind
    name: str
    key: str
    value: str | None = None
    unit: str | None = None
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    treatment_status: TreatmentStatus | None = None
    line: str | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """What isn't known of the patient and would change their answer.

    `name` and `key` are as in PatientFact, `doctor_question` is what to ask the care team, and
    `reason` says in a sentence what would change with it.
    """

    kind: FindingKind
    name: str
    key: str
    doctor_question: str
    reason: str


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A question to answer, about a cancer of the catalogue or, without one, in general.

    `generation_id` is for the log, so that one answer can be followed over processes. With
    `facts` the answer is for one patient: it turns on them, and each of its claims names those
    that it rests on.
    """

    text: str
    cancer_id: UUID | None
    locale: str = "en"
    generation_id: UUID | None = None
    facts: tuple[PatientFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The engine has begun this part of its work."""

    status: GenerationStatus


@dataclass(frozen=True, slots=True)
class Closing(DraftFrame):
    """The end of an answer: what frames the sections.

    `unknowns` come with facts only; their questions lead the `doctor_questions`.
    """

    unknowns: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """The sources say too little: no answer, and a message that helps the asker on."""

    message: str


__all__ = [
    "Abstention",
    "Closing",
    "DraftCitation",
    "DraftClaim",
    "DraftSection",
    "Engine",
    "GenerationPiece",
    "GenerationRequest",
    "PatientFact",
    "Progress",
    "Unknown",
    "pieces_of",
]

GenerationPiece = Progress | DraftSection | Closing | Abstention


class Engine(Protocol):
    """Writes answers. It yields sections in reading order, then one Closing; or one Abstention."""

    name: str

    def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Yield the answer's pieces after the sections that are `written` already.

        Those were read by the asker before an earlier worker stopped: they stand,
        and nothing in them may be said again. Closing the iterator stops the work.
        """
        ...


@asynccontextmanager
async def pieces_of(
    engine: Engine, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
) -> AsyncGenerator[AsyncIterator[GenerationPiece]]:
    """Give an engine's pieces, and stop it at the end of the block, however that ends.

    `async for` alone would leave an engine at work until the garbage collector finds it,
    with the model that it asks still writing.
    """
    pieces = engine.write(request, written=written)
    try:
        yield pieces
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
