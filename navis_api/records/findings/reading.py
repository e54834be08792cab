"""A patient's reading of their own findings: each is noted in the audit record."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.acting import Acting
from navis_api.records.findings import repository
from navis_api.records.findings.models import StoredFinding
from navis_api.records.findings.sealed import view_of
from navis_api.records.findings.views import FindingView
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage


async def read_of_records(
    session: AsyncSession, storage: SealedStorage, record_ids: Sequence[UUID], acting: Acting
) -> dict[UUID, list[FindingView]]:
    """Return the findings of these of the viewer's records, by record and in their order.

    Raises StorageUnavailable.
    """
    rows = await repository.list_of_records(session, record_ids)
    found: dict[UUID, list[FindingView]] = {}
    if rows:
        # Row security shows the findings of one patient only, so that there is one key to open.
        key = await storage.keys.open(rows[0].patient_id)
        for view in await asyncio.to_thread(_opened, rows, key):
            found.setdefault(view.record_id, []).append(view)
        await acting.note(session, "finding.list", detail={"records": sorted(found)})
    return found


async def read_many(
    session: AsyncSession, storage: SealedStorage, finding_ids: Sequence[UUID], acting: Acting
) -> dict[UUID, FindingView]:
    """Return these of the viewer's findings, by id, as far as they are there.

    Raises StorageUnavailable.
    """
    rows = await repository.list_findings(session, finding_ids)
    if not rows:
        return {}
    key = await storage.keys.open(rows[0].patient_id)
    views = await asyncio.to_thread(_opened, rows, key)
    records = sorted({view.record_id for view in views})
    await acting.note(session, "finding.list", detail={"records": records})
    return {view.id: view for view in views}


def _opened(rows: Sequence[StoredFinding], key: PatientKey) -> list[FindingView]:
    return [view_of(row, key) for row in rows]


async def read_one(
    session: AsyncSession, storage: SealedStorage, finding_id: UUID, acting: Acting
) -> FindingView | None:
    """Return one of the viewer's findings; None where it isn't there, or isn't theirs."""
    row = await repository.get_finding(session, finding_id)
    if row is None:
        return None
    view = view_of(row, await storage.keys.open(row.patient_id))
    await acting.note(session, "finding.read", record_id=row.record_id, detail={"finding": row.id})
    return view
