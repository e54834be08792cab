"""All queries on the changes of published answers: what readers keep copies by.

The table is filled by triggers alone, and the same for every viewer.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from navis_api.answers.errors import CopyOutOfDate
from navis_api.answers.publishing_models import AnswerHistoryRow, ChangeKind, PublishedChange
from navis_api.db.paging import (
    CursorInvalid,
    Order,
    Page,
    PageRequest,
    decode_cursor,
    page_of_rows,
)
from navis_api.db.published import (
    AnySelect,
    Published,
    Row,
    Statement,
    constant,
    parameter,
    statement_of,
)

_CHANGES: Final = Order(
    name="changes",
    # The sequence alone decides; the rest is what the step behind it is known by for ever.
    columns=(PublishedChange.sequence, PublishedChange.answer_id, PublishedChange.at),
    kinds=(int, UUID, datetime),
)
_KINDS = {kind.value: kind for kind in ChangeKind}


@dataclass(slots=True)
class Change:
    """The newest change of an answer, as its row has it. The fields are columns of the table."""

    answer_id: UUID
    sequence: int
    kind: ChangeKind
    slug: str
    title: str
    revision: int
    at: datetime
    reason: str | None


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(
    getattr(PublishedChange, each.name) for each in fields(Change)
)


def _change(row: Row) -> Change:
    change = Change(*row)
    change.kind = _KINDS[change.kind]
    return change


async def list_changes(published: Published, request: PageRequest) -> Page[Change]:
    """Return a page of the newest change of each answer, in the order in which they were made.

    Changes are committed one after the other, so nobody who has had one misses a
    smaller sequence number later. Raises CopyOutOfDate for a cursor that isn't of
    this list, or of a change that this database never made: it was restored from a
    backup, and the reader may hold what is lost here.
    """
    if request.cursor is None:
        rows = await published.fetch(_changes(request.size + 1))
    else:
        rows = await _changes_since(published, request.cursor, size=request.size + 1)
    changes = [_change(row) for row in rows]
    return page_of_rows(
        [(each, each.sequence, each.answer_id, each.at) for each in changes], _CHANGES, request
    )


async def _changes_since(published: Published, cursor: str, *, size: int) -> list[Row]:
    try:
        sequence, answer_id, at = decode_cursor(_CHANGES, cursor, argument="since")
    except CursorInvalid:
        raise CopyOutOfDate from None
    change = {"sequence": sequence, "answer_id": answer_id, "at": at}
    made = await published.fetch(_made(), **change)
    # A reader may have it from a process that knew of it earlier than we and our replicas do.
    if not made[0][0] and not (await published.fetch_newest(_made(), **change))[0][0]:
        raise CopyOutOfDate
    return await published.fetch(_changes_after(size), sequence=sequence)


# A page's size stands in the text, so that it is read from the index, and not sorted.


@lru_cache
def _changes(size: int) -> Statement:
    return statement_of(_changes_in_order(size))


@lru_cache
def _changes_after(size: int) -> Statement:
    return statement_of(
        _changes_in_order(size).where(
            PublishedChange.sequence > parameter("sequence", BigInteger())
        )
    )


def _changes_in_order(size: int) -> AnySelect:
    return select(*_COLUMNS).order_by(PublishedChange.sequence).limit(constant(size, Integer()))


def _was_made(
    sequence: ColumnElement[int], answer_id: ColumnElement[UUID], at: ColumnElement[datetime]
) -> ColumnElement[bool]:
    step = exists().where(
        AnswerHistoryRow.answer_id == answer_id, AnswerHistoryRow.at == at, AnswerHistoryRow.public
    )
    # The steps of an answer that was erased are gone; that it was is its last change.
    nothing = constant("", Text())
    erased = and_(PublishedChange.title == nothing, PublishedChange.sequence >= sequence)
    return or_(step, exists().where(PublishedChange.answer_id == answer_id, erased))


@cache
def _made() -> Statement:
    return statement_of(
        select(
            _was_made(
                parameter("sequence", BigInteger()),
                parameter("answer_id", Uuid()),
                parameter("at", PublishedChange.at.type),
            )
        )
    )


async def get_retraction(published: Published, slug: str) -> Change | None:
    """Return how the answer at an address was taken back, or None where it wasn't."""
    rows = await published.fetch(_newest_change(), slug=slug)
    newest = _change(rows[0]) if rows else None
    return newest if newest is not None and newest.kind is ChangeKind.RETRACTED else None


@cache
def _newest_change() -> Statement:
    return statement_of(
        select(*_COLUMNS)
        .where(PublishedChange.slug == parameter("slug", Text()))
        .order_by(PublishedChange.sequence.desc())
        .limit(constant(1, Integer()))
    )
