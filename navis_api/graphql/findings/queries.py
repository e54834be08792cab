"""Reading one's own findings by their id. Each reading is noted in the audit record."""

from uuid import UUID

from navis_api.graphql.context import Info
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.records.acting import acting_in
from navis_api.records.errors import PatientsOnly
from navis_api.records.findings import reading


async def find_finding(info: Info, finding_id: UUID) -> Finding | None:
    """Return one of the viewer's findings; None where it isn't there, or isn't theirs."""
    context = info.context
    context.reads.keep_private()
    try:
        acting = acting_in(context)
    except PatientsOnly:
        return None
    async with context.database.writing(context.viewer.rows) as session:
        view = await reading.read_one(session, context.archive.storage, finding_id, acting)
    return Finding.of(view) if view else None
