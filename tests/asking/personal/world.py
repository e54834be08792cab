"""Patients over the sample content who ask for themselves, and a worker that answers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from navis_api.asking.asked import Asked, AskQuestion
from navis_api.asking.personal import reading, repository
from navis_api.asking.personal.consents import NeededConsents
from navis_api.asking.personal.keeping import PersonalKeeping, PersonalLease
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.service import PersonalAskingService
from navis_api.asking.personal.views import PersonalEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.contract import Engine
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.keeping import ToldEvent
from navis_api.generation.tasks import GenerationTask
from navis_api.identity.viewer import Viewer
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock, utc_now
from navis_api.records.consents import service as consents
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.texts import current_version
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.findings import deciding
from navis_api.records.findings import repository as findings
from navis_api.records.findings.deciding import Decided, FindingDecision
from tests.records.world import PATIENT, RecordWorld, content

QUESTION = "What are my treatment options for liver cancer that came back?"

PRIMARY = Finding(
    kind=FindingKind.PRIMARY_CANCER,
    name="Liver cancer",
    key="liver-cancer",
    quote="Diagnosis: liver cancer",
    confidence=0.9,
    page=1,
    start=0,
    end=23,
)


def extractive(database: Database) -> ExtractiveEngine:
    return ExtractiveEngine(database, CatalogueKeeper(database))


@dataclass
class PersonalWorld:
    """The rooms of personal questions, over the sample content and a folder."""

    database: Database
    folder: Path
    engine: str = "extractive"
    is_remote: bool = False
    records: RecordWorld = field(init=False)

    def __post_init__(self) -> None:
        self.records = RecordWorld(self.database, self.folder)
        self.storage = self.records.storage
        self.consents = NeededConsents(is_remote=self.is_remote)
        self.asking = PersonalAskingService(
            CatalogueKeeper(self.database),
            self.storage,
            engine=self.engine,
            consents=self.consents,
            max_question_chars=1_000,
            idempotency_ttl_s=86_400,
        )

    async def allow(self, *purposes: ConsentPurpose, viewer: Viewer = PATIENT) -> None:
        for purpose in purposes or (ConsentPurpose.PERSONAL_ANSWERS,):
            async with self.database.writing(viewer.rows) as session:
                await consents.grant(
                    session,
                    self.storage,
                    purpose,
                    current_version(purpose),
                    self.records.acting(viewer),
                )

    async def take_back(
        self,
        purpose: ConsentPurpose = ConsentPurpose.PERSONAL_ANSWERS,
        viewer: Viewer = PATIENT,
    ) -> None:
        async with self.database.writing(viewer.rows) as session:
            await consents.revoke(session, purpose, self.records.acting(viewer))

    async def has_read(self, *found: Finding, viewer: Viewer = PATIENT) -> list[UUID]:
        """Findings out of a record, which the patient hasn't decided on."""
        record_id = await self.records.read(content(100), *found, viewer=viewer)
        async with self.database.reading(viewer.rows) as session:
            rows = await findings.list_of_records(session, [record_id])
        return [row.id for row in rows]

    async def decide(
        self, decision: FindingDecision, ids: Sequence[UUID], viewer: Viewer = PATIENT
    ) -> None:
        decisions = [Decided(each, decision) for each in ids]
        async with self.database.writing(viewer.rows) as session:
            await deciding.decide(session, self.storage, decisions, self.records.acting(viewer))

    async def confirmed(self, *found: Finding, viewer: Viewer = PATIENT) -> list[UUID]:
        ids = await self.has_read(*found, viewer=viewer)
        await self.decide(FindingDecision.CONFIRM, ids, viewer)
        return ids

    async def ask(
        self,
        text: str = QUESTION,
        *,
        viewer: Viewer = PATIENT,
        cancer: str | None = None,
        locale: str = "en",
        key: str | None = None,
        now: datetime | None = None,
    ) -> Asked:
        asked = AskQuestion(text, cancer, locale, personal=True, idempotency_key=key)
        acting = self.records.acting(viewer)
        if now is not None:
            self.records.now, before = now, self.records.now
            acting = self.records.acting(viewer)
            self.records.now = before
        async with self.database.writing(viewer.rows) as session:
            return await self.asking.ask(session, asked, acting)

    async def asked_id(self, text: str = QUESTION, viewer: Viewer = PATIENT) -> UUID:
        """The id of a question whose answer is to be written."""
        asked = await self.ask(text, viewer=viewer)
        assert asked.question_id is not None
        return asked.question_id

    def task(
        self,
        engine: Engine | None = None,
        *,
        clock: Clock = utc_now,
        lease_s: float = 15,
        max_attempts: int = 3,
        patience_s: float = 180,
    ) -> GenerationTask[PersonalLease]:
        engines: Mapping[str, Engine] = {self.engine: engine or extractive(self.database)}
        return GenerationTask(
            PersonalKeeping(self.storage, self.consents),
            self.database,
            Fanout("postgresql://nobody@127.0.0.1:1/nowhere"),
            engines,
            clock=clock,
            lease_s=lease_s,
            max_attempts=max_attempts,
            patience_s=patience_s,
        )

    async def answered(self, text: str = QUESTION, viewer: Viewer = PATIENT) -> PersonalEntry:
        """A question that was asked and answered."""
        question_id = await self.asked_id(text, viewer)
        await self.task().run(question_id.bytes)
        return await self.entry(question_id, viewer)

    async def entry(self, question_id: UUID, viewer: Viewer = PATIENT) -> PersonalEntry:
        found = await reading.find(
            self.database, self.storage, viewer, [question_id], self.records.acting(viewer)
        )
        return found[question_id]

    async def events(self, question_id: UUID, viewer: Viewer = PATIENT) -> list[ToldEvent]:
        entry = await self.entry(question_id, viewer)
        async with self.database.reading(viewer.rows) as session:
            return await reading.events_after(session, entry, 0)

    async def row(self, question_id: UUID) -> PersonalQuestion | None:
        async with self.database.reading(SYSTEM_ROWS) as session:
            return await repository.get(session, question_id)
