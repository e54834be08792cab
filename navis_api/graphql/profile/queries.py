"""Reading one's own profile. Each reading is noted in the audit record, in its transaction."""

from navis_api.graphql.context import Info
from navis_api.graphql.profile.types import Profile
from navis_api.graphql.records.acting import reading_own
from navis_api.records.profile import service


async def find_profile(info: Info) -> Profile | None:
    """Return the viewer's profile; None unless they are a patient."""
    async with reading_own(info) as own:
        if own is None:
            return None
        session, acting = own
        profile = await service.read_profile(session, info.context.archive.storage, acting)
    return Profile.of(profile)
