"""Acting as one of the staff: who is signed in, as the review knows them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.fence import until_readers_follow
from navis_api.audit.service import Actor, record
from navis_api.cancers.catalogue import Catalogue
from navis_api.graphql.context import Info
from navis_api.graphql.viewer.roles import require_staff
from navis_api.identity.viewer import Viewer
from navis_api.review import people
from navis_api.review.acting import Acting


def actor_of(viewer: Viewer) -> Actor:
    """Return a viewer as the audit record knows them."""
    return Actor(viewer.kind.value, viewer.subject)


@dataclass(frozen=True, slots=True)
class Desk:
    """A transaction of one of the staff, and what their services take."""

    session: AsyncSession
    acting: Acting
    catalogue: Catalogue


@asynccontextmanager
async def reading_at_desk(info: Info) -> AsyncGenerator[Desk]:
    """Open a transaction for reading that is recorded in it. Raises ForStaff and NotOnStaff."""
    context = info.context
    require_staff(context.viewer)
    # Before the session opens: two connections at a time could starve the pool.
    catalogue = await context.loaders.catalogue()
    async with context.database.writing(context.viewer.rows) as session:
        member = await people.require_member(
            session, context.viewer.subject, context.viewer.kind.value
        )
        acting = Acting(member, context.now, context.origin)
        yield Desk(session, acting, catalogue)


@asynccontextmanager
async def at_desk(info: Info) -> AsyncGenerator[Desk]:
    """Open the transaction of a mutation by one of the staff. Raises ForStaff and NotOnStaff."""
    context = info.context
    async with reading_at_desk(info) as desk:
        yield desk
    # Who is told that an answer was retracted may rely on nobody's being served it.
    await until_readers_follow(context.database)
    context.forget_loaded()


async def note_reading(info: Info, action: str, *, object_id: str | None = None) -> None:
    """Record that one of the staff read what isn't public, in a transaction of its own."""
    context = info.context
    async with context.database.writing(context.viewer.rows) as session:
        await record(
            session,
            actor_of(context.viewer),
            action,
            object_type="answer" if object_id else None,
            object_id=object_id,
            origin=context.origin,
            now=context.now,
        )
