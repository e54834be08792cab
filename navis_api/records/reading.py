"""A patient's reading of their own records: each is noted in the audit record."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Page, PageRequest
from navis_api.records import repository
from navis_api.records.acting import Acting
from navis_api.records.models import Record
from navis_api.records.sealing.storage import SealedStorage
from navis_api.records.views import RecordView, view_of


async def read_page(
    session: AsyncSession, storage: SealedStorage, page: PageRequest, acting: Acting
) -> Page[RecordView]:
    """Return a page of the viewer's records, the newest first. What is deleted isn't there."""
    found = await repository.list_records(session, page)
    views = await _views(storage, list(found.rows))
    if views:
        ids = [view.id for view in views]
        await acting.note(session, "record.list", detail={"records": ids})
    return Page(views, found.cursors, has_next=found.has_next, has_previous=found.has_previous)


async def read_one(
    session: AsyncSession, storage: SealedStorage, record_id: UUID, acting: Acting
) -> RecordView | None:
    """Return one of the viewer's records; None where it isn't there, or isn't theirs."""
    record = await repository.get_record(session, record_id)
    if record is None:
        return None
    view = (await _views(storage, [record]))[0]
    await acting.note(session, "record.read", record_id=record.id)
    return view


async def _views(storage: SealedStorage, records: list[Record]) -> list[RecordView]:
    if not records:
        return []
    # Row security shows the records of one patient only, so that there is one key to open.
    key = await storage.keys.open(records[0].patient_id)
    return [view_of(record, key) for record in records]
