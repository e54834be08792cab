"""All queries on answered questions that are the same for every viewer, but for search.

Each statement is made once for each form that it can take. See `db.published`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Text,
    Uuid,
    any_,
    column,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from navis_api.db.paging import Order, Page, PageRequest, decode_cursor, page_of_rows
from navis_api.db.published import (
    AnySelect,
    Published,
    Row,
    Statement,
    constant,
    parameter,
    statement_of,
    view,
)
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.repository import QuestionOrder, order_of


@dataclass(slots=True)
class PublishedQuestion:
    """An answered question, as its row has it. The fields are columns of the view."""

    id: UUID
    slug: str
    text: str
    cancer_id: UUID | None
    locale: str
    asked_at: datetime
    answered_at: datetime
    beside: Row = ()
    """What was read with it of another view: no column of this one."""

    @property
    def status(self) -> QuestionStatus:
        """What has become of it."""
        return QuestionStatus.ANSWERED


_NAMES = [each.name for each in fields(PublishedQuestion) if each.name != "beside"]
_ASKED_AT, _ANSWERED_AT = _NAMES.index("asked_at"), _NAMES.index("answered_at")

PUBLISHED = view("published_questions", *(getattr(Question, name) for name in (*_NAMES, "search")))
"""The view of the questions that are answered."""

COLUMNS = tuple(PUBLISHED.c[name] for name in _NAMES)
WIDTH = len(COLUMNS)


def question_of(row: Row) -> PublishedQuestion:
    """Return the question that a row's first columns hold."""
    return PublishedQuestion(*row[:WIDTH])


@dataclass(frozen=True, eq=False)
class Beside:
    """What is read with each question, in the same statement: one row of another view.

    `columns` are the last of the statement's; `question_id` is the view's column with the id of
    the question. Each part of a view has one such object.
    """

    columns: Sequence[ColumnElement[Any]]
    question_id: Column[Any]

    def joined(self, page: FromClause) -> AnySelect:
        """Return the rows of a page of questions with what stands beside each.

        Looked up by question: a page has few, and the view as many as there are.
        """
        found = (
            select(*self.columns)
            .where(self.question_id == page.c.id)
            .limit(constant(1, Integer()))
            .lateral("beside")
        )
        return select(*page.c, *found.c).select_from(page.outerjoin(found, true()))

    def question_of(self, row: Row) -> PublishedQuestion:
        """Return the question of a row, with what stands beside it."""
        return PublishedQuestion(*row[:WIDTH], beside=row[-len(self.columns) :])


async def get_by_slug(published: Published, slug: str) -> PublishedQuestion | None:
    """Return the answered question at an address."""
    rows = await published.fetch(_by_slug(), slug=slug)
    return question_of(rows[0]) if rows else None


@cache
def _by_slug() -> Statement:
    return statement_of(select(*COLUMNS).where(PUBLISHED.c.slug == parameter("slug", Text())))


async def get_many(published: Published, ids: Sequence[UUID]) -> dict[UUID, PublishedQuestion]:
    """Return those of these questions that are answered."""
    rows = await published.fetch(_by_id(), ids=ids)
    return {row[0]: question_of(row) for row in rows}


@cache
def _by_id() -> Statement:
    ids = parameter("ids", ARRAY(Uuid()))
    return statement_of(select(*COLUMNS).where(PUBLISHED.c.id == any_(ids)))


async def list_answered(
    published: Published,
    page: PageRequest,
    *,
    cancer_ids: Sequence[UUID] | None,
    answered: bool | None,
    order: QuestionOrder,
    beside: Beside | None = None,
) -> Page[PublishedQuestion]:
    """Return a page of the answered questions, on these cancers where there are any given.

    `answered` says by what they are ordered: when they were answered, or else asked.
    Raises CursorInvalid.
    """
    if cancer_ids is not None:
        groups = {_NOBODY: cancer_ids}
        found = await list_answered_by_cancer(
            published, groups, page, answered=answered, order=order, beside=beside
        )
        return found[_NOBODY]
    keys = order_of(order, answered=answered)
    form = _Form.of(page, order, answered)
    rows = await published.fetch(_listed(form, beside), **_edge(keys, page))
    return _page(rows, keys, page, beside)


_KEPT_FORMS: Final = 512
"""More than pages are asked for in: sizes are from 1 to 100, and clients choose few."""

_NOBODY = UUID(int=0)
"""Stands for a group of cancers that has no name."""


async def list_answered_by_cancer(
    published: Published,
    groups: Mapping[UUID, Sequence[UUID]],
    page: PageRequest,
    *,
    answered: bool | None,
    order: QuestionOrder,
    beside: Beside | None = None,
) -> dict[UUID, Page[PublishedQuestion]]:
    """Return a page for each cancer, in one statement.

    `groups` has, for each, the cancers whose questions belong there. Raises CursorInvalid.
    """
    keys = order_of(order, answered=answered)
    pairs = [
        (root, member) for root, members in groups.items() for member in dict.fromkeys(members)
    ]
    rows = await published.fetch(
        _listed_by_cancer(_Form.of(page, order, answered), beside),
        groups=list(groups),
        roots=[root for root, _ in pairs],
        members=[member for _, member in pairs],
        **_edge(keys, page),
    )
    listed: dict[UUID, list[Row]] = {root: [] for root in groups}
    for row in rows:
        listed[row[WIDTH]].append(row)
    return {root: _page(found, keys, page, beside) for root, found in listed.items()}


def _page(
    rows: Sequence[Row], keys: Order, page: PageRequest, beside: Beside | None
) -> Page[PublishedQuestion]:
    at = _ANSWERED_AT if keys.columns[0] is Question.answered_at else _ASKED_AT
    made = beside.question_of if beside else question_of
    return page_of_rows([(made(row), row[at], row[0]) for row in rows], keys, page)


def _edge(keys: Order, page: PageRequest) -> dict[str, Any]:
    if page.cursor is None:
        return {}
    argument = "before" if page.backward else "after"
    moment, id_ = decode_cursor(keys, page.cursor, argument=argument)
    return {"moment": moment, "id": id_}


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a page's statement. `moment` is the column that orders it.

    The number of rows stands in the text: planned for any number, a list would be sorted
    instead of read from an index. `cut`: from a cursor on.
    """

    moment: str
    descending: bool
    cut: bool
    rows: int

    @classmethod
    def of(cls, page: PageRequest, order: QuestionOrder, answered: bool | None) -> Self:  # noqa: FBT001 - as clients give it
        """Return the form for a page."""
        return cls(
            moment="answered_at" if answered is True else "asked_at",
            descending=(order is QuestionOrder.NEWEST_FIRST) is not page.backward,
            cut=page.cursor is not None,
            rows=page.size + 1,
        )

    def ordered(
        self, statement: AnySelect, columns: ReadOnlyColumnCollection[str, Any]
    ) -> AnySelect:
        """Return a statement in this order."""
        keys: list[ColumnElement[Any]] = [columns[self.moment], columns.id]
        return statement.order_by(*(key.desc() if self.descending else key.asc() for key in keys))

    def page(self, statement: AnySelect) -> AnySelect:
        """Return the statement of a page."""
        if self.cut:
            edge = tuple_(parameter("moment", DateTime(timezone=True)), parameter("id", Uuid()))
            key = tuple_(PUBLISHED.c[self.moment], PUBLISHED.c.id)
            statement = statement.where(key < edge if self.descending else key > edge)
        return self.limited(self.ordered(statement, PUBLISHED.c))

    def limited(self, statement: AnySelect) -> AnySelect:
        """Return a statement that ends after a page and one row."""
        return statement.limit(constant(self.rows, Integer()))


@lru_cache(maxsize=_KEPT_FORMS)
def _listed(form: _Form, beside: Beside | None = None) -> Statement:
    listed = form.page(select(*COLUMNS))
    if beside is None:
        return statement_of(listed)
    page = listed.subquery("page")
    return statement_of(form.ordered(beside.joined(page), page.c))


@lru_cache(maxsize=_KEPT_FORMS)
def _listed_by_cancer(form: _Form, beside: Beside | None = None) -> Statement:
    """Return the statement for a page of each group.

    A page of each cancer of a group is read from the index, and the group's made of them:
    a search through the index for several cancers at once would have to sort all they have.
    """
    groups = (
        func.unnest(parameter("groups", ARRAY(Uuid())))
        .table_valued(column("root", Uuid()))
        .render_derived("groups")
    )
    pairs = (
        func.unnest(parameter("roots", ARRAY(Uuid())), parameter("members", ARRAY(Uuid())))
        .table_valued(column("root", Uuid()), column("member", Uuid()))
        .render_derived("pairs")
    )
    of_cancer = select(*COLUMNS).where(PUBLISHED.c.cancer_id == pairs.c.member)
    of_member = form.page(of_cancer).lateral("of_member")
    of_group = (
        select(*of_member.c)
        .select_from(pairs.join(of_member, true()))
        .where(pairs.c.root == groups.c.root)
    )
    found = form.limited(form.ordered(of_group, of_member.c)).lateral("of_group")
    everything = select(*found.c, groups.c.root).select_from(groups.join(found, true()))
    if beside is None:
        return statement_of(form.ordered(everything, found.c))
    pages = everything.subquery("pages")
    return statement_of(form.ordered(beside.joined(pages), pages.c))


async def count_answered(
    published: Published, groups: Mapping[UUID, Sequence[UUID]]
) -> dict[UUID, int]:
    """Return, for each cancer, how many questions of its group are answered."""
    members = list({member for group in groups.values() for member in group})
    counts: dict[UUID, int] = {
        row[0]: row[1] for row in await published.fetch(_counted(), cancer_ids=members)
    }
    return {
        root: sum(counts.get(member, 0) for member in set(group)) for root, group in groups.items()
    }


@cache
def _counted() -> Statement:
    return statement_of(
        select(PUBLISHED.c.cancer_id, func.count())
        .where(PUBLISHED.c.cancer_id == any_(parameter("cancer_ids", ARRAY(Uuid()))))
        .group_by(PUBLISHED.c.cancer_id)
    )
