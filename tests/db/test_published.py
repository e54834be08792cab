"""The short way to published content: what its connections are, keep, and do when one is lost."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Integer, Text, select

from navis_api.db.engine import published_settings
from navis_api.db.published import (
    Published,
    Statement,
    constant,
    parameter,
    statement_of,
)
from navis_api.db.sessions import DatabaseBusy
from navis_api.questions.models import Question
from tests.waiting import PATIENCE_S

PID = Statement("SELECT pg_backend_pid()", ())
ONE = Statement("SELECT 1", ())
SLEEP = Statement("SELECT pg_sleep($1::float)", ("seconds",))


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[Published]:
    """A single connection, which nobody waits for long."""
    published = Published(database_url, size=1, wait_s=0.2, command_timeout_s=30)
    yield published
    await published.close()


async def held(published: Published, seconds: float) -> asyncio.Task[object]:
    """Keep the connection busy for a while."""
    await published.fetch(ONE)
    task: asyncio.Task[object] = asyncio.create_task(published.fetch(SLEEP, seconds=seconds))
    await asyncio.sleep(0)
    return task


async def test_connections_act_as_the_app_role_for_nobody_and_cannot_write(
    narrow: Published,
) -> None:
    who = Statement(
        "SELECT current_user::text, navis_subject(), navis_is_staff(),"
        " current_setting('default_transaction_read_only')",
        (),
    )
    assert tuple((await narrow.fetch(who))[0]) == ("navis_app", None, False, "on")
    insert = Statement("INSERT INTO search_words (word, deletions) VALUES ('never', '{}')", ())
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await narrow.fetch(insert)


async def test_values_go_by_name_and_stand_in_no_text(narrow: Published) -> None:
    nasty = "x'; SELECT 1; --"
    statement = statement_of(
        select(parameter("second", Text()), parameter("first", Text()), parameter("second", Text()))
    )
    row = (await narrow.fetch(statement, first="1", second=nasty))[0]
    assert tuple(row) == (nasty, "1", nasty)


def test_a_statement_with_a_value_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="slug_1"):
        statement_of(select(Question.id).where(Question.slug == "x"))


def test_a_constant_stands_in_the_text() -> None:
    statement = statement_of(select(Question.id).limit(constant(3, Integer())))
    assert statement.text.endswith("LIMIT 3")
    assert statement.names == ()


def test_a_login_that_is_the_app_role_itself_is_sent_no_settings() -> None:
    assert published_settings("postgresql://navis_app@h/d", 5) == {}
    assert published_settings("postgresql://somebody@h/d", 5)["role"] == "navis_app"


async def test_without_a_free_connection_the_service_is_busy_and_later_it_is_not(
    narrow: Published,
) -> None:
    holding = await held(narrow, 0.6)
    with pytest.raises(DatabaseBusy):
        await narrow.fetch(ONE)
    await holding
    assert await narrow.fetch(ONE)


async def test_whoever_waits_gets_the_connection_when_it_is_free(narrow: Published) -> None:
    holding = await held(narrow, 0.05)
    pids = await asyncio.gather(*(narrow.fetch(PID) for _ in range(5)))
    await holding
    assert len({row[0] for rows in pids for row in rows}) == 1


async def test_one_who_gives_up_waiting_does_not_keep_the_turn(narrow: Published) -> None:
    holding = await held(narrow, 0.05)
    waiting = [asyncio.create_task(narrow.fetch(ONE)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    results = await asyncio.gather(holding, *waiting, return_exceptions=True)
    assert isinstance(results[1], asyncio.CancelledError)
    assert all(not isinstance(result, BaseException) for result in (results[0], *results[2:]))


async def test_a_connection_that_was_lost_is_replaced(
    narrow: Published, owner: asyncpg.Connection
) -> None:
    before = (await narrow.fetch(PID))[0][0]
    await owner.execute("SELECT pg_terminate_backend($1)", before)
    after = (await narrow.fetch(PID))[0][0]
    assert after != before
    assert (await narrow.fetch(PID))[0][0] == after


async def test_a_statement_that_takes_too_long_is_ended_and_the_next_one_runs(
    database_url: str,
) -> None:
    published = Published(database_url, size=1, wait_s=5, command_timeout_s=0.1)
    with pytest.raises(DatabaseBusy):
        await published.fetch(SLEEP, seconds=5.0)
    assert (await published.fetch(ONE))[0][0] == 1
    await published.close()


async def test_a_cancelled_statement_leaves_the_connection_usable(narrow: Published) -> None:
    holding = await held(narrow, 5)
    await asyncio.sleep(0.05)
    holding.cancel()
    await asyncio.gather(holding, return_exceptions=True)
    assert (await narrow.fetch(ONE))[0][0] == 1


async def test_a_statement_outlives_a_change_of_its_table(
    narrow: Published, owner: asyncpg.Connection
) -> None:
    await owner.execute("CREATE TABLE changing (one int); GRANT SELECT ON changing TO PUBLIC")
    await owner.execute("INSERT INTO changing VALUES (1)")
    everything = Statement("SELECT * FROM changing", ())
    assert tuple((await narrow.fetch(everything))[0]) == (1,)
    await owner.execute("ALTER TABLE changing ADD COLUMN two int DEFAULT 2")
    assert tuple((await narrow.fetch(everything))[0]) == (1, 2)


async def test_statements_can_be_watched_for_a_while(narrow: Published) -> None:
    seen: list[str] = []
    with narrow.watched(seen.append):
        await narrow.fetch(ONE)
    await narrow.fetch(PID)
    assert seen == [ONE.text]


async def test_a_connection_in_use_is_closed_after_its_statement(
    narrow: Published, owner: asyncpg.Connection
) -> None:
    holding = await held(narrow, 0.1)
    await narrow.close()
    await holding
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'navis-api published'"
    async with asyncio.timeout(PATIENCE_S):
        while await owner.fetchval(f"{count} AND datname = current_database()"):  # noqa: ASYNC110 - only the database knows
            await asyncio.sleep(0.02)
