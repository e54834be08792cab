"""What a sealed text is bound to: it opens as exactly that, and as nothing else.

These are the associated data of the seals, so they are part of the format: a change here makes
everything unreadable that was sealed before.
"""

from uuid import UUID

_FORMAT = "navis-records/1"


def key_of(patient_id: UUID) -> bytes:
    """Return what a patient's wrapped key is bound to."""
    return f"{_FORMAT}/key/{patient_id}".encode()


def filename_of(patient_id: UUID, record_id: UUID) -> bytes:
    """Return what a record's name is bound to."""
    return f"{_FORMAT}/filename/{patient_id}/{record_id}".encode()


def part_of(
    patient_id: UUID, record_id: UUID, *, number: int, start: int, size_bytes: int, sha256: str
) -> bytes:
    """Return what a part of a record's contents is bound to.

    `number` counts from 0 and `start` is its first byte's place in the contents. Size and
    hash are those of the whole, so that parts can't be left out at the end, or be taken from
    another upload, by whoever can write to the database.
    """
    place = f"{patient_id}/{record_id}/{number}/{start}"
    return f"{_FORMAT}/part/{place}/{size_bytes}/{sha256}".encode()


def finding_of(patient_id: UUID, record_id: UUID, finding_id: UUID) -> bytes:
    """Return what a finding is bound to."""
    return f"{_FORMAT}/finding/{patient_id}/{record_id}/{finding_id}".encode()


def correction_of(patient_id: UUID, record_id: UUID, finding_id: UUID) -> bytes:
    """Return what the correction of a finding is bound to."""
    return f"{_FORMAT}/correction/{patient_id}/{record_id}/{finding_id}".encode()


def personal_question_of(patient_id: UUID, question_id: UUID) -> bytes:
    """Return what a personal question, with the facts it was asked with, is bound to."""
    return f"{_FORMAT}/personal-question/{patient_id}/{question_id}".encode()


def personal_answer_of(patient_id: UUID, question_id: UUID) -> bytes:
    """Return what the answer to a personal question is bound to."""
    return f"{_FORMAT}/personal-answer/{patient_id}/{question_id}".encode()


def personal_event_of(patient_id: UUID, question_id: UUID, sequence: int) -> bytes:
    """Return what an event of a personal question's writing is bound to."""
    return f"{_FORMAT}/personal-event/{patient_id}/{question_id}/{sequence}".encode()
