"""Lists of answered questions that are the same for every viewer: pages, or their versions.

Each statement is made once for each form that it can take. See `db.published`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Text,
    Uuid,
    cast,
    column,
    extract,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
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
)
from navis_api.questions.models import Question
from navis_api.questions.published_repository import (
    COLUMNS,
    PUBLISHED,
    VERSION_COLUMNS,
    WIDTH,
    Beside,
    PublishedQuestion,
    QuestionVersion,
    question_of,
    version_line,
    version_of,
)
from navis_api.questions.repository import QuestionOrder, order_of

_NAMES = [each.key for each in COLUMNS]
_ASKED_AT, _ANSWERED_AT = _NAMES.index("asked_at"), _NAMES.index("answered_at")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which page of a list of answered questions is wanted, and what is read beside each.

    `answered` says by what they are ordered: when they were answered, or else asked.
    """

    page: PageRequest
    answered: bool | None
    order: QuestionOrder
    beside: Beside | None = None


async def list_answered(
    published: Published, listing: Listing, *, cancer_ids: Sequence[UUID] | None
) -> Page[PublishedQuestion]:
    """Return a page of the answered questions, on these cancers where there are any given.

    Raises CursorInvalid.
    """
    if cancer_ids is not None:
        groups = {_NOBODY: cancer_ids}
        return (await list_answered_by_cancer(published, groups, listing))[_NOBODY]
    statement = _listed(_Form.of(listing), listing.beside)
    rows = await published.fetch(statement, **_edge(listing))
    return _page(rows, listing)


_KEPT_FORMS: Final = 512
"""More than pages are asked for in: sizes are from 1 to 100, and clients choose few."""

_NOBODY = UUID(int=0)
"""Stands for a group of cancers that has no name."""


async def list_answered_by_cancer(
    published: Published, groups: Mapping[UUID, Sequence[UUID]], listing: Listing
) -> dict[UUID, Page[PublishedQuestion]]:
    """Return a page for each cancer, in one statement.

    `groups` has, for each, the cancers whose questions belong there. Raises CursorInvalid.
    """
    statement = _listed_by_cancer(_Form.of(listing), listing.beside)
    rows = await published.fetch(statement, **_members(groups), **_edge(listing))
    listed: dict[UUID, list[Row]] = {root: [] for root in groups}
    for row in rows:
        listed[row[WIDTH]].append(row)
    return {root: _page(found, listing) for root, found in listed.items()}


async def list_versions(
    published: Published, listing: Listing, *, cancer_ids: Sequence[UUID] | None
) -> str:
    """Return, as a text for `versions_in`, which versions `list_answered` would bring.

    What stands beside a question has its version in the last column. Raises CursorInvalid.
    """
    if cancer_ids is not None:
        groups = {_NOBODY: cancer_ids}
        return (await list_versions_by_cancer(published, groups, listing))[_NOBODY]
    statement = _versions(_Form.of(listing, brief=True), listing.beside)
    rows = await published.fetch(statement, **_edge(listing))
    return rows[0][0] or ""


async def list_versions_by_cancer(
    published: Published, groups: Mapping[UUID, Sequence[UUID]], listing: Listing
) -> dict[UUID, str]:
    """Return, as texts for `versions_in`, which versions `list_answered_by_cancer` would bring.

    Raises CursorInvalid.
    """
    statement = _versions_by_cancer(_Form.of(listing, brief=True), listing.beside)
    rows = await published.fetch(statement, **_members(groups), **_edge(listing))
    found: dict[UUID, str] = {row[0]: row[1] for row in rows}
    return {root: found.get(root, "") for root in groups}


def versions_in(text: str, listing: Listing) -> Page[QuestionVersion]:
    """Return the page of versions that a text of `list_versions` holds."""
    rows: list[tuple[QuestionVersion, datetime, UUID]] = []
    for line in text.splitlines():
        question, microseconds = version_of(line)
        moment = _EPOCH + timedelta(microseconds=int(microseconds))
        rows.append((question, moment, question.id))
    return page_of_rows(rows, _keys(listing), listing.page)


def _members(groups: Mapping[UUID, Sequence[UUID]]) -> dict[str, list[UUID]]:
    pairs = [
        (root, member) for root, members in groups.items() for member in dict.fromkeys(members)
    ]
    return {
        "groups": list(groups),
        "roots": [root for root, _ in pairs],
        "members": [member for _, member in pairs],
    }


def _page(rows: Sequence[Row], listing: Listing) -> Page[PublishedQuestion]:
    keys, beside = _keys(listing), listing.beside
    at = _ANSWERED_AT if keys.columns[0] is Question.answered_at else _ASKED_AT
    made = beside.question_of if beside else question_of
    return page_of_rows([(made(row), row[at], row[0]) for row in rows], keys, listing.page)


def _keys(listing: Listing) -> Order:
    return order_of(listing.order, answered=listing.answered)


def _edge(listing: Listing) -> dict[str, Any]:
    page = listing.page
    if page.cursor is None:
        return {}
    argument = "before" if page.backward else "after"
    moment, id_ = decode_cursor(_keys(listing), page.cursor, argument=argument)
    return {"moment": moment, "id": id_}


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a page's statement. `moment` is the column that orders it.

    The number of rows stands in the text: planned for any number, a list would be sorted
    instead of read from an index. `cut`: from a cursor on. `brief`: versions alone.
    """

    moment: str
    descending: bool
    cut: bool
    rows: int
    brief: bool

    @classmethod
    def of(cls, listing: Listing, *, brief: bool = False) -> Self:
        """Return the form for a page."""
        page = listing.page
        return cls(
            moment="answered_at" if listing.answered is True else "asked_at",
            descending=(listing.order is QuestionOrder.NEWEST_FIRST) is not page.backward,
            cut=page.cursor is not None,
            rows=page.size + 1,
            brief=brief,
        )

    @property
    def columns(self) -> Sequence[ColumnElement[Any]]:
        """What is read of each question."""
        if not self.brief:
            return COLUMNS
        return (*VERSION_COLUMNS, PUBLISHED.c[self.moment])

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

    def lines(self, page: FromClause, beside: Beside | None) -> ColumnElement[Any]:
        """Return a page's versions as a text, a line each, in this order."""
        keys = (page.c[self.moment], page.c.id)
        # As a number: how a moment is written depends on a connection's settings.
        seconds = extract("epoch", page.c[self.moment])
        microseconds = cast(seconds * constant(1_000_000, Integer()), BigInteger)
        line = version_line(page, microseconds, beside=beside)
        order = [key.desc() if self.descending else key.asc() for key in keys]
        return func.string_agg(line, aggregate_order_by(constant("\n", Text()), *order))

    def limited(self, statement: AnySelect) -> AnySelect:
        """Return a statement that ends after a page and one row."""
        return statement.limit(constant(self.rows, Integer()))


@lru_cache(maxsize=_KEPT_FORMS)
def _listed(form: _Form, beside: Beside | None) -> Statement:
    page = _page_of(form, beside)
    return statement_of(form.ordered(select(*page.c), page.c))


@lru_cache(maxsize=_KEPT_FORMS)
def _versions(form: _Form, beside: Beside | None) -> Statement:
    page = _page_of(form, beside)
    return statement_of(select(form.lines(page, beside)))


def _page_of(form: _Form, beside: Beside | None) -> FromClause:
    listed = form.page(select(*form.columns)).subquery("listed")
    return beside.joined(listed).subquery("page") if beside else listed


@lru_cache(maxsize=_KEPT_FORMS)
def _listed_by_cancer(form: _Form, beside: Beside | None) -> Statement:
    pages = _pages_of(form, beside)
    return statement_of(form.ordered(select(*pages.c), pages.c))


@lru_cache(maxsize=_KEPT_FORMS)
def _versions_by_cancer(form: _Form, beside: Beside | None) -> Statement:
    pages = _pages_of(form, beside)
    lines = form.lines(pages, beside)
    return statement_of(select(pages.c.root, lines).group_by(pages.c.root))


def _pages_of(form: _Form, beside: Beside | None) -> FromClause:
    """Return a page of each group.

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
    of_cancer = select(*form.columns).where(PUBLISHED.c.cancer_id == pairs.c.member)
    of_member = form.page(of_cancer).lateral("of_member")
    of_group = (
        select(*of_member.c)
        .select_from(pairs.join(of_member, true()))
        .where(pairs.c.root == groups.c.root)
    )
    found = form.limited(form.ordered(of_group, of_member.c)).lateral("of_group")
    pages = select(*found.c, groups.c.root).select_from(groups.join(found, true()))
    listed = pages.subquery("listed")
    return beside.joined(listed).subquery("pages") if beside else listed
