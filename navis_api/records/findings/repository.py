"""All queries on findings, as whoever the session acts for: row security does the rest."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.findings.models import FindingStatus, StoredFinding
from navis_api.records.models import Record


async def list_of_records(
    session: AsyncSession, record_ids: Sequence[UUID]
) -> Sequence[StoredFinding]:
    """Return the findings of records, each record's together and in their order."""
    found = await session.scalars(
        select(StoredFinding)
        .where(StoredFinding.record_id.in_(record_ids))
        .order_by(
            StoredFinding.record_id,
            StoredFinding.number,
            StoredFinding.extracted_at,
            StoredFinding.id,
        )
    )
    return found.all()


async def get_finding(session: AsyncSession, finding_id: UUID) -> StoredFinding | None:
    """Return a finding."""
    return await session.scalar(select(StoredFinding).where(StoredFinding.id == finding_id))


async def list_findings(
    session: AsyncSession, finding_ids: Sequence[UUID]
) -> Sequence[StoredFinding]:
    """Return findings by their ids."""
    found = await session.scalars(select(StoredFinding).where(StoredFinding.id.in_(finding_ids)))
    return found.all()


async def lock_records_of(session: AsyncSession, finding_ids: Sequence[UUID]) -> Sequence[Record]:
    """Return the records that findings are of, held until the transaction ends.

    Whoever works on a record holds it too, so that its findings stay as they are meanwhile.
    """
    of_findings = select(StoredFinding.record_id).where(StoredFinding.id.in_(finding_ids))
    found = await session.scalars(
        select(Record)
        .where(Record.id.in_(of_findings))
        .order_by(Record.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def lock_findings(
    session: AsyncSession, finding_ids: Sequence[UUID]
) -> Sequence[StoredFinding]:
    """Return findings, held until the transaction ends."""
    found = await session.scalars(
        select(StoredFinding)
        .where(StoredFinding.id.in_(finding_ids))
        .order_by(StoredFinding.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def list_decided(
    session: AsyncSession, patient_id: UUID, record_id: UUID
) -> Sequence[StoredFinding]:
    """Return the findings of a record that the patient has decided on."""
    found = await session.scalars(
        select(StoredFinding).where(
            StoredFinding.patient_id == patient_id,
            StoredFinding.record_id == record_id,
            StoredFinding.status != FindingStatus.EXTRACTED,
        )
    )
    return found.all()


async def forget_undecided(session: AsyncSession, patient_id: UUID, record_id: UUID) -> None:
    """Remove the findings of a record that the patient hasn't decided on."""
    await session.execute(
        delete(StoredFinding).where(
            StoredFinding.patient_id == patient_id,
            StoredFinding.record_id == record_id,
            StoredFinding.status == FindingStatus.EXTRACTED,
        )
    )


async def forget_all(session: AsyncSession, patient_id: UUID, record_id: UUID) -> None:
    """Remove all findings of a record."""
    await session.execute(
        delete(StoredFinding).where(
            StoredFinding.patient_id == patient_id, StoredFinding.record_id == record_id
        )
    )
