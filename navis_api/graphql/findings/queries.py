"""Reading one's own findings by their id. Each reading is noted in the audit record."""

from uuid import UUID

from navis_api.graphql.context import Info
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.records.acting import reading_own
from navis_api.records.findings import reading


async def find_finding(info: Info, finding_id: UUID) -> Finding | None:
    """Return one of the viewer's findings; None where it isn't there, or isn't theirs."""
    async with reading_own(info) as own:
        if own is None:
            return None
        session, acting = own
        view = await reading.read_one(session, info.context.archive.storage, finding_id, acting)
    return Finding.of(view) if view else None
