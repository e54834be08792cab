"""Publishing what is due: one answer a transaction, in the name of who scheduled it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing as steps
from navis_api.answers.models import AnswerState
from navis_api.audit.service import SYSTEM_ACTOR, record
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import UserFault
from navis_api.review import publishing, repository
from navis_api.review.errors import QuotesGone
from navis_api.review.holding import Held, hold_due
from navis_api.review.models import StaffRole
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

MOST_AT_ONCE = 100
_QUOTES_GONE = (
    "It was to be published, but its sources have changed, and some of its quotes no longer"
    " stand there."
)


@dataclass(frozen=True, slots=True)
class Due:
    """What became of what was due: the ids of revisions that were published, and that weren't."""

    published: tuple[UUID, ...] = ()
    dropped: tuple[UUID, ...] = ()


async def publish_due(database: Database, keeper: CatalogueKeeper, *, now: datetime) -> Due:
    """Publish what was scheduled for now or before, and return what became of it.

    What can't be published any more is dropped from the schedule: where its quotes are gone,
    it wants changes; where its editor has left the staff, it waits for another. Any number of
    workers may do this at the same time.
    """
    async with database.reading(SYSTEM_ROWS) as session:
        due = await repository.list_due(session, now=now, limit=MOST_AT_ONCE)
    published: list[UUID] = []
    dropped: list[UUID] = []
    for revision_id in due:
        done = await _publish_one(database, keeper, revision_id, now=now)
        if done is not None:
            (published if done else dropped).append(revision_id)
    return Due(tuple(published), tuple(dropped))


async def _publish_one(
    database: Database, keeper: CatalogueKeeper, revision_id: UUID, *, now: datetime
) -> bool | None:
    """Publish one, and say whether that was possible; None where there was nothing to do."""
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            held = await hold_due(session, revision_id, now=now)
            if held is None:
                return None
            return await _publish_held(session, keeper, held, now=now)
    except UserFault as fault:
        _log.warning("review.publication_failed", revision=str(revision_id), fault=fault.code)
        async with database.writing(SYSTEM_ROWS) as session:
            held = await hold_due(session, revision_id, now=now)
            if held is None:
                return None
            await _drop(session, held, wants_changes=isinstance(fault, QuotesGone), now=now)
        return False
    except DBAPIError as refused:
        # The next look tries it again, and the others don't wait for it.
        _log.error(
            "review.publication_refused",
            revision=str(revision_id),
            failure=describe_failure(refused),
        )
        return None


async def _publish_held(
    session: AsyncSession, keeper: CatalogueKeeper, held: Held, *, now: datetime
) -> bool:
    editor = (
        await repository.get_member(session, held.revision.publish_by)
        if held.revision.publish_by is not None
        else None
    )
    if editor is None or not editor.active or editor.role is not StaffRole.EDITOR:
        await _drop(session, held, wants_changes=False, now=now)
        return False
    catalogue = await keeper.current(session)
    await publishing.make_public(session, held, slug=None, catalogue=catalogue, now=now)
    await record(
        session,
        SYSTEM_ACTOR,
        "answer.publish",
        object_type="answer_revision",
        object_id=held.revision.id,
        detail={
            "answer_id": held.answer.id,
            "revision": held.revision.number,
            "scheduled_by": editor.id,
        },
        now=now,
    )
    return True


async def _drop(session: AsyncSession, held: Held, *, wants_changes: bool, now: datetime) -> None:
    if wants_changes:
        await steps.move(
            session, held.revision, AnswerState.CHANGES_REQUESTED, reason=_QUOTES_GONE, now=now
        )
    else:
        await publishing.set_schedule(session, held.revision, None, now=now)
    await record(
        session,
        SYSTEM_ACTOR,
        "answer.unschedule",
        object_type="answer_revision",
        object_id=held.revision.id,
        detail={
            "answer_id": held.answer.id,
            "revision": held.revision.number,
            "state": held.revision.state.value,
        },
        now=now,
    )
