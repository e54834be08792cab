"""Decisions on questions: what becomes of one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.kit.ids import new_id
from navis_api.questions import repository
from navis_api.questions.indexing import index_question
from navis_api.questions.models import Question, QuestionStatus


async def store(
    session: AsyncSession,
    *,
    text: str,
    key: str,
    cancer_id: UUID | None,
    locale: str,
    status: QuestionStatus,
    asked_at: datetime,
) -> Question:
    """Return the question with this match key, stored now or before, held against other writers."""
    question = {
        "id": new_id(),
        "text": text,
        "match_key": key,
        "cancer_id": cancer_id,
        "locale": locale,
        "status": status,
        "asked_at": asked_at,
    }
    while True:
        await repository.add_if_new(session, question)
        same = await repository.lock_same(session, key=key, cancer_id=cancer_id, locale=locale)
        # Gone between the two with whoever had asked it, and has had everything erased.
        if same is not None:
            return same


async def mark_answered(
    session: AsyncSession,
    question: Question,
    *,
    slug: str,
    catalogue: Catalogue,
    answer_text: str,
    now: datetime,
) -> None:
    """Make the question public at an address, and findable.

    The database refuses it unless a reviewed answer is live when the transaction ends.
    """
    question.slug = slug
    question.status = QuestionStatus.ANSWERED
    question.answered_at = question.answered_at or now
    await session.flush()
    await index_question(session, question, catalogue=catalogue, further_text=answer_text)
