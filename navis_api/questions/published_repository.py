"""All queries on answered questions that are the same for every viewer, but for lists and search.

Each statement is made once for each form that it can take. See `db.published`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    Uuid,
    any_,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from navis_api.db.published import (
    AnySelect,
    Place,
    Published,
    Row,
    Statement,
    constant,
    parameter,
    statement_of,
    view,
)
from navis_api.questions.models import Question, QuestionStatus


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
    row_version: str
    beside: Row = ()
    """What was read with it of another view: no column of this one."""

    @property
    def status(self) -> QuestionStatus:
        """What has become of it."""
        return QuestionStatus.ANSWERED


@dataclass(slots=True)
class QuestionVersion:
    """Which version of an answered question a list has, and of what stands beside it.

    Equal to the last, nothing of the question was changed in between by anybody.
    """

    id: UUID
    version: tuple[str, ...]


_NAMES = [each.name for each in fields(PublishedQuestion) if each.name != "beside"]

PUBLISHED = view(
    "published_questions", *(getattr(Question, name) for name in (*_NAMES[:-1], "search"))
)
"""The view of the questions that are answered."""

PUBLISHED.append_column(Column("row_version", Text()))
PUBLISHED.append_column(Column("place", Place()))

COLUMNS = tuple(PUBLISHED.c[name] for name in _NAMES)
WIDTH = len(COLUMNS)

VERSION_COLUMNS = (PUBLISHED.c.id, PUBLISHED.c.row_version)
"""What is read where versions alone are wanted."""


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


def version_of(line: str) -> tuple[QuestionVersion, str]:
    """Return the version that a line holds, and what else it says."""
    id_, versions, further = line.split(" ", 2)
    return QuestionVersion(UUID(id_), tuple(versions.split("/"))), further


def version_line(
    page: FromClause, further: ColumnElement[Any], *, beside: Beside | None
) -> ColumnElement[Any]:
    """Return a question's line in the text of a page that is read for its versions alone.

    `further` ends each: by what the page is ordered, besides the id.
    """
    names = ["row_version", *(str(each.key) for each in (beside.columns if beside else ()))]
    versions = [page.c[name] for name in names]
    slash, space = constant("/", Text()), constant(" ", Text())
    return func.concat_ws(space, page.c.id, func.concat_ws(slash, *versions), further)


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
