"""A database that goes away, is full, or is silent: said to be so, and not waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Uuid, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bench.chaos.link import Link, linked
from navis_api.cancers.models import Cancer
from navis_api.db.engine import create_app_engine, parse_address
from navis_api.db.published import Published, parameter, statement_of
from navis_api.db.raw import connect, opened_pool
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, DatabaseBusy
from tests.conftest import app_database, at_database
from tests.waiting import PATIENCE_S

INSERT = text("INSERT INTO search_words (word, deletions) VALUES (:word, '{}')")
OUR_BACKENDS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE 'navis-api%'"
)
CANCER = statement_of(select(Cancer.slug).where(Cancer.id == parameter("id", Uuid())))
NOBODY = "00000000-0000-0000-0000-000000000000"


@asynccontextmanager
async def through(link: Link, address: str, *, command_timeout_s: float) -> AsyncIterator[Database]:
    """A database that is reached over a link."""
    url = parse_address(address).set(drivername="postgresql", host="127.0.0.1", port=link.port)
    engine = create_app_engine(
        url.render_as_string(hide_password=False),
        pool_size=2,
        pool_wait_s=2,
        command_timeout_s=command_timeout_s,
    )
    database = Database(engine)
    yield database
    await database.close()


@pytest.fixture
async def link(database_url: str) -> AsyncIterator[Link]:
    async with linked(parse_address(database_url).port or 5432) as made:
        yield made


async def words(owner: asyncpg.Connection) -> list[str]:
    return [row["word"] for row in await owner.fetch("SELECT word FROM search_words")]


async def write(database: Database, word: str) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(INSERT, {"word": word})


async def test_a_transaction_whose_connection_ends_is_worth_another_try(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def interrupted() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(INSERT, {"word": "lost"})
            await owner.execute(OUR_BACKENDS)
            await session.execute(INSERT, {"word": "never"})

    with pytest.raises(DatabaseBusy):
        await interrupted()
    assert await words(owner) == []
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(INSERT, {"word": "kept"})
    assert await words(owner) == ["kept"]


async def test_one_whose_connection_ends_as_it_commits_is_not_said_to_be_done(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def interrupted() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(INSERT, {"word": "lost"})
            await owner.execute(OUR_BACKENDS)

    with pytest.raises(DatabaseBusy):
        await interrupted()
    assert await words(owner) == []


@pytest.mark.parametrize(
    "code", ["53100", "53300", "57P03", "58030", "40001", "40P01", "55P03", "57014"]
)
async def test_what_trying_again_mends_is_said_to_be_busy(database: Database, code: str) -> None:
    """No room on its disk, too many connections, starting up, deadlock and the like."""

    async def fail() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"))

    with pytest.raises(DatabaseBusy):
        await fail()


@pytest.mark.parametrize("code", ["23505", "42501", "22P02", "25006", "XX000", "P0001"])
async def test_what_trying_again_does_not_mend_is_not(database: Database, code: str) -> None:
    async def fail() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"))

    with pytest.raises(DBAPIError) as failed:
        await fail()
    assert isinstance(failed.value, IntegrityError) is (code == "23505")


async def test_a_server_that_is_not_there_is_busy_for_every_way_to_it(
    link: Link, database_url: str
) -> None:
    link.cut()
    async with through(link, database_url, command_timeout_s=5) as database:
        with pytest.raises(DatabaseBusy):
            async with database.reading(ANONYMOUS_ROWS):
                pytest.fail("it was opened")
        with pytest.raises(DatabaseBusy):
            async with database.writing(SYSTEM_ROWS):
                pytest.fail("it was opened")
        with pytest.raises(DatabaseBusy):
            await database.published.fetch(CANCER, id=NOBODY)
        link.mend()
        async with database.reading(ANONYMOUS_ROWS) as session:
            assert await session.scalar(text("SELECT 1")) == 1
        assert await database.published.fetch(CANCER, id=NOBODY) == []


async def test_a_silent_connection_is_given_up_and_the_next_one_works(
    link: Link, database_url: str, owner: asyncpg.Connection
) -> None:
    async with through(link, database_url, command_timeout_s=0.3) as database:
        await write(database, "before")
        link.silence()
        with pytest.raises((DatabaseBusy, TimeoutError)):
            await asyncio.wait_for(write(database, "silent"), PATIENCE_S)
        link.mend()
        await asyncio.wait_for(write(database, "after"), PATIENCE_S)
    assert await words(owner) == ["before", "after"]


async def test_every_session_brings_along_when_postgres_gives_up_on_it(database_url: str) -> None:
    """What holds locks for somebody who has gone lets go by itself."""
    # Behind a pooler the login brings them along.
    database = app_database(database_url, pooled=False)
    shown: dict[str, dict[str, Any]] = {}
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "tcp_keepalives_idle")
    query = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    async with database.reading() as session:
        shown["sessions"] = dict(
            zip(names, (await session.execute(text(query))).one(), strict=True)
        )
    await database.close()
    raw = await connect(database_url, purpose="fanout")
    shown["fanout"] = dict(zip(names, await raw.fetchrow(query), strict=True))
    raw.terminate()
    async with opened_pool(database_url, purpose="jobs", max_size=1) as pool:
        shown["jobs"] = dict(zip(names, await pool.fetchrow(query), strict=True))
    published = Published(database_url, size=1, wait_s=5, command_timeout_s=5)
    connection: Any = await published._connect()
    shown["published"] = dict(zip(names, await connection.fetchrow(query), strict=True))
    await connection.close()
    timeouts = {name: each.pop("statement_timeout") for name, each in shown.items()}
    # Later than the process itself gives up, which is after 30 s, 10 s and 5 s here.
    assert timeouts == {"sessions": "32s", "fanout": "12s", "jobs": "12s", "published": "7s"}
    for each in shown.values():
        assert each == {"idle_in_transaction_session_timeout": "10s", "tcp_keepalives_idle": "15"}


async def test_one_database_that_is_gone_says_nothing_of_another(database_url: str) -> None:
    engine = create_app_engine(
        at_database(database_url, "nowhere"), pool_size=1, pool_wait_s=1, command_timeout_s=5
    )
    database = Database(engine)
    # No such database: that is no weather, and nobody should wait for it.
    with pytest.raises(DBAPIError):
        async with database.reading():
            pytest.fail("it was opened")
    await database.close()
