"""All queries on records, as whoever the session acts for: row security does the rest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.kit.ids import new_id
from navis_api.records.models import (
    Patient,
    Record,
    RecordEvent,
    RecordPart,
    RecordState,
    RecordUpload,
)

_NEWEST_FIRST = Order("records", (Record.created_at, Record.id), (datetime, UUID), descending=True)


async def add_patient(session: AsyncSession, patient_id: UUID, subject: str) -> bool:
    """Add a patient unless they are known; return whether they weren't."""
    added = await session.execute(
        insert(Patient)
        .values(id=patient_id, subject=subject)
        .on_conflict_do_nothing(index_elements=[Patient.subject])
    )
    return added.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


async def lock_patient(session: AsyncSession, subject: str) -> Patient | None:
    """Return a patient, held until the transaction ends."""
    return await session.scalar(select(Patient).where(Patient.subject == subject).with_for_update())


async def add_or_lock_patient(session: AsyncSession, subject: str) -> tuple[Patient, bool]:
    """Return a patient, held until the transaction ends, and whether they weren't known before.

    Whoever is erased between two of our statements is another patient from then on.
    """
    while True:
        is_new = await add_patient(session, new_id(), subject)
        patient = await lock_patient(session, subject)
        if patient is not None:
            return patient, is_new


_MAKING_KEYS = func.hashtextextended("navis making keys", 0)


async def begin_making_key(session: AsyncSession) -> None:
    """Let `wait_for_keys` wait for this transaction: it makes a patient's key."""
    await session.execute(select(func.pg_advisory_xact_lock_shared(_MAKING_KEYS)))


async def wait_for_keys(session: AsyncSession) -> None:
    """Wait for every transaction that has begun to make a key."""
    await session.execute(select(func.pg_advisory_xact_lock(_MAKING_KEYS)))


async def list_patients(session: AsyncSession, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return the ids of patients in their order, from after one of them on."""
    statement = select(Patient.id).order_by(Patient.id).limit(limit)
    if after is not None:
        statement = statement.where(Patient.id > after)
    return (await session.scalars(statement)).all()


async def hold_patient(session: AsyncSession, patient_id: UUID) -> bool:
    """Hold a patient until the transaction ends; return whether there is one."""
    found = select(Patient.id).where(Patient.id == patient_id).with_for_update()
    return await session.scalar(found) is not None


async def get_subject(session: AsyncSession, patient_id: UUID) -> str | None:
    """Return the identity provider's name for a patient."""
    return await session.scalar(select(Patient.subject).where(Patient.id == patient_id))


async def list_records(session: AsyncSession, page: PageRequest) -> Page[Record]:
    """Return a page of the viewer's records, the newest first, without what is deleted."""
    statement = select(Record).where(Record.state != RecordState.DELETED)
    return await fetch_page(session, statement, _NEWEST_FIRST, page)


async def get_record(session: AsyncSession, record_id: UUID) -> Record | None:
    """Return a record."""
    return await session.scalar(select(Record).where(Record.id == record_id))


async def lock_record(session: AsyncSession, record_id: UUID) -> Record | None:
    """Return a record, held until the transaction ends. Parts can be added to it meanwhile."""
    return await session.scalar(
        select(Record)
        .where(Record.id == record_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def get_by_key(
    session: AsyncSession, patient_id: UUID, idempotency_hash: bytes
) -> Record | None:
    """Return the record that an idempotency key made."""
    return await session.scalar(
        select(Record).where(
            Record.patient_id == patient_id, Record.idempotency_hash == idempotency_hash
        )
    )


async def stored_bytes(session: AsyncSession, patient_id: UUID) -> int:
    """Return how much of a patient is here, with what their open uploads announce."""
    gone = (RecordState.DELETED, RecordState.FAILED, RecordState.QUARANTINED)
    return int(
        await session.scalar(
            select(func.coalesce(func.sum(Record.size_bytes), 0)).where(
                Record.patient_id == patient_id, Record.state.not_in(gone)
            )
        )
        or 0
    )


async def count_open_uploads(session: AsyncSession, patient_id: UUID) -> int:
    """Return how many uploads of a patient aren't complete."""
    return int(
        await session.scalar(
            select(func.count())
            .select_from(RecordUpload)
            .where(RecordUpload.patient_id == patient_id)
        )
        or 0
    )


async def list_events(
    session: AsyncSession, record_id: UUID, *, after: int
) -> Sequence[RecordEvent]:
    """Return the events of a record with a higher number than this, in their order."""
    found = await session.scalars(
        select(RecordEvent)
        .where(RecordEvent.record_id == record_id, RecordEvent.sequence > after)
        .order_by(RecordEvent.sequence)
    )
    return found.all()


async def get_upload(session: AsyncSession, record_id: UUID) -> RecordUpload | None:
    """Return the open upload of a record."""
    return await session.scalar(select(RecordUpload).where(RecordUpload.record_id == record_id))


async def find_upload(session: AsyncSession, token_hash: bytes) -> RecordUpload | None:
    """Return the open upload with this secret, whosever it is."""
    return await session.scalar(select(RecordUpload).where(RecordUpload.token_hash == token_hash))


async def lock_upload(session: AsyncSession, token_hash: bytes) -> RecordUpload | None:
    """Return the open upload with this secret, held until the transaction ends."""
    return await session.scalar(
        select(RecordUpload)
        .where(RecordUpload.token_hash == token_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def advance(session: AsyncSession, part: RecordPart, *, writer: UUID) -> bool:
    """Add a part to an upload if this writer may still write, right there; return whether."""
    advanced = await session.scalar(
        update(RecordUpload)
        .where(
            RecordUpload.patient_id == part.patient_id,
            RecordUpload.record_id == part.record_id,
            RecordUpload.writer == writer,
            RecordUpload.received_bytes == part.start,
            RecordUpload.parts == part.number,
        )
        .values(
            received_bytes=RecordUpload.received_bytes + part.size_bytes,
            parts=RecordUpload.parts + 1,
        )
        .returning(RecordUpload.parts)
    )
    if advanced is None:
        return False
    session.add(part)
    await session.flush()
    return True


async def list_parts(session: AsyncSession, patient_id: UUID, record_id: UUID) -> list[RecordPart]:
    """Return the parts of a record's contents, in their order."""
    found = await session.scalars(
        select(RecordPart)
        .where(RecordPart.patient_id == patient_id, RecordPart.record_id == record_id)
        .order_by(RecordPart.number)
    )
    return list(found)


async def forget_parts(session: AsyncSession, patient_id: UUID, record_id: UUID) -> None:
    """Forget a record's contents: nothing names its objects any more."""
    await session.execute(
        delete(RecordPart).where(
            RecordPart.patient_id == patient_id, RecordPart.record_id == record_id
        )
    )


async def end_upload(session: AsyncSession, patient_id: UUID, record_id: UUID) -> None:
    """Remove a record's open upload: its address leads nowhere from here on."""
    await session.execute(
        delete(RecordUpload).where(
            RecordUpload.patient_id == patient_id, RecordUpload.record_id == record_id
        )
    )


async def list_expired(session: AsyncSession, *, by: datetime, limit: int) -> Sequence[UUID]:
    """Return the records whose upload's time was over by then."""
    found = await session.scalars(
        select(RecordUpload.record_id).where(RecordUpload.expires_at <= by).limit(limit)
    )
    return found.all()


async def list_waiting(
    session: AsyncSession, state: RecordState, *, since: datetime, limit: int
) -> Sequence[Record]:
    """Return the records of a state that nobody works on and nobody has since then."""
    found = await session.scalars(
        select(Record)
        .where(
            Record.state == state,
            Record.updated_at <= since,
            func.coalesce(Record.lease_expires_at, since) <= since,
        )
        .limit(limit)
    )
    return found.all()
