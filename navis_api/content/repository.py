"""Queries of the export: everything that is published."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision
from navis_api.answers.repository import LIVE, AnswerView
from navis_api.questions.models import Question
from navis_api.sources.models import Source, SourceVersion


async def published(session: AsyncSession) -> AsyncIterator[tuple[Question, AnswerView]]:
    """Yield each answered question with its live revision, by slug, a few at a time."""
    after = ""
    while True:
        rows = (
            await session.execute(
                select(Question, Answer, AnswerRevision)
                .join(Answer, Answer.question_id == Question.id)
                .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
                .where(AnswerRevision.state.in_(LIVE), Question.slug > after)
                .order_by(Question.slug)
                .limit(100)
            )
        ).all()
        for question, answer, revision in rows:
            after = question.slug
            yield question, AnswerView(answer, revision)
        if not rows:
            return


async def versions_with_text(
    session: AsyncSession, version_ids: Collection[UUID]
) -> list[tuple[Source, SourceVersion]]:
    """Return these versions with their texts and sources, by the sources' keys."""
    rows = await session.execute(
        select(Source, SourceVersion)
        .join(SourceVersion, SourceVersion.source_id == Source.id)
        .where(SourceVersion.id.in_(version_ids))
        .order_by(Source.key, SourceVersion.number)
    )
    return [(source, version) for source, version in rows]
