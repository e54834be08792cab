"""The connections that read published content are never reset, so they must keep nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from navis_api.db.engine import create_app_engine
from navis_api.db.published import Published, Statement
from navis_api.db.sessions import Database
from tests.graphql.client import Client
from tests.graphql.test_statements import QUERIES

# What `RESET ALL`, `CLOSE ALL`, `UNLISTEN *` and `pg_advisory_unlock_all()` would undo, and
# temporary tables.
KEPT = Statement(
    """
    SELECT 'setting ' || name FROM pg_settings
        WHERE source = 'session' AND setting IS DISTINCT FROM reset_val
    UNION ALL SELECT 'viewer' WHERE coalesce(current_setting('navis.role', true), '') <> ''
        OR coalesce(current_setting('navis.subject', true), '') <> ''
    UNION ALL SELECT 'channel ' || channel FROM pg_listening_channels() AS channel
    UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
    UNION ALL SELECT 'lock ' || locktype FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'advisory'
    UNION ALL SELECT 'table ' || relname FROM pg_class
        WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()
    """,
    (),
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database, with one connection for published content."""
    published = Published(database_url, size=1, wait_s=30, command_timeout_s=30)
    engine = create_app_engine(database_url, pool_size=10, pool_wait_s=30, command_timeout_s=30)
    database = Database(engine, published)
    yield database
    await database.close()


async def test_connections_keep_nothing_of_what_they_were_used_for(
    client: Client, database: Database, tokens: dict[str, str]
) -> None:
    everything = (*QUERIES.values(), '{ searchQuestions(text: "no such word") { nodes { text } } }')
    for viewer in ("anonymous", "asker", "reviewer"):
        for query in everything:
            await client.data(query, authorization=tokens.get(viewer))
    assert await database.published.fetch(KEPT) == []


async def test_what_would_be_kept_is_seen(database: Database) -> None:
    assert await database.published.fetch(KEPT) == []
    for statement, kind in (
        ("SELECT set_config('work_mem', '8MB', false)", "setting work_mem"),
        ("SELECT set_config('navis.role', 'system', false)", "viewer"),
        ("SELECT pg_advisory_lock(1)", "lock advisory"),
        ("LISTEN anything", "channel anything"),
    ):
        await database.published.fetch(Statement(statement, ()))
        assert kind in {row[0] for row in await database.published.fetch(KEPT)}


async def test_all_viewers_share_them_and_row_security_takes_none_for_another(
    client: Client, database: Database, tokens: dict[str, str]
) -> None:
    seen: list[str] = []
    subject = Statement("SELECT coalesce(navis_subject(), 'nobody')", ())

    async def watch() -> None:
        for _ in range(20):
            seen.extend(row[0] for row in await database.published.fetch(subject))

    query = "{ questions { nodes { text answer { title } } } }"
    await asyncio.gather(
        watch(), *(client.data(query, authorization=tokens["asker"]) for _ in range(5))
    )
    assert set(seen) == {"nobody"}
