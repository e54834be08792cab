"""All queries on questions, but for search."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    column,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.db.paging import Order, Page, PageRequest, fetch_page, page_of_rows, page_statement
from navis_api.questions.models import Asking, Question, QuestionStatus


class QuestionOrder(StrEnum):
    """How a list of questions is ordered: by when they were answered or, before, asked."""

    NEWEST_FIRST = "NEWEST_FIRST"
    OLDEST_FIRST = "OLDEST_FIRST"


def order_of(order: QuestionOrder, *, answered: bool | None) -> Order:
    """Return the order of a list: by when questions were answered, or else asked."""
    moment = Question.answered_at if answered is True else Question.asked_at
    return Order(
        name=f"questions:{'answered' if answered is True else 'asked'}:{order.value}",
        columns=(moment, Question.id),
        kinds=(datetime, UUID),
        descending=order is QuestionOrder.NEWEST_FIRST,
    )


def _key(question: Question, *, answered: bool | None) -> tuple[datetime | None, UUID]:
    return (question.answered_at if answered is True else question.asked_at, question.id)


def _listed(*, answered: bool | None, subject: str | None) -> ColumnElement[bool]:
    """Return the condition of lists: what is answered, and what the viewer asked.

    Row security alone would also let through what was asked anonymously, which
    only whoever holds its id may see.
    """
    published = Question.status == QuestionStatus.ANSWERED
    if answered is True:
        return published
    own = (
        Question.id.in_(select(Asking.question_id).where(Asking.subject == subject))
        if subject is not None
        else ~true()
    )
    if answered is False:
        return and_(Question.status != QuestionStatus.ANSWERED, own)
    return or_(published, own)


async def get_many(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Question]:
    """Return these questions, as far as the viewer may see them."""
    rows = await session.scalars(select(Question).where(Question.id.in_(ids)))
    return {row.id: row for row in rows}


async def get_published_by_slug(session: AsyncSession, slug: str) -> Question | None:
    """Return the answered question at an address."""
    return await session.scalar(
        select(Question).where(Question.slug == slug, Question.status == QuestionStatus.ANSWERED)
    )


async def list_listed(
    session: AsyncSession,
    page: PageRequest,
    *,
    cancer_ids: Sequence[UUID] | None,
    answered: bool | None,
    order: QuestionOrder,
    subject: str | None,
) -> Page[Question]:
    """Return a page of what is answered, and of what `subject` asked."""
    statement = select(Question).where(_listed(answered=answered, subject=subject))
    if cancer_ids is not None:
        statement = statement.where(Question.cancer_id.in_(cancer_ids))
    return await fetch_page(session, statement, order_of(order, answered=answered), page)


async def list_listed_by_cancer(
    session: AsyncSession,
    groups: Mapping[UUID, Sequence[UUID]],
    page: PageRequest,
    *,
    answered: bool | None,
    order: QuestionOrder,
    subject: str | None,
) -> dict[UUID, Page[Question]]:
    """Return a page for each cancer, in one statement.

    `groups` has, for each, the cancers whose questions belong there.
    """
    keys = order_of(order, answered=answered)
    roots = values(column("root", Uuid()), column("members", ARRAY(Uuid())), name="roots").data(
        [(root, list(members)) for root, members in groups.items()]
    )
    found_there = page_statement(
        select(Question).where(
            _listed(answered=answered, subject=subject), Question.cancer_id == any_(roots.c.members)
        ),
        keys,
        page,
    ).lateral("found")
    question = aliased(Question, found_there)
    rows = await session.execute(
        select(roots.c.root, question).select_from(roots.join(found_there, true()))
    )
    pages: dict[UUID, list[Question]] = {root: [] for root in groups}
    for root, row in rows:
        pages[root].append(row)
    return {
        root: page_of_rows([(row, *_key(row, answered=answered)) for row in listed], keys, page)
        for root, listed in pages.items()
    }


async def get_same(
    session: AsyncSession, *, key: str, cancer_id: UUID | None, locale: str
) -> Question | None:
    """Return the question that has this match key: one look-up in one index."""
    return await session.scalar(_same(key, cancer_id, locale))


async def lock_same(
    session: AsyncSession, *, key: str, cancer_id: UUID | None, locale: str
) -> Question | None:
    """Return the same, held against other writers until the transaction ends."""
    return await session.scalar(
        _same(key, cancer_id, locale).with_for_update().execution_options(populate_existing=True)
    )


def _same(key: str, cancer_id: UUID | None, locale: str) -> Select[Question]:
    return select(Question).where(
        Question.match_key == key,
        Question.cancer_id == cancer_id if cancer_id else Question.cancer_id.is_(None),
        Question.locale == locale,
    )


async def add_if_new(session: AsyncSession, question: dict[str, Any]) -> bool:
    """Store a question unless its match key is taken; say whether it was stored.

    Of any number who come at once, one stores it and the others wait for that one.
    """
    statement = (
        insert(Question)
        .values(**question)
        .on_conflict_do_nothing(constraint="uq_questions_match_key")
        .returning(Question.id)
    )
    return (await session.execute(statement)).first() is not None


async def lock(session: AsyncSession, question_id: UUID) -> Question:
    """Return the question, held against other writers until the transaction ends."""
    return (
        await session.execute(
            select(Question)
            .where(Question.id == question_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one()


async def add_asking(session: AsyncSession, question_id: UUID, subject: str) -> None:
    """Note that a signed-in viewer asked the question."""
    await session.execute(
        insert(Asking).values(question_id=question_id, subject=subject).on_conflict_do_nothing()
    )
