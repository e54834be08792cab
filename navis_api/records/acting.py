"""On whose behalf something is done with records, when, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.detail import Detail
from navis_api.audit.service import SYSTEM_ACTOR, Actor, Origin, record
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.errors import PatientsOnly


@dataclass(frozen=True, slots=True)
class Acting:
    """A patient who is signed in, or (in the worker) our own code."""

    actor: Actor
    now: datetime
    origin: Origin | None = None

    @property
    def subject(self) -> str:
        """The identity provider's name for the patient."""
        assert self.actor.subject is not None
        return self.actor.subject

    async def note(
        self,
        session: AsyncSession,
        action: str,
        *,
        record_id: UUID | None = None,
        detail: Mapping[str, Detail] | None = None,
    ) -> None:
        """Record what was done, in its transaction and as the last thing there."""
        await record(
            session,
            self.actor,
            action,
            object_type="record" if record_id else None,
            object_id=record_id,
            detail=detail,
            origin=self.origin,
            now=self.now,
        )


def as_patient(viewer: Viewer, *, now: datetime, origin: Origin) -> Acting:
    """Return a viewer as one who has records. Raises PatientsOnly."""
    if viewer.kind is not ViewerKind.PATIENT or viewer.subject is None:
        raise PatientsOnly
    return Acting(Actor(viewer.kind.value, viewer.subject), now, origin)


def as_ourselves(now: datetime) -> Acting:
    """Return our own code, as the worker is."""
    return Acting(SYSTEM_ACTOR, now)
