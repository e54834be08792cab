"""Loaders of what is one patient's own: their questions, and what the answers rest on."""

from collections.abc import Sequence
from uuid import UUID

from navis_api.asking.personal import reading
from navis_api.asking.personal.views import PersonalAnswerView, PersonalEntry
from navis_api.db.sessions import Database
from navis_api.generation.keeping import ToldEvent
from navis_api.graphql.data_loader import DataLoader
from navis_api.identity.viewer import Viewer
from navis_api.records.acting import Acting
from navis_api.records.findings import reading as findings
from navis_api.records.findings.views import FindingView
from navis_api.records.sealing.storage import SealedStorage


class PersonalLoaders:
    """The loaders of one operation of a patient's. What they read is recorded."""

    def __init__(
        self, database: Database, storage: SealedStorage, viewer: Viewer, acting: Acting
    ) -> None:
        self._database = database
        self._storage = storage
        self._viewer = viewer
        self._acting = acting
        self._known: dict[UUID, PersonalEntry] = {}
        self._answers: dict[UUID, PersonalAnswerView] = {}
        self.entry = DataLoader[UUID, PersonalEntry | None](load_fn=self._load_entries)
        self.finding = DataLoader[UUID, FindingView | None](load_fn=self._load_findings)
        self._facts_changed = DataLoader[UUID, bool](load_fn=self._load_facts_changed)

    def expect(self, entries: Sequence[PersonalEntry]) -> None:
        """Have questions at hand that were read with a list."""
        self._known.update({entry.row.id: entry for entry in entries})

    def known(self, id_: UUID) -> PersonalEntry | None:
        """Return a question that was read already."""
        return self._known.get(id_)

    async def events(self, entry: PersonalEntry, after: int) -> list[ToldEvent]:
        """Return the events of a question's writing from after a sequence number on."""
        async with self._database.reading(self._viewer.rows) as session:
            return await reading.events_after(session, entry, after)

    async def facts_changed(self, answer: PersonalAnswerView) -> bool:
        """Return whether the patient's facts are others by now than those it rests on."""
        id_ = answer.answer.id
        self._answers[id_] = answer
        return await self._facts_changed.load(id_)

    async def _load_entries(self, ids: list[UUID]) -> list[PersonalEntry | None]:
        found = await reading.find(self._database, self._storage, self._viewer, ids, self._acting)
        self._known.update(found)
        return [found.get(id_) for id_ in ids]

    async def _load_findings(self, ids: list[UUID]) -> list[FindingView | None]:
        async with self._database.writing(self._viewer.rows) as session:
            found = await findings.read_many(session, self._storage, ids, self._acting)
        return [found.get(id_) for id_ in ids]

    async def _load_facts_changed(self, ids: list[UUID]) -> list[bool]:
        answers = {id_: self._answers[id_] for id_ in ids}
        async with self._database.writing(self._viewer.rows) as session:
            changed = await reading.facts_have_changed(
                session, self._storage, answers, self._acting
            )
        return [changed[id_] for id_ in ids]
