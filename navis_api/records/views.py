"""A record as its patient sees it: with its name opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from navis_api.records.models import Record, RecordState
from navis_api.records.sealing import binding
from navis_api.records.sealing.patient_key import PatientKey


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record. Of a deleted one nothing is left but its id, its state and its time."""

    id: UUID
    filename: str
    media_type: str
    size_bytes: int
    state: RecordState
    failure: str | None
    created_at: datetime


def view_of(record: Record, key: PatientKey) -> RecordView:
    """Return a record as its patient sees it. Raises SealBroken."""
    return RecordView(
        id=record.id,
        filename=filename_of(record, key),
        media_type=record.media_type or "",
        size_bytes=record.size_bytes or 0,
        state=record.state,
        failure=record.failure,
        created_at=record.created_at,
    )


def filename_of(record: Record, key: PatientKey) -> str:
    """Return a record's name; empty for a deleted one. Raises SealBroken."""
    if record.filename_sealed is None:
        return ""
    bound_to = binding.filename_of(record.patient_id, record.id)
    return key.unseal(record.filename_sealed, bound_to).decode()
