"""Publications for tests: answers published, corrected, due for review, approved again, taken back.

Each function is one step in a session of the caller's, who decides when it commits.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing, repository
from navis_api.answers import service as answers
from navis_api.answers.drafts import DraftFrame
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.publishing import Approval
from navis_api.kit.ids import new_id
from navis_api.kit.text import words
from navis_api.questions import service as question_service
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from tests.graphql.world import NOON, World, sections

REVIEWER = "Dr Ada Sample"
CREDENTIALS = "Hepatologist"


async def ask(session: AsyncSession, world: World, text: str) -> Question:
    question = Question(
        id=new_id(),
        text=text,
        match_key=match_key(text),
        cancer_id=world.catalogue.by_slug["liver-cancer"].id,
        locale="en",
        status=QuestionStatus.AWAITING_REVIEW,
        asked_at=NOON,
        search="",
    )
    session.add(question)
    await session.flush()
    return question


async def approve(
    session: AsyncSession,
    revision: AnswerRevision,
    *,
    now: datetime = NOON,
    by: str = REVIEWER,
) -> None:
    approval = Approval(by=by, credentials=CREDENTIALS, at=now, next_review_on=date(2027, 11, 21))
    await publishing.approve(session, revision, approval, now=now)


async def draft(
    session: AsyncSession,
    world: World,
    question: Question,
    *,
    title: str | None = None,
    summary: str = "A summary.",
    why: str | None = None,
    now: datetime = NOON,
) -> AnswerRevision:
    """Write a new revision and submit it for review."""
    revision = await answers.write_revision(
        session,
        question.id,
        sections(world),
        DraftFrame(
            title=title or question.text,
            summary=summary,
            doctor_questions=("Am I a candidate?",),
            next_steps=("Ask for a second opinion.",),
            gaps=(),
        ),
        author="A writer",
        edit_reason=why,
        sources={world.source.version_id: world.source},
        now=now,
    )
    await publishing.submit(session, revision, now=now)
    return revision


async def publish_revision(
    session: AsyncSession,
    world: World,
    question: Question,
    revision: AnswerRevision,
    *,
    now: datetime = NOON,
) -> None:
    """Publish what is approved."""
    slug = "-".join(words(question.text))
    await publishing.publish(session, revision, slug=slug, now=now)
    await question_service.mark_answered(
        session,
        question,
        slug=slug,
        catalogue=world.catalogue,
        answer_text=revision.summary,
        now=now,
    )


async def publish(
    session: AsyncSession,
    world: World,
    question: Question,
    *,
    title: str | None = None,
    summary: str = "A summary.",
    why: str | None = None,
    by: str = REVIEWER,
    now: datetime = NOON,
) -> AnswerRevision:
    """Write, approve and publish a new revision."""
    revision = await draft(session, world, question, title=title, summary=summary, why=why, now=now)
    await approve(session, revision, by=by, now=now)
    await publish_revision(session, world, question, revision, now=now)
    return revision


async def reject(session: AsyncSession, revision: AnswerRevision, *, now: datetime = NOON) -> None:
    await publishing.move(session, revision, AnswerState.REJECTED, reason="Not good.", now=now)


async def live(session: AsyncSession, question: Question) -> AnswerRevision | None:
    """The revision that readers are served, with all other publications held back."""
    await repository.hold_publications(session)
    return await peek(session, question)


async def peek(session: AsyncSession, question: Question) -> AnswerRevision | None:
    """The revision that readers are served, with nobody held back."""
    answer = await repository.get_of_question(session, question.id)
    return await repository.live_revision(session, answer.id) if answer else None


async def renew(session: AsyncSession, question: Question, *, now: datetime = NOON) -> None:
    """Approve what is due for review as it is."""
    revision = await live(session, question)
    assert revision is not None
    await approve(session, revision, now=now)


async def expire(
    session: AsyncSession,
    question: Question,
    *,
    reason: str,
    claims: Sequence[dict[str, Any]] | None = None,
    now: datetime = NOON,
) -> None:
    revision = await live(session, question)
    assert revision is not None
    await publishing.expire(session, revision, reason=reason, claims=claims, now=now)


async def retract(
    session: AsyncSession, question: Question, *, reason: str, now: datetime = NOON
) -> None:
    revision = await live(session, question)
    assert revision is not None
    await publishing.retract(session, revision, reason=reason, now=now)
    question.status = QuestionStatus.AWAITING_REVIEW
    question.answered_at = None
    await session.flush()


async def erase(session: AsyncSession, question: Question) -> None:
    await repository.hold_publications(session)
    await session.delete(question)
    await session.flush()
