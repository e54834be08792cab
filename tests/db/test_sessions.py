"""Sessions: read-only ones, ones that commit at their end, and none to be had."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from navis_api.db.engine import (
    DatabaseAddressInvalid,
    app_role_settings,
    asyncpg_address,
    create_app_engine,
    parse_address,
)
from navis_api.db.sessions import (
    ANONYMOUS_ROWS,
    SYSTEM_ROWS,
    Database,
    DatabaseBusy,
    RowViewer,
)
from tests.waiting import PATIENCE_S

INSERT = text(
    "INSERT INTO search_words (word, deletions) VALUES (:word, '{}')"
    " RETURNING (SELECT current_user)"
)


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[Database]:
    """The database through a pool of one connection, which nobody waits for long."""
    engine = create_app_engine(database_url, pool_size=1, pool_wait_s=0.05, command_timeout_s=30)
    database = Database(engine)
    yield database
    await database.close()


async def words(owner: asyncpg.Connection) -> list[str]:
    return [row["word"] for row in await owner.fetch("SELECT word FROM search_words")]


async def test_writing_commits_when_its_block_ends_well(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        assert await session.scalar(INSERT, {"word": "kept"}) == "navis_app"
        assert await words(owner) == []
    assert await words(owner) == ["kept"]


async def test_writing_rolls_back_when_its_block_fails(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def fail() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(INSERT, {"word": "lost"})
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await words(owner) == []


async def test_writing_rolls_back_when_it_is_cancelled(
    database: Database, owner: asyncpg.Connection
) -> None:
    inserted = asyncio.Event()

    async def wait() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(INSERT, {"word": "lost"})
            inserted.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.wait_for(inserted.wait(), PATIENCE_S)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await words(owner) == []
    async with database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_reading_cannot_write_even_as_our_own_code(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def write() -> None:
        async with database.reading(SYSTEM_ROWS) as session:
            await session.execute(INSERT, {"word": "never"})

    with pytest.raises(DBAPIError, match="read-only"):
        await write()
    assert await words(owner) == []


async def test_a_connection_that_was_read_only_writes_again(narrow: Database) -> None:
    async with narrow.reading() as session:
        await session.execute(text("SELECT 1"))
    async with narrow.writing(SYSTEM_ROWS) as session:
        await session.execute(INSERT, {"word": "kept"})
    async with narrow.reading() as session:
        assert await session.scalar(text("SHOW transaction_read_only")) == "on"


@pytest.mark.parametrize("viewer", [ANONYMOUS_ROWS, RowViewer("patient", "patient-1")])
async def test_without_a_free_connection_the_service_is_busy(
    narrow: Database, viewer: RowViewer
) -> None:
    async def read() -> None:
        async with narrow.reading(viewer):
            raise AssertionError

    async def write() -> None:
        async with narrow.writing(viewer):
            raise AssertionError

    async with narrow.reading():
        with pytest.raises(DatabaseBusy):
            await read()
        with pytest.raises(DatabaseBusy):
            await write()
    async with narrow.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_a_viewer_is_set_as_a_value_and_never_as_sql(database: Database) -> None:
    nasty = "x'); SET ROLE postgres; --"
    async with database.reading(RowViewer("patient", nasty)) as session:
        assert await session.scalar(text("SELECT navis_subject()")) == nasty
        assert await session.scalar(text("SELECT current_user")) == "navis_app"


async def test_an_error_of_the_database_does_not_quote_what_it_was_given(
    database: Database,
) -> None:
    async def fail() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await session.execute(text("SELECT CAST(:words AS text), 1 / 0"), {"words": "canary"})

    with pytest.raises(DBAPIError) as failed:
        await fail()
    assert "canary" not in str(failed.value)


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "mysql://h/d", "postgresql://host", "postgresql://u:secret-1@h:port/d", "://"],
)
def test_what_is_no_address_of_postgres_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(DatabaseAddressInvalid) as refused:
        parse_address(address)
    assert "secret-1" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"]
)
def test_every_usual_form_of_an_address_is_understood(scheme: str) -> None:
    address = f"{scheme}://user:p%40ss@host:5433/name"
    assert asyncpg_address(address) == "postgresql://user:p%40ss@host:5433/name"
    assert parse_address(address).drivername == "postgresql+asyncpg"


def test_a_login_that_is_the_app_role_itself_needs_no_setting() -> None:
    assert app_role_settings("postgresql://navis_app@h/d") == {}
    assert app_role_settings("postgresql://somebody@h/d") == {"role": "navis_app"}
