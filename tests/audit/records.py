"""Acts that are recorded, and hands that then do what nobody may do to a record."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg

from navis_api.audit.breaks import Report
from navis_api.audit.chain import Head
from navis_api.audit.service import SYSTEM_ACTOR, Actor, Origin, record
from navis_api.audit.verification import verify
from navis_api.db.sessions import SYSTEM_ROWS, Database

NOON = datetime(2026, 11, 21, 12, 0, 0, 1, tzinfo=UTC)
REVIEWER = Actor("REVIEWER", "reviewer-1")
ACTIONS = ("answer.approve", "answer.publish", "question.read", "answer.retract")


async def record_many(
    database: Database, count: int, *, in_one: int = 50, writer: str = "writer"
) -> None:
    """Record so many acts, with values of all kinds, some in each transaction."""
    for begin in range(0, count, in_one):
        async with database.writing(SYSTEM_ROWS) as session:
            for number in range(begin, min(begin + in_one, count)):
                await record(
                    session,
                    SYSTEM_ACTOR if number % 3 else REVIEWER,
                    ACTIONS[number % len(ACTIONS)],
                    object_type="answer" if number % 5 else None,
                    object_id=f"{writer}-{number}",
                    detail={"before": "IN_REVIEW", "claims": [number, number + 1]},
                    origin=Origin("192.0.2.7", f"request-{number}") if number % 2 else None,
                    now=NOON + timedelta(seconds=number, microseconds=number),
                )


async def verified(database: Database, *, noted: Head | None = None) -> Report:
    async with database.reading(SYSTEM_ROWS) as session:
        return await verify(session, noted=noted)


def named(report: Report) -> list[tuple[str, int, int]]:
    """Return each break as its kind and the rows concerned."""
    return [(found.kind.value, found.first, found.last) for found in report.breaks]


@asynccontextmanager
async def tampering(owner: asyncpg.Connection) -> AsyncGenerator[asyncpg.Connection]:
    """Give a connection that nothing stops, and put the record back as it was afterwards."""
    kept = {
        table: await owner.fetch(f"SELECT * FROM {table}")
        for table in ("audit_events", "audit_head")
    }
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    yield owner
    for table, rows in kept.items():
        await owner.execute(f"DELETE FROM {table}")
        await _put_back(owner, table, rows)
    await owner.execute("ALTER TABLE audit_events ENABLE TRIGGER USER")


async def _put_back(owner: asyncpg.Connection, table: str, rows: Sequence[asyncpg.Record]) -> None:
    if rows:
        await owner.copy_records_to_table(table, records=[tuple(row.values()) for row in rows])


REHASH = "UPDATE audit_events e SET hash = navis_audit_digest(e) WHERE sequence = $1"
"""What somebody does who knows how the chain is made."""
