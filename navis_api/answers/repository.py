"""All queries on answers and their revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import AnswerContent, content_from_json
from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.answers.states import LIVE


@dataclass(frozen=True)
class AnswerView:
    """An answer at the revision that a viewer gets to see."""

    answer: Answer
    revision: AnswerRevision

    @cached_property
    def content(self) -> AnswerContent:
        """The revision's sections and citations."""
        return content_from_json(self.revision.content)

    @property
    def document(self) -> Mapping[str, Any]:
        """The revision's content as it is stored."""
        return self.revision.content

    @property
    def cited(self) -> Sequence[Mapping[str, Any]]:
        """The citations of the content, as they are stored."""
        return self.revision.content["citations"]

    @property
    def reviewed(self) -> bool:
        """Whether somebody qualified approved this very revision."""
        return self.revision.state in {*LIVE, AnswerState.APPROVED}


async def _views(
    session: AsyncSession, condition: ColumnElement[bool]
) -> list[tuple[Answer, AnswerRevision]]:
    """Return each answer with its live revision or, without one, the newest the viewer may see."""
    live_first = case((AnswerRevision.state.in_(LIVE), 0), else_=1)
    rows = await session.execute(
        select(Answer, AnswerRevision)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .where(condition)
        .ext(distinct_on(Answer.id))
        .order_by(Answer.id, live_first, AnswerRevision.number.desc())
    )
    return [(answer, revision) for answer, revision in rows]


async def views_by_question(
    session: AsyncSession, question_ids: Sequence[UUID]
) -> dict[UUID, AnswerView]:
    """Return the answers of these questions, by question, as far as the viewer may see them."""
    rows = await _views(session, Answer.question_id.in_(question_ids))
    return {answer.question_id: AnswerView(answer, revision) for answer, revision in rows}


async def views_by_answer(
    session: AsyncSession, answer_ids: Sequence[UUID]
) -> dict[UUID, AnswerView]:
    """Return these answers, by id, as far as the viewer may see them."""
    rows = await _views(session, Answer.id.in_(answer_ids))
    return {answer.id: AnswerView(answer, revision) for answer, revision in rows}


async def get_published_by_slug(session: AsyncSession, slug: str) -> AnswerView | None:
    """Return the live revision at an address."""
    row = (
        await session.execute(
            select(Answer, AnswerRevision)
            .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
            .where(Answer.slug == slug, AnswerRevision.state.in_(LIVE))
        )
    ).first()
    return AnswerView(row[0], row[1]) if row else None


async def get_of_question(session: AsyncSession, question_id: UUID) -> Answer | None:
    """Return the answer of a question, whatever its state."""
    return await session.scalar(select(Answer).where(Answer.question_id == question_id))


async def newest_revision(session: AsyncSession, answer_id: UUID) -> AnswerRevision | None:
    """Return the revision that was written last."""
    return await session.scalar(
        select(AnswerRevision)
        .where(AnswerRevision.answer_id == answer_id)
        .order_by(AnswerRevision.number.desc())
        .limit(1)
    )


async def count_published_samples(session: AsyncSession) -> int:
    """Return how many sample answers readers can see."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(AnswerRevision)
            .where(AnswerRevision.sample, AnswerRevision.state.in_(LIVE))
        )
    ) or 0


async def hold_publications(session: AsyncSession) -> None:
    """Have all who change what is public wait for each other until the transaction ends.

    Whoever changes it calls this before locking any row, so that nobody waits in a circle.
    """
    await session.execute(select(func.navis_hold_publications()))


async def live_revision(session: AsyncSession, answer_id: UUID) -> AnswerRevision | None:
    """Return the revision that readers are served, held against other writers."""
    return await session.scalar(
        select(AnswerRevision)
        .where(AnswerRevision.answer_id == answer_id, AnswerRevision.state.in_(LIVE))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


_WAITING = (
    AnswerState.DRAFT,
    AnswerState.IN_REVIEW,
    AnswerState.CHANGES_REQUESTED,
    AnswerState.APPROVED,
)


async def waiting_revisions(session: AsyncSession, answer_id: UUID) -> Sequence[AnswerRevision]:
    """Return the revisions that may yet become public, oldest first, held against others."""
    return (
        await session.scalars(
            select(AnswerRevision)
            .where(AnswerRevision.answer_id == answer_id, AnswerRevision.state.in_(_WAITING))
            .order_by(AnswerRevision.number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()


async def view_of_revision(
    session: AsyncSession, answer_id: UUID, number: int
) -> AnswerView | None:
    """Return an answer at one of its revisions, if the viewer may see that."""
    row = (
        await session.execute(
            select(Answer, AnswerRevision)
            .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
            .where(Answer.id == answer_id, AnswerRevision.number == number)
        )
    ).first()
    return AnswerView(row[0], row[1]) if row else None
