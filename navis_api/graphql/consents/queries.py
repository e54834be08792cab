"""Reading one's own consents. Each reading is noted in the audit record, in its transaction."""

from navis_api.graphql.consents.types import Consent
from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import acting_in
from navis_api.records.consents import service
from navis_api.records.errors import PatientsOnly


async def find_consents(info: Info) -> list[Consent]:
    """Return every purpose with what the viewer says of it; empty unless they are a patient."""
    context = info.context
    context.reads.keep_private()
    try:
        acting = acting_in(context)
    except PatientsOnly:
        return []
    async with context.database.writing(context.viewer.rows) as session:
        views = await service.read_consents(session, acting)
    return [Consent.of(view) for view in views]
