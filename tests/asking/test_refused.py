"""Asking again what reviewers have refused or taken back an answer to."""

from datetime import timedelta
from uuid import UUID

import pytest

from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.repository import views_by_question
from navis_api.asking.asked import Asked, AskOutcome
from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.cancers.repository import load_catalogue
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.questions.models import Question, QuestionStatus
from navis_api.review.acting import Acting, RevisionTarget
from navis_api.review.deciding import decide
from navis_api.review.models import Decision, StaffMember, StaffRole
from navis_api.review.people import StaffDraft, save_member
from navis_api.review.publishing import publish, retract
from navis_api.sources.documents import SourceDocument
from navis_api.sources.service import save_document
from tests.generation.world import NOON, ask, generation, task

_REVIEWER = RowViewer("reviewer", "reviewer-1")
_EDITOR = RowViewer("editor", "editor-1")


class _Staff:
    """A reviewer and an editor who deal with what was written."""

    def __init__(self, database: Database, reviewer: StaffMember, editor: StaffMember) -> None:
        self.database = database
        self.reviewer = reviewer
        self.editor = editor

    async def decide(self, revision_id: UUID, decision: Decision) -> None:
        target = await self._target(revision_id)
        async with self.database.writing(_REVIEWER) as session:
            await decide(
                session,
                target,
                decision,
                "As agreed.",
                acting=Acting(self.reviewer, NOON),
                catalogue=await load_catalogue(session),
                review_months=12,
            )

    async def publish(self, revision_id: UUID) -> None:
        target = await self._target(revision_id)
        async with self.database.writing(_EDITOR) as session:
            catalogue = await load_catalogue(session)
            await publish(session, target, acting=Acting(self.editor, NOON), catalogue=catalogue)

    async def retract(self, revision_id: UUID) -> None:
        target = await self._target(revision_id)
        async with self.database.writing(_EDITOR) as session:
            catalogue = await load_catalogue(session)
            await retract(
                session,
                target,
                "It was wrong.",
                acting=Acting(self.editor, NOON),
                catalogue=catalogue,
            )

    async def _target(self, revision_id: UUID) -> RevisionTarget:
        async with self.database.reading(SYSTEM_ROWS) as session:
            revision = await session.get_one(AnswerRevision, revision_id)
        return RevisionTarget(revision.answer_id, revision.number, revision.lock_version)


@pytest.fixture
async def staff(sample_database: Database) -> _Staff:
    people = (
        StaffDraft("reviewer-1", StaffRole.REVIEWER, "Lea Ahmed", "MD", all_cancers=True),
        StaffDraft("editor-1", StaffRole.EDITOR, "Eve Gray"),
    )
    async with sample_database.writing(SYSTEM_ROWS) as session:
        catalogue = await load_catalogue(session)
        reviewer, editor = [
            await save_member(session, each, actor=SYSTEM_ACTOR, catalogue=catalogue, now=NOON)
            for each in people
        ]
    return _Staff(sample_database, reviewer, editor)


async def written(database: Database) -> tuple[Asked, UUID]:
    """Ask, have the answer written, and return its revision."""
    asked = await ask(database)
    assert asked.generation_id is not None
    await task(database).run(asked.generation_id.bytes)
    revision_id = (await generation(database, asked.generation_id)).revision_id
    assert revision_id is not None
    return asked, revision_id


async def declined(database: Database, first: Asked, *, hours: float) -> bool:
    """Ask again some hours later; say whether it was declined and not written again."""
    again = await ask(database, now=NOON + timedelta(hours=hours))
    assert again.question_id == first.question_id
    if again.outcome is AskOutcome.DECLINED:
        assert again.generation_id is None
        return True
    assert again.outcome is AskOutcome.GENERATING
    assert again.generation_id not in (None, first.generation_id)
    return False


async def test_what_was_rejected_is_neither_shown_nor_written_again_for_a_day(
    sample_database: Database, staff: _Staff
) -> None:
    first, revision_id = await written(sample_database)
    await staff.decide(revision_id, Decision.REJECT)
    assert await declined(sample_database, first, hours=23.9)
    assert first.question_id is not None
    async with sample_database.reading() as session:
        assert await views_by_question(session, [first.question_id]) == {}
    assert not await declined(sample_database, first, hours=24)


async def test_what_was_retracted_is_neither_served_nor_written_again_for_a_day(
    sample_database: Database, staff: _Staff
) -> None:
    first, revision_id = await written(sample_database)
    await staff.decide(revision_id, Decision.APPROVE)
    await staff.publish(revision_id)
    assert (await ask(sample_database)).outcome is AskOutcome.REVIEWED_ANSWER

    await staff.retract(revision_id)
    assert await declined(sample_database, first, hours=23.9)
    assert not await declined(sample_database, first, hours=24)


async def test_a_new_source_is_reason_enough_to_write_again(
    sample_database: Database, staff: _Staff
) -> None:
    first, revision_id = await written(sample_database)
    await staff.decide(revision_id, Decision.REJECT)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await save_document(
            session,
            SourceDocument(
                key="test:new",
                title="News",
                publisher="A public institute",
                url="https://example.org/news",
                licence="Public domain",
                markdown="Something is known now.",
                where="a test",
            ),
            catalogue=await load_catalogue(session),
            now=NOON + timedelta(minutes=1),
        )
    assert not await declined(sample_database, first, hours=1)


async def test_what_people_wrote_instead_is_waited_for(
    sample_database: Database, staff: _Staff
) -> None:
    first, revision_id = await written(sample_database)
    await staff.decide(revision_id, Decision.REJECT)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, first.question_id)
        question.status = QuestionStatus.AWAITING_REVIEW
    assert await declined(sample_database, first, hours=48)


async def test_what_waits_for_review_is_followed_as_before(sample_database: Database) -> None:
    first, revision_id = await written(sample_database)
    again = await ask(sample_database, now=NOON + timedelta(days=2))
    assert again.generation_id == first.generation_id
    async with sample_database.reading(SYSTEM_ROWS) as session:
        revision = await session.get_one(AnswerRevision, revision_id)
    assert revision.state is AnswerState.IN_REVIEW
