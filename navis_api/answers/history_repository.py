"""All queries on what became of answers: their public history, and the changes that readers copy.

Both tables are filled by triggers alone. Row security decides which steps a viewer
sees: readers those of what was live, staff all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.errors import CopyOutOfDate
from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.answers.publishing_models import AnswerHistoryRow, ChangeKind, PublishedChange
from navis_api.answers.repository import AnswerView
from navis_api.answers.states import LIVE
from navis_api.db.paging import (
    CursorInvalid,
    Order,
    Page,
    PageRequest,
    decode_cursor,
    page_of_rows,
)
from navis_api.questions.models import Question

_CHANGES: Final = Order(
    name="changes",
    # The sequence alone decides; the rest is what the step behind it is known by for ever.
    columns=(PublishedChange.sequence, PublishedChange.answer_id, PublishedChange.at),
    kinds=(int, UUID, datetime),
)
_MADE: Final = (AnswerState.DRAFT, AnswerState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A revision, as an answer's history tells of it.

    `reason` is why it stands where it stands, `correction` why it was made of the one
    before; `reviewer` and `credentials` are of whoever approved it last.
    """

    number: int
    state: AnswerState
    at: datetime
    reason: str | None
    correction: str | None
    reviewer: str | None
    credentials: str | None
    published_at: datetime | None


async def history(
    session: AsyncSession, answer_ids: Sequence[UUID]
) -> dict[UUID, list[PastRevision]]:
    """Return the revisions of each answer, oldest first, as far as the viewer may see them."""
    rows = await session.scalars(
        select(AnswerHistoryRow)
        .where(AnswerHistoryRow.answer_id.in_(answer_ids))
        .order_by(AnswerHistoryRow.answer_id, AnswerHistoryRow.sequence)
    )
    steps: dict[UUID, dict[int, list[AnswerHistoryRow]]] = {each: {} for each in answer_ids}
    for row in rows:
        steps[row.answer_id].setdefault(row.revision, []).append(row)
    return {
        answer_id: [_told(found) for _, found in sorted(revisions.items())]
        for answer_id, revisions in steps.items()
    }


def _told(steps: Sequence[AnswerHistoryRow]) -> PastRevision:
    """Return what the steps of one revision, oldest first, come to."""
    first, newest = steps[0], steps[-1]
    return PastRevision(
        number=newest.revision,
        state=newest.after,
        at=newest.at,
        reason=newest.reason,
        correction=first.reason if first.after in _MADE else None,
        reviewer=newest.reviewer,
        credentials=newest.credentials,
        published_at=next((step.at for step in steps if step.after is AnswerState.PUBLISHED), None),
    )


async def list_changes(session: AsyncSession, request: PageRequest) -> Page[PublishedChange]:
    """Return a page of the newest change of each answer, in the order in which they were made.

    Changes are committed one after the other, so nobody who has had one misses a
    smaller sequence number later. Raises CopyOutOfDate for a cursor that isn't of
    this list, or of a change that this database never made: it was restored from a
    backup, and the reader may hold what is lost here.
    """
    statement = select(PublishedChange, *_CHANGES.columns)
    if request.cursor is not None:
        try:
            sequence, answer_id, at = decode_cursor(_CHANGES, request.cursor, argument="since")
        except CursorInvalid:
            raise CopyOutOfDate from None
        if not await session.scalar(select(_was_made(sequence, answer_id, at))):
            raise CopyOutOfDate
        statement = statement.where(PublishedChange.sequence > sequence)
    statement = statement.order_by(PublishedChange.sequence).limit(request.size + 1)
    return page_of_rows((await session.execute(statement)).all(), _CHANGES, request)


def _was_made(sequence: int, answer_id: UUID, at: datetime) -> ColumnElement[bool]:
    step = exists().where(
        AnswerHistoryRow.answer_id == answer_id, AnswerHistoryRow.at == at, AnswerHistoryRow.public
    )
    # The steps of an answer that was erased are gone; that it was is its last change.
    erased = and_(PublishedChange.title == "", PublishedChange.sequence >= sequence)
    return or_(step, exists().where(PublishedChange.answer_id == answer_id, erased))


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """An answer that readers are served, with its question, both as of one moment."""

    view: AnswerView
    question: Question


async def live_by_answer(
    session: AsyncSession, answer_ids: Sequence[UUID]
) -> dict[UUID, LiveAnswer]:
    """Return these answers, by id, at the revision that readers are served, where there is one."""
    rows = await session.execute(
        select(Answer, AnswerRevision, Question)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id.in_(answer_ids), AnswerRevision.state.in_(LIVE))
    )
    return {
        answer.id: LiveAnswer(AnswerView(answer, revision), question)
        for answer, revision, question in rows
    }


async def get_retraction(session: AsyncSession, slug: str) -> PublishedChange | None:
    """Return how the answer at an address was taken back, or None where it wasn't."""
    newest = await session.scalar(
        select(PublishedChange)
        .where(PublishedChange.slug == slug)
        .order_by(PublishedChange.sequence.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.kind is ChangeKind.RETRACTED else None
