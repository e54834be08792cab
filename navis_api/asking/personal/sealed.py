"""What a personal question, its events and its answer hold, as JSON sealed with the patient's key.

The seals are bound to patient, question and place, so that nothing opens anywhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from navis_api.asking.personal.models import PersonalEvent, PersonalQuestion
from navis_api.generation.contract import PatientFact, Unknown
from navis_api.generation.keeping import Event, ToldEvent
from navis_api.records.sealing import binding
from navis_api.records.sealing.patient_key import PatientKey


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that a question was asked with, and the confirmed findings that it is from."""

    fact: PatientFact
    finding_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class AskedPersonally:
    """A question as it was asked. `digest` is of the input, for a repeated idempotency key."""

    text: str
    locale: str
    cancer_id: UUID | None
    digest: str
    facts: tuple[AskedFact, ...]
    suggestion_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """An answer as an engine wrote it.

    `content` is the document of an answer. `claim_facts` has, by section and claim of it, the
    numbers of the facts that the claim rests on.
    """

    title: str
    summary: str
    author: str
    doctor_questions: list[str]
    next_steps: list[str]
    gaps: list[str]
    reading_grade: float | None
    content: dict[str, Any]
    claim_facts: list[list[list[int]]]
    unknowns: tuple[Unknown, ...]


_ASKED = TypeAdapter(AskedPersonally)
_WRITTEN = TypeAdapter(WrittenAnswer)


def sealed_asked(
    asked: AskedPersonally, key: PatientKey, *, patient_id: UUID, question_id: UUID
) -> bytes:
    """Return a question as it is stored."""
    return key.seal(_ASKED.dump_json(asked), binding.personal_question_of(patient_id, question_id))


def asked_in(row: PersonalQuestion, key: PatientKey) -> AskedPersonally:
    """Return a question as it was asked. Raises SealBroken."""
    bound_to = binding.personal_question_of(row.patient_id, row.id)
    return _ASKED.validate_json(key.unseal(row.asked_sealed, bound_to))


def sealed_answer(row: PersonalQuestion, written: WrittenAnswer, key: PatientKey) -> bytes:
    """Return the answer to this question as it is stored."""
    bound_to = binding.personal_answer_of(row.patient_id, row.id)
    return key.seal(_WRITTEN.dump_json(written), bound_to)


def answer_in(row: PersonalQuestion, key: PatientKey) -> WrittenAnswer | None:
    """Return the answer to a question; None where it has none. Raises SealBroken."""
    if row.answer_sealed is None:
        return None
    bound_to = binding.personal_answer_of(row.patient_id, row.id)
    return _WRITTEN.validate_json(key.unseal(row.answer_sealed, bound_to))


def sealed_event(
    row: PersonalQuestion, event: Event, key: PatientKey, *, sequence: int, now: datetime
) -> PersonalEvent:
    """Return an event of a question's writing as it is stored."""
    bound_to = binding.personal_event_of(row.patient_id, row.id, sequence)
    return PersonalEvent(
        patient_id=row.patient_id,
        question_id=row.id,
        sequence=sequence,
        kind=event.kind,
        at=now,
        payload_sealed=key.seal(orjson.dumps(event.payload), bound_to),
    )


def event_in(row: PersonalEvent, key: PatientKey) -> ToldEvent:
    """Return an event as it was told. Raises SealBroken."""
    bound_to = binding.personal_event_of(row.patient_id, row.question_id, row.sequence)
    payload = orjson.loads(key.unseal(row.payload_sealed, bound_to))
    return ToldEvent(row.sequence, row.kind, row.at, payload)
