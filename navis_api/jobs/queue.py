"""The door to the job queue: putting a job in, inside the transaction that causes it (law 2)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from pgqueuer.queries import Queries
from sqlalchemy import LargeBinary, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.tracing import TRACEPARENT, current_traceparent


class _SessionDriver:
    """Lets pgqueuer speak through a session, and so through its transaction.

    Its own drivers take a raw connection, which before the session's first
    statement would be outside the transaction (pgqueuer 1.6).
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(query, tuple(args))
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


async def enqueue(session: AsyncSession, task: str, payload: bytes, *, dedupe_key: str) -> None:
    """Have a worker run `task` once the session's transaction has committed.

    A job with the same key that still waits or runs makes this one unnecessary.
    `payload` holds ids only: a patient's words stay in their own tables.
    """
    queries = Queries(_SessionDriver(session))  # pyright: ignore[reportArgumentType]
    traceparent = current_traceparent()
    await queries.enqueue(
        task,
        payload,
        dedupe_key=dedupe_key,
        # The job belongs to the trace of what caused it, wherever it is done.
        headers=None if traceparent is None else {TRACEPARENT: traceparent},
        on_conflict="skip",
    )


_WITHDRAW = text(
    "DELETE FROM pgqueuer WHERE EXISTS"
    " (SELECT FROM generate_series(1, length(payload), 16) AS place"
    " WHERE substring(payload FROM place FOR 16) = ANY (:ids))"
).bindparams(bindparam("ids", type_=ARRAY(LargeBinary)))


async def withdraw(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Remove the jobs whose payload, as one id or several of 16 bytes each, has one of these.

    One that is at work goes on, and finds when it writes that there is nothing to write to.
    """
    await session.execute(_WITHDRAW, {"ids": [each.bytes for each in ids]})
