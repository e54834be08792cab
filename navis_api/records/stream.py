"""Following a record: replay its events from a number on, then wait for more (law 3)."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

from navis_api.db.sessions import Database
from navis_api.identity.viewer import Viewer
from navis_api.jobs.fanout import Fanout
from navis_api.records import repository
from navis_api.records.acting import Acting
from navis_api.records.errors import RecordUnknown
from navis_api.records.models import RecordEvent, RecordState

RECORD_CHANNEL: Final = "navis_record"
"""The database notifies here, with the record's id, whenever it has come to another state."""

_ENDS: Final = frozenset(
    {RecordState.READY, RecordState.QUARANTINED, RecordState.FAILED, RecordState.DELETED}
)


class RecordStream:
    """Gives a patient every event of a record of theirs, once, in order.

    Each subscriber looks for itself: a record is followed by its patient alone, and not long.
    """

    def __init__(self, database: Database, fanout: Fanout) -> None:
        self._database = database
        self._fanout = fanout

    async def follow(
        self, viewer: Viewer, record_id: UUID, after: int, acting: Acting
    ) -> AsyncGenerator[RecordEvent]:
        """Yield the events with a number greater than `after`, until nothing goes on any more.

        Raises RecordUnknown when there is no such record of the viewer's, or no longer.
        """
        async with self._database.writing(viewer.rows) as session:
            if await repository.get_record(session, record_id) is None:
                raise RecordUnknown(path=("recordId",))
            await acting.note(session, "record.follow", record_id=record_id)
        with self._fanout.waiting(RECORD_CHANNEL, str(record_id)) as stirred:
            while True:
                # Before the look, so that what comes during it is looked at next.
                stirred.clear()
                async with self._database.reading(viewer.rows) as session:
                    record = await repository.get_record(session, record_id)
                    rows = await repository.list_events(session, record_id, after=after)
                if record is None:
                    raise RecordUnknown(path=("recordId",))
                for row in rows:
                    after = row.sequence
                    yield row
                if record.state in _ENDS and (not rows or rows[-1].state is record.state):
                    return
                await self._fanout.stirring(stirred)
