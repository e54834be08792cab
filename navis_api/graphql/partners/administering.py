"""Acting as an administrator who keeps partners."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.graphql.context import Info
from navis_api.graphql.review.acting import at_desk
from navis_api.partners.acting import Acting


@asynccontextmanager
async def administering(
    info: Info,
) -> AsyncGenerator[tuple[AsyncSession, Acting, Catalogue]]:
    """Open the transaction of an administrator who is on the staff.

    Raises ForStaff and NotOnStaff; that they are an administrator is asked by the services.
    """
    async with at_desk(info) as desk:
        acting = desk.acting
        yield desk.session, Acting(acting.actor, acting.now, acting.origin), desk.catalogue
