"""The jobs that keep what is published true, and that raise alarms."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue
from navis_api.kit.clock import Clock
from navis_api.review import feedback, feedback_repository, staleness, staleness_repository
from navis_api.review.alarm import AlarmBell

_log = structlog.get_logger(__name__)

KEEP_TRUE = "keep-true"
"""The job that marks what a day or a change has made stale. It has no payload."""

_A_PAGE = 200

ALARM_LASTS = timedelta(days=1)
"""For how long an alarm is tried; its report stands at the top of the queue all the while."""


async def request_look(session: AsyncSession) -> None:
    """Have one worker look over everything once the transaction has committed."""
    await enqueue(session, KEEP_TRUE, b"", dedupe_key=KEEP_TRUE)


class KeepingTrue:
    """Marks what is no longer true as it was published; one revision a transaction.

    Each step asks anew what is the case, so a job that is done twice, or by two workers at
    once, or again from its beginning by a third, does the same.
    """

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def source_changed(self, payload: bytes) -> None:
        """Look at the revisions that quote the source whose id this is."""
        await self._look_at_source(UUID(bytes=payload))

    async def look_over(self, _payload: bytes) -> None:
        """Look at everything whose time is over, or of which a change went unnoticed."""
        await self._look_at_dates()
        await self._look_at_sources()
        await self._look_at_reports()

    async def _look_at_dates(self) -> None:
        while True:
            today = staleness.today(self._clock())
            async with self._database.reading(SYSTEM_ROWS) as session:
                overdue = await staleness_repository.overdue_revisions(
                    session, today, limit=_A_PAGE
                )
            await self._mark(overdue)
            if len(overdue) < _A_PAGE:
                return

    async def _look_at_sources(self) -> None:
        after: UUID | None = None
        while True:
            async with self._database.reading(SYSTEM_ROWS) as session:
                changed = await staleness_repository.changed_sources(
                    session, after=after, limit=_A_PAGE
                )
            for source_id in changed:
                await self._look_at_source(source_id)
            if len(changed) < _A_PAGE:
                return
            after = changed[-1]

    async def _look_at_source(self, source_id: UUID) -> None:
        async with self._database.reading(SYSTEM_ROWS) as session:
            concerned = await staleness.revisions_to_look_at(session, source_id)
            # Nobody who publishes is made to wait for what needs nothing.
            wanting = [
                each.revision_id
                for each in concerned
                if not each.marked
                or not await staleness.is_as_marked(session, each.revision_id, now=self._clock())
            ]
        await self._mark(wanting)
        if wanting:
            _log.info("answers.marked", source_id=str(source_id), count=len(wanting))

    async def _mark(self, revision_ids: Sequence[UUID]) -> None:
        for revision_id in revision_ids:
            async with self._database.writing(SYSTEM_ROWS) as session:
                await staleness.mark(session, revision_id, now=self._clock())

    async def _look_at_reports(self) -> None:
        async with self._database.reading(SYSTEM_ROWS) as session:
            reported = await feedback_repository.answers_reported(session)
        for answer_id in reported:
            async with self._database.writing(SYSTEM_ROWS) as session:
                await feedback.place_reported(session, answer_id, now=self._clock())


class Alarming:
    """Rings the bell for reports of harm, if there is one, until somebody hears it."""

    def __init__(self, database: Database, bell: AlarmBell | None, *, clock: Clock) -> None:
        self._database = database
        self._bell = bell
        self._clock = clock

    async def run(self, payload: bytes) -> None:
        """Tell of the feedback whose id this is. Raises AlarmNotTaken, and is tried again then."""
        if self._bell is None:
            return
        async with self._database.reading(SYSTEM_ROWS) as session:
            reported = await feedback_repository.get(session, UUID(bytes=payload))
        if reported is None:
            return
        if self._is_over(reported.at):
            _log.error("feedback.alarm_given_up", feedback_id=str(reported.id))
            return
        await self._bell.ring(reported.id, reported.answer_id, reported.revision_id, reported.at)

    def _is_over(self, at: datetime) -> bool:
        return self._clock() - at > ALARM_LASTS
