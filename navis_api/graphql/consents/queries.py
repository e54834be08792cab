"""Reading one's own consents. Each reading is noted in the audit record, in its transaction."""

from navis_api.graphql.consents.types import Consent
from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import reading_own
from navis_api.records.consents import service


async def find_consents(info: Info) -> list[Consent]:
    """Return every purpose with what the viewer says of it; empty unless they are a patient."""
    async with reading_own(info) as own:
        if own is None:
            return []
        session, acting = own
        views = await service.read_consents(session, acting)
    return [Consent.of(view) for view in views]
