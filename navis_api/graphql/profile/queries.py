"""Reading one's own profile. Each reading is noted in the audit record, in its transaction."""

from navis_api.graphql.context import Info
from navis_api.graphql.profile.types import Profile
from navis_api.graphql.records.acting import acting_in
from navis_api.records.errors import PatientsOnly
from navis_api.records.profile import service


async def find_profile(info: Info) -> Profile | None:
    """Return the viewer's profile; None unless they are a patient."""
    context = info.context
    context.reads.keep_private()
    try:
        acting = acting_in(context)
    except PatientsOnly:
        return None
    async with context.database.writing(context.viewer.rows) as session:
        profile = await service.read_profile(session, context.archive.storage, acting)
    return Profile.of(profile)
