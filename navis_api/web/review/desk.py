"""One of the staff at work: who is signed in, in a transaction of their own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from navis_api.answers.checking import ClaimChecker
from navis_api.answers.fence import until_readers_follow
from navis_api.audit.service import Origin
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.kit.clock import Clock
from navis_api.review import people
from navis_api.review.acting import Acting
from navis_api.review.models import StaffMember
from navis_api.settings import Settings
from navis_api.web.session import SignedIn


@dataclass(frozen=True, slots=True)
class Serving:
    """What the review's pages are served with. `site` is our address, without a slash."""

    settings: Settings
    database: Database
    catalogue: CatalogueKeeper
    claim_checker: ClaimChecker
    clock: Clock

    @property
    def site(self) -> str:
        """The address that browsers see."""
        return self.settings.public_address


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    request: Request
    signed_in: SignedIn
    now: datetime

    @property
    def origin(self) -> Origin:
        """Where it comes from, as the audit record keeps it."""
        client = self.request.client
        return Origin(
            address=client.host if client else None,
            request_id=self.request.headers.get("x-request-id"),
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """A transaction of one of the staff, and what their services take."""

    session: AsyncSession
    acting: Acting
    catalogue: Catalogue
    settings: Settings
    claim_checker: ClaimChecker

    @property
    def member(self) -> StaffMember:
        """Who it is."""
        return self.acting.member

    @property
    def now(self) -> datetime:
        """When."""
        return self.acting.now


@asynccontextmanager
async def at_desk(serving: Serving, visit: Visit) -> AsyncGenerator[Desk]:
    """Open the transaction of one of the staff, for reading too, since that is recorded.

    Raises NotOnStaff.
    """
    # Before the session opens: two connections at a time could starve the pool.
    catalogue = await serving.catalogue.current()
    viewer = visit.signed_in.viewer
    async with serving.database.writing(viewer.rows) as session:
        member = await people.require_member(session, viewer.subject, viewer.kind.value)
        yield Desk(
            session=session,
            acting=Acting(member, visit.now, visit.origin),
            catalogue=catalogue,
            settings=serving.settings,
            claim_checker=serving.claim_checker,
        )
    # Who is shown that an answer was retracted may rely on nobody's being served it.
    await until_readers_follow(serving.database)
