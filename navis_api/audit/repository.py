"""Queries on the audit record."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.chain import Head, Row
from navis_api.audit.models import AuditEvent, AuditHead

_BATCH_ROWS = 2_000
_AS_HASHED = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows in their order, and the head as it was when the first of them was read."""

    rows: Sequence[Row]
    head: Head | None


async def get_head(session: AsyncSession) -> Head | None:
    """Return the head; None where somebody removed it, or this viewer may not see it."""
    found = (await session.execute(select(AuditHead.sequence, AuditHead.hash))).one_or_none()
    return Head(found[0], found[1]) if found else None


async def read_record(session: AsyncSession) -> AsyncGenerator[Batch]:
    """Give the whole record in its order; nothing for an empty one. Holds one batch at a time.

    Rows and head come from one statement, and so from one moment, whoever writes meanwhile.
    """
    head = (
        select(AuditHead.sequence).scalar_subquery(),
        select(AuditHead.hash).scalar_subquery(),
    )
    result = await session.stream(
        _rows().add_columns(*head).execution_options(yield_per=_BATCH_ROWS)
    )
    async for found in result.partitions():
        *_, sequence, hash_ = found[0]
        yield Batch(
            rows=[Row(*row[:-2]) for row in found],
            head=None if sequence is None else Head(sequence, hash_),
        )


async def read_rows(
    session: AsyncSession, *, first: int, last: int
) -> AsyncGenerator[Sequence[Row]]:
    """Give the rows with these numbers and those between, in their order, a batch at a time."""
    statement = _rows().where(AuditEvent.sequence.between(first, last))
    result = await session.stream(statement.execution_options(yield_per=_BATCH_ROWS))
    async for found in result.partitions():
        yield [Row(*row) for row in found]


async def get_range(
    session: AsyncSession, *, since: datetime | None, until: datetime | None
) -> tuple[int, int] | None:
    """Return the numbers of the first and the last row of a time; None if there is no row.

    Times that were handed in may run ahead of the numbers by moments, so that a row or two
    from outside the time can stand between.
    """
    found = select(func.min(AuditEvent.sequence), func.max(AuditEvent.sequence))
    if since is not None:
        found = found.where(AuditEvent.at >= since)
    if until is not None:
        found = found.where(AuditEvent.at < until)
    first, last = tuple[int | None, int | None]((await session.execute(found)).one())
    return None if first is None or last is None else (first, last)


def _rows() -> Select[*tuple[Any, ...]]:
    """Select what makes a `Row`, each column as it is hashed."""
    return select(
        AuditEvent.sequence,
        func.to_char(func.timezone("UTC", AuditEvent.at), _AS_HASHED),
        AuditEvent.actor_kind,
        AuditEvent.actor,
        AuditEvent.action,
        AuditEvent.object_type,
        AuditEvent.object_id,
        cast(AuditEvent.detail, Text),
        AuditEvent.origin,
        AuditEvent.request_id,
        AuditEvent.previous,
        AuditEvent.hash,
    ).order_by(AuditEvent.sequence)
