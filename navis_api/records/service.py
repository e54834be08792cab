"""What a patient does with their records: announce, complete, read, delete."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.kit.ids import new_id
from navis_api.records import jobs, repository
from navis_api.records.acting import Acting
from navis_api.records.announced import AnnouncedFile
from navis_api.records.errors import (
    RecordUnknown,
    UploadKeyUsed,
    UploadLimit,
    UploadsClosed,
)
from navis_api.records.findings import repository as findings
from navis_api.records.models import Patient, Record, RecordState, RecordUpload
from navis_api.records.patients import patient_with_key
from navis_api.records.sealing import binding
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.records.tokens import hash_of, new_token
from navis_api.records.views import RecordView, filename_of, view_of
from navis_api.settings import Settings

_OVER = frozenset({RecordState.FAILED, RecordState.QUARANTINED, RecordState.DELETED})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one patient may have here, and for how long what they send is waited for."""

    takes_records: bool
    max_upload_bytes: int
    max_patient_bytes: int
    max_open_uploads: int
    upload_ttl: timedelta
    idempotency_ttl: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return them as the settings have them."""
        return cls(
            takes_records=settings.takes_records,
            max_upload_bytes=settings.max_upload_bytes,
            max_patient_bytes=settings.max_patient_bytes,
            max_open_uploads=settings.max_open_uploads,
            upload_ttl=timedelta(seconds=settings.upload_ttl_s),
            idempotency_ttl=timedelta(seconds=settings.idempotency_ttl_s),
        )


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """Where a record's contents may be sent: the secret of the address, and until when it holds."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    """A record that was announced. `upload` is None where everything has arrived already."""

    record: RecordView
    upload: OpenUpload | None


async def announce(
    session: AsyncSession,
    storage: SealedStorage,
    file: AnnouncedFile,
    limits: Limits,
    acting: Acting,
) -> Announced:
    """Make a record that can be uploaded.

    The same idempotency key with the same file gives the same record again, with a new address
    in place of the former one. Raises UploadsClosed, InvalidInput, UploadKeyUsed and
    UploadLimit; then nothing is stored. Raises StorageUnavailable.
    """
    if not limits.takes_records:
        raise UploadsClosed
    file = file.checked(max_bytes=limits.max_upload_bytes)
    patient, key = await patient_with_key(session, storage, acting)
    before = await _before(session, patient, file, key, limits, acting)
    if before is not None:
        return await _again(session, before, key, limits, acting)
    await _require_room(session, patient, file, limits)
    record = _record(patient, file, key, acting.now)
    session.add(record)
    await session.flush()
    token = new_token()
    upload = RecordUpload(
        patient_id=patient.id,
        record_id=record.id,
        token_hash=hash_of(token),
        expires_at=acting.now + limits.upload_ttl,
        received_bytes=0,
        parts=0,
    )
    session.add(upload)
    await acting.note(session, "record.create", record_id=record.id)
    return Announced(view_of(record, key), OpenUpload(token, upload.expires_at))


async def delete(
    session: AsyncSession, storage: SealedStorage, record_id: UUID, acting: Acting
) -> RecordView:
    """Delete a record: what was in its row and its findings go at once, its objects by a job.

    Deleting twice changes nothing. Raises RecordUnknown and StorageUnavailable.
    """
    record = await repository.lock_record(session, record_id)
    if record is None:
        raise RecordUnknown
    key = await storage.keys.open(record.patient_id)
    if record.state is not RecordState.DELETED:
        record.state = RecordState.DELETED
        record.failure = record.media_type = record.sha256 = None
        record.filename_sealed = record.idempotency_hash = record.size_bytes = None
        record.updated_at = acting.now
        await session.flush()
        await repository.end_upload(session, record.patient_id, record.id)
        await repository.forget_parts(session, record.patient_id, record.id)
        await findings.forget_all(session, record.patient_id, record.id)
        await jobs.request_tidying(session, record)
        await acting.note(session, "record.delete", record_id=record.id)
    return view_of(record, key)


async def _before(
    session: AsyncSession,
    patient: Patient,
    file: AnnouncedFile,
    key: PatientKey,
    limits: Limits,
    acting: Acting,
) -> Record | None:
    """Return the record that this key made before, unless that is over or long ago."""
    if file.idempotency_key is None:
        return None
    found = await repository.get_by_key(session, patient.id, _hash(file.idempotency_key))
    if found is None:
        return None
    if found.state in _OVER or found.created_at <= acting.now - limits.idempotency_ttl:
        found.idempotency_hash = None
        await session.flush()
        return None
    same = (filename_of(found, key), found.media_type, found.size_bytes, found.sha256)
    if same != (file.filename, file.media_type, file.size_bytes, file.sha256):
        raise UploadKeyUsed
    return found


async def _again(
    session: AsyncSession, record: Record, key: PatientKey, limits: Limits, acting: Acting
) -> Announced:
    upload = await repository.get_upload(session, record.id)
    if upload is None:
        return Announced(view_of(record, key), None)
    token = new_token()
    upload.token_hash = hash_of(token)
    upload.expires_at = acting.now + limits.upload_ttl
    await session.flush()
    return Announced(view_of(record, key), OpenUpload(token, upload.expires_at))


async def _require_room(
    session: AsyncSession, patient: Patient, file: AnnouncedFile, limits: Limits
) -> None:
    if await repository.count_open_uploads(session, patient.id) >= limits.max_open_uploads:
        raise UploadLimit(
            f"You have {limits.max_open_uploads} uploads that are not complete. Complete or delete"
            " one of them first."
        )
    stored = await repository.stored_bytes(session, patient.id)
    if stored + file.size_bytes > limits.max_patient_bytes:
        raise UploadLimit(
            f"Your records may have {limits.max_patient_bytes} bytes together, and with this one"
            " they would have more. Delete some that you don't need.",
            path=("input", "sizeBytes"),
        )


def _record(patient: Patient, file: AnnouncedFile, key: PatientKey, now: datetime) -> Record:
    id_ = new_id()
    return Record(
        patient_id=patient.id,
        id=id_,
        state=RecordState.UPLOADING,
        filename_sealed=key.seal(file.filename.encode(), binding.filename_of(patient.id, id_)),
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        idempotency_hash=_hash(file.idempotency_key) if file.idempotency_key else None,
        created_at=now,
        updated_at=now,
    )


def _hash(idempotency_key: str) -> bytes:
    return hashlib.sha256(idempotency_key.encode("utf-8", "replace")).digest()
