"""Somebody of whom everything is held that there can be of a patient, and their erasure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import Viewer
from navis_api.personal_data.erasing import service
from navis_api.personal_data.erasing.finishing import finish
from navis_api.personal_data.erasing.models import Erasure
from navis_api.personal_data.erasing.service import CONFIRMATION
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.findings import deciding
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.deciding import Decided, FindingDecision
from navis_api.review import feedback
from navis_api.review.feedback import FeedbackDraft
from navis_api.review.models import FeedbackKind
from tests.asking.personal.world import PersonalWorld
from tests.generation.world import ask, task
from tests.records.readers import MARKER, READ
from tests.records.world import NOWHERE, PART, RecordWorld, content, file_of

NAME = "Befund Zaunkoenig.pdf"
SHARED_QUESTION = "What surgery is there for liver cancer?"


@dataclass
class Person:
    """A patient, with what they do. `words` are theirs, and occur nowhere else."""

    viewer: Viewer
    world: RecordWorld
    owner: asyncpg.Connection

    @property
    def subject(self) -> str:
        assert self.viewer.subject is not None
        return self.viewer.subject

    @property
    def mark(self) -> str:
        """A word that stands in all that they write."""
        return self.subject.rpartition("|")[2].replace("-", "")

    async def patient_id(self) -> UUID | None:
        return await self.owner.fetchval("SELECT id FROM patients WHERE subject = $1", self.subject)

    async def question(self, text: str, *, key: str | None = None) -> UUID:
        asked = await ask(
            self.world.database,
            text,
            viewer=self.viewer,
            cancer="liver-cancer",
            idempotency_key=key,
        )
        assert asked.question_id is not None
        return asked.question_id

    async def written(self, question_id: UUID) -> None:
        """Have the answer to a question written, so that a draft of it waits for review."""
        generation_id = await self.owner.fetchval(
            "SELECT id FROM generations WHERE question_id = $1", question_id
        )
        assert isinstance(generation_id, UUID)
        await task(self.world.database).run(generation_id.bytes)

    async def upload(self) -> None:
        """Records in every state that there is work in, and one that is read and decided on."""
        world, viewer = self.world, self.viewer
        read_id = await world.read(content(PART + 10), *READ, viewer=viewer)
        finding_id = await self.owner.fetchval(
            "SELECT id FROM findings WHERE record_id = $1 AND number = $2",
            read_id,
            READ.index(MARKER),
        )
        assert isinstance(finding_id, UUID)
        correction = Decided(finding_id, FindingDecision.CORRECT, Correction(value=self.mark[:40]))
        async with world.database.writing(viewer.rows) as session:
            await deciding.decide(session, world.storage, [correction], world.acting(viewer))
        await world.uploaded(content(20), viewer, filename=NAME)
        await world.scanned(content(30), viewer)
        opened = await world.announce(file_of(content(2 * PART), filename=NAME), viewer)
        assert opened.upload is not None
        await world.send(opened.upload.token, content(PART), offset=0)
        await world.delete(await world.uploaded(content(40), viewer), viewer)

    async def talk(self) -> None:
        """Questions of their own and of others too, and what they say of an answer."""
        await self.question(f"My liver cancer came back says {self.mark}, what now?", key=self.mark)
        own = await self.question(f"What surgery for liver cancer would {self.mark} have?")
        await self.written(own)
        await self.question(SHARED_QUESTION)
        answer_id = await self.owner.fetchval(
            "SELECT answer_id FROM answer_revisions WHERE state = 'PUBLISHED' ORDER BY 1 LIMIT 1"
        )
        assert isinstance(answer_id, UUID)
        async with self.world.database.writing(SYSTEM_ROWS) as session:
            await feedback.give(
                session,
                FeedbackDraft(
                    answer_id, FeedbackKind.HARM, text=f"It harmed {self.mark}", idempotency_key="1"
                ),
                viewer=self.viewer,
                now=self.world.now,
            )

    async def consult(self) -> None:
        """A consent, one that was taken back, and personal questions: reviewed, and under way."""
        personal = PersonalWorld(self.world.database, self.world.folder)
        await personal.allow(
            ConsentPurpose.PERSONAL_ANSWERS, ConsentPurpose.REVIEW, viewer=self.viewer
        )
        await personal.take_back(ConsentPurpose.REVIEW, viewer=self.viewer)
        entry = await personal.answered(
            f"What surgery for liver cancer would {self.mark} have?", self.viewer
        )
        await self.reviewed(entry.row.id, "APPROVE", until=date(2027, 11, 21))
        await personal.asked_id(
            f"What treatment of liver cancer would {self.mark} have?", self.viewer
        )

    async def reviewed(
        self,
        question_id: UUID,
        decision: str,
        *,
        reason: str | None = None,
        until: date | None = None,
    ) -> None:
        """Have a reviewer decide on a personal answer."""
        await self.owner.execute(
            "INSERT INTO personal_reviews (patient_id, question_id, decision, reason, subject,"
            " reviewer, credentials, at, next_review_on) SELECT patient_id, id, $2, $3,"
            " 'idp|reviewer', 'Dr Sample', 'Hepatologist', $4, $5 FROM personal_questions"
            " WHERE id = $1",
            question_id,
            decision,
            reason,
            self.world.now,
            until,
        )

    async def live(self) -> UUID:
        """Do all of it, and return their id."""
        await self.upload()
        await self.talk()
        await self.consult()
        patient_id = await self.patient_id()
        assert patient_id is not None
        return patient_id

    async def rows_erased(self) -> Erasure:
        """Have the rows erased, as far as the first transaction goes."""
        subject, request = service.requested_by_patient(
            self.viewer, CONFIRMATION, now=self.world.now, origin=NOWHERE
        )
        async with self.world.database.writing(SYSTEM_ROWS) as session:
            return await service.erase(session, subject, request)

    async def erased(self) -> Erasure:
        """Have everything erased."""
        erasure = await self.rows_erased()
        return await finish(
            self.world.database, self.world.storage, erasure.id, clock=lambda: self.world.now
        )
