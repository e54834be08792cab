"""Who does something with partners, when, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.detail import Detail
from navis_api.audit.service import SYSTEM_ACTOR, Actor, Origin, record
from navis_api.identity.viewer import ViewerKind
from navis_api.partners.errors import AdministratorsOnly


@dataclass(frozen=True, slots=True)
class Acting:
    """An administrator or, at the command line, whoever operates the service."""

    actor: Actor
    now: datetime
    origin: Origin | None = None

    def require_administrator(self) -> None:
        """Raise AdministratorsOnly for anybody else."""
        if self.actor != SYSTEM_ACTOR and self.actor.kind != ViewerKind.ADMINISTRATOR:
            raise AdministratorsOnly

    async def note(
        self,
        session: AsyncSession,
        action: str,
        object_type: str | None = None,
        object_id: UUID | None = None,
        detail: Mapping[str, Detail] | None = None,
    ) -> None:
        """Record what was done, as the last thing in its transaction."""
        await record(
            session,
            self.actor,
            action,
            object_type=object_type,
            object_id=object_id,
            detail=detail,
            origin=self.origin,
            now=self.now,
        )
