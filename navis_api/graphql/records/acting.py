"""Acting as the patient who is signed in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.graphql.context import Info, RequestContext
from navis_api.records.acting import Acting, as_patient
from navis_api.records.errors import PatientsOnly


def acting_in(context: RequestContext) -> Acting:
    """Return the viewer as a patient. Raises PatientsOnly."""
    return as_patient(context.viewer, now=context.now, origin=context.origin)


@asynccontextmanager
async def reading_own(info: Info) -> AsyncGenerator[tuple[AsyncSession, Acting] | None]:
    """Open the transaction in which a patient reads what is theirs, and that is recorded.

    None for whoever isn't a patient. The response is nobody else's, and isn't kept.
    """
    context = info.context
    context.reads.keep_private()
    try:
        acting = acting_in(context)
    except PatientsOnly:
        yield None
        return
    async with context.database.writing(context.viewer.rows) as session:
        yield session, acting
