"""Findings by their record: those of all records on a page are read, and recorded, together."""

from uuid import UUID

from navis_api.db.sessions import Database
from navis_api.graphql.data_loader import DataLoader
from navis_api.identity.viewer import Viewer
from navis_api.records.acting import Acting
from navis_api.records.findings import reading
from navis_api.records.findings.views import FindingView
from navis_api.records.sealing.storage import SealedStorage

FindingsOfRecord = DataLoader[UUID, list[FindingView]]


def findings_of_record(
    database: Database, storage: SealedStorage, viewer: Viewer, acting: Acting
) -> FindingsOfRecord:
    """Return a loader of the viewer's findings, by the record's id and in their order."""

    async def load(record_ids: list[UUID]) -> list[list[FindingView]]:
        async with database.writing(viewer.rows) as session:
            found = await reading.read_of_records(session, storage, record_ids, acting)
        return [found.get(record_id, []) for record_id in record_ids]

    return FindingsOfRecord(load_fn=load)
