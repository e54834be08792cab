"""All queries of asking: on idempotency keys, and on what people have refused of an answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.asking.models import IdempotencyKey


async def hold_key(session: AsyncSession, client: str, key: str) -> None:
    """Make requests with the same key wait for each other until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{client}\n{key}", 0)))
    )


async def get_key(
    session: AsyncSession, client: str, key: str, *, since: datetime
) -> IdempotencyKey | None:
    """Return what a key came with, unless that was before `since`."""
    return await session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.client == client,
            IdempotencyKey.key == key,
            IdempotencyKey.created_at > since,
        )
    )


async def keep_key(
    session: AsyncSession,
    *,
    client: str,
    key: str,
    request_hash: str,
    result: dict[str, Any],
    question_id: UUID | None,
    now: datetime,
) -> None:
    """Keep what came of a key, in place of what it gave before its time was over."""
    await session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.client == client, IdempotencyKey.key == key)
    )
    await session.execute(
        insert(IdempotencyKey).values(
            client=client,
            key=key,
            request_hash=request_hash,
            result=result,
            question_id=question_id,
            created_at=now,
        )
    )


async def forget_keys(session: AsyncSession, *, before: datetime) -> None:
    """Remove the keys whose time is over."""
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at <= before))


async def refused_revisions(session: AsyncSession, question_id: UUID) -> dict[UUID, datetime]:
    """Return what reviewers rejected or took back of a question's answer, and when."""
    rows = await session.execute(
        select(AnswerRevision.id, AnswerRevision.updated_at)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(
            Answer.question_id == question_id,
            AnswerRevision.state.in_((AnswerState.REJECTED, AnswerState.RETRACTED)),
        )
    )
    return dict(rows.all())
