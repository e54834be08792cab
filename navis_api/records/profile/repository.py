"""The query behind profiles, as whoever the session acts for: row security does the rest."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.findings.models import FindingStatus, StoredFinding
from navis_api.records.models import Record, RecordState


async def list_of_viewer(session: AsyncSession) -> Sequence[StoredFinding]:
    """Return the viewer's findings that they haven't rejected, of records that are READY."""
    # Said beside row security, which shows our own code everybody's.
    return await _list(session, StoredFinding.patient_id == func.navis_patient())


async def list_of(session: AsyncSession, patient_id: UUID) -> Sequence[StoredFinding]:
    """Return a patient's findings that they haven't rejected, of records that are READY."""
    return await _list(session, StoredFinding.patient_id == patient_id)


async def _list(session: AsyncSession, whose: ColumnElement[bool]) -> Sequence[StoredFinding]:
    is_of = and_(
        Record.patient_id == StoredFinding.patient_id, Record.id == StoredFinding.record_id
    )
    found = await session.scalars(
        select(StoredFinding)
        .join(Record, is_of)
        .where(
            whose,
            StoredFinding.status != FindingStatus.REJECTED,
            Record.state == RecordState.READY,
        )
        .order_by(Record.created_at, Record.id, StoredFinding.number, StoredFinding.id)
    )
    return found.all()
