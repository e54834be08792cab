"""Following the writing of a personal answer: replay from a number on, then wait (law 3)."""

from collections.abc import AsyncGenerator
from uuid import UUID

from navis_api.asking.personal import repository
from navis_api.asking.personal.reviews.repository import reviews_of
from navis_api.asking.personal.reviews.withdrawal import events_shown
from navis_api.asking.personal.sealed import event_in
from navis_api.db.sessions import Database
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.keeping import ToldEvent
from navis_api.generation.stream import ENDS, GENERATION_CHANNEL
from navis_api.identity.viewer import Viewer
from navis_api.jobs.fanout import Fanout
from navis_api.records.acting import Acting
from navis_api.records.sealing.storage import SealedStorage


class PersonalStream:
    """Gives a patient every event of an answer that is written for them, once, in order.

    Each subscriber looks for itself: nobody else waits for the same.
    """

    def __init__(self, database: Database, fanout: Fanout, storage: SealedStorage) -> None:
        self._database = database
        self._fanout = fanout
        self._storage = storage

    async def knows(self, viewer: Viewer, question_id: UUID) -> bool:
        """Whether this is a personal question of the viewer's."""
        async with self._database.reading(viewer.rows) as session:
            return await repository.get(session, question_id) is not None

    async def follow(
        self, viewer: Viewer, question_id: UUID, after: int, acting: Acting
    ) -> AsyncGenerator[ToldEvent]:
        """Yield the events with a number greater than `after`, until the last one there will be.

        Raises GenerationUnknown when it isn't the viewer's, or is there no longer, and
        StorageUnavailable.
        """
        async with self._database.writing(viewer.rows) as session:
            row = await repository.get(session, question_id)
            if row is None:
                raise GenerationUnknown
            await acting.note(session, "personal_question.follow", detail={"question": question_id})
        key = await self._storage.keys.open(row.patient_id)
        with self._fanout.waiting(GENERATION_CHANNEL, str(question_id)) as stirred:
            while True:
                # Before the look, so that what comes during it is looked at next.
                stirred.clear()
                async with self._database.reading(viewer.rows) as session:
                    row = await repository.get(session, question_id)
                    if row is None:
                        raise GenerationUnknown
                    rows = await repository.list_events(
                        session, row.patient_id, row.id, after=after
                    )
                    # After the events: of what is taken back meanwhile nothing more is told.
                    review = (await reviews_of(session, [row.id])).get(row.id)
                for event in events_shown([event_in(each, key) for each in rows], review):
                    after = event.sequence
                    yield event
                    if event.kind in ENDS:
                        return
                # A look is one snapshot only by chance, so that an end is believed of events
                # alone, but for a subscriber who has had them all.
                if row.finished_at is not None and not rows:
                    return
                await self._fanout.stirring(stirred)
