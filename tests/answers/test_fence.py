"""Waiting until every process serves what is published: for whom, and for how long."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from navis_api.answers import fence
from navis_api.answers.fence import until_readers_follow
from navis_api.db.engine import create_app_engine
from navis_api.db.raw import RawConnection, connect
from navis_api.db.sessions import Database
from tests.waiting import PATIENCE_S

HOLD = "SELECT continued, newest FROM navis_hold_reader_lease($1, $2)"


@pytest.fixture
async def reader(database_url: str) -> AsyncIterator[RawConnection]:
    """The connection of a process that keeps answers in memory."""
    connection = await connect(database_url, purpose="test")
    yield connection
    connection.terminate()


@pytest.fixture
def long_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for below comes in time, and not by running out."""
    monkeypatch.setattr(fence, "LEASE_S", 60.0)


async def publish(owner: asyncpg.Connection, sequence: int) -> None:
    await owner.execute(
        "INSERT INTO published_changes (answer_id, sequence, kind, slug, title, revision, at)"
        " VALUES (gen_random_uuid(), $1, 'RETRACTED', 'x', '', 1, now())",
        sequence,
    )


async def test_without_readers_nobody_waits(database: Database, long_lease: None) -> None:
    await asyncio.wait_for(until_readers_follow(database), PATIENCE_S)


async def test_a_reader_is_waited_for_until_it_has_handled_the_publication(
    database: Database, owner: asyncpg.Connection, reader: RawConnection, long_lease: None
) -> None:
    id_ = uuid4()
    await reader.fetchrow(HOLD, id_, 0)
    await publish(owner, 5)
    waiting = asyncio.create_task(until_readers_follow(database))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    # Something else was handled, and not this.
    await reader.fetchrow(HOLD, id_, 4)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await reader.fetchrow(HOLD, id_, 5)
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_a_reader_who_comes_afterwards_is_not_waited_for(
    database: Database, owner: asyncpg.Connection, reader: RawConnection, long_lease: None
) -> None:
    await publish(owner, 5)
    row = await reader.fetchrow(HOLD, uuid4(), 0)
    assert (row["continued"], row["newest"]) == (False, 5)
    await asyncio.wait_for(until_readers_follow(database), PATIENCE_S)


async def test_what_is_published_meanwhile_is_not_waited_for(
    database: Database, owner: asyncpg.Connection, reader: RawConnection, long_lease: None
) -> None:
    id_: UUID = uuid4()
    await reader.fetchrow(HOLD, id_, 0)
    await publish(owner, 5)
    waiting = asyncio.create_task(until_readers_follow(database))
    await asyncio.sleep(0.2)
    await publish(owner, 6)
    await reader.fetchrow(HOLD, id_, 5)
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_a_deaf_reader_is_waited_for_until_its_lease_is_over(
    database: Database, owner: asyncpg.Connection, reader: RawConnection, long_lease: None
) -> None:
    id_ = uuid4()
    await reader.fetchrow(HOLD, id_, 0)
    await publish(owner, 5)
    await asyncio.wait_for(until_readers_follow(database), PATIENCE_S)
    over = "SELECT lease_until < clock_timestamp() FROM publication_readers WHERE id = $1"
    assert await owner.fetchval(over, id_)


async def test_a_lease_that_is_being_prolonged_is_waited_for(
    database: Database, owner: asyncpg.Connection, reader: RawConnection, long_lease: None
) -> None:
    """It was nearly over when it was looked at, and goes on before anybody could say it was."""
    id_ = uuid4()
    await reader.fetchrow(HOLD, id_, 0)
    await publish(owner, 5)
    transaction = owner.transaction()
    await transaction.start()
    await owner.fetchrow(HOLD, id_, 0)
    await owner.execute(
        "UPDATE publication_readers SET lease_until = now() + interval '1 minute' WHERE id = $1",
        id_,
    )
    waiting = asyncio.create_task(until_readers_follow(database))
    # The lease as others see it runs out in the meantime.
    await asyncio.sleep(3.2)
    await transaction.commit()
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await reader.fetchrow(HOLD, id_, 5)
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_nobody_waits_longer_than_any_lease_can_last(
    database: Database,
    owner: asyncpg.Connection,
    reader: RawConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fence, "LEASE_S", 0.2)
    id_ = uuid4()
    await reader.fetchrow(HOLD, id_, 0)
    # As the database's clock has it after it was set back by a year.
    await owner.execute("UPDATE publication_readers SET lease_until = now() + interval '1 year'")
    await publish(owner, 5)
    await asyncio.wait_for(until_readers_follow(database), PATIENCE_S)


async def test_without_the_database_every_lease_is_waited_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fence, "LEASE_S", 0.2)
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    away = Database(create_app_engine(nowhere, pool_size=1, pool_wait_s=1, command_timeout_s=1))
    began = time.monotonic()
    await until_readers_follow(away)
    assert time.monotonic() - began >= 0.2
    await away.close()
