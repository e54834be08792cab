"""Reading a receipt again by its id."""

from uuid import UUID

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.graphql.context import Info
from navis_api.graphql.erasing.types import ErasureReceipt
from navis_api.personal_data.erasing import repository


async def find_receipt(info: Info, erasure_id: UUID) -> ErasureReceipt | None:
    """Return a receipt to whoever knows its id, as with questions that were asked anonymously.

    Its row shows to our own code alone: it is nobody's, and nobody may list them.
    """
    context = info.context
    context.reads.keep_private()
    async with context.database.reading(SYSTEM_ROWS) as session:
        erasure = await repository.get_erasure(session, erasure_id)
    return ErasureReceipt.of(erasure) if erasure else None
