"""PgBouncer in transaction mode: what transactions leave on the connections that they share."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from navis_api.db.engine import create_pooled_engine
from navis_api.db.pooler import PoolerUnfit, require_fit_pooler
from navis_api.db.sessions import Database, RowViewer
from navis_api.identity.viewer import ViewerKind
from navis_api.kit.ids import new_id
from tests import pooler as pgbouncer
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.pooler import Pooler, pooling

BACKEND = text("SELECT pg_backend_pid()")
LEFT = text(
    "SELECT (SELECT count(*) FROM pg_prepared_statements),"
    " (SELECT count(*) FROM pg_cursors WHERE name <> ''),"
    " (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),"
    " coalesce(current_setting('navis.role', true), ''),"
    " coalesce(current_setting('navis.subject', true), ''), current_user::text"
)


@pytest.fixture(scope="module")
def narrow(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooler]:
    """One with a single connection for each database."""
    if pgbouncer.PROGRAM is None:
        pytest.skip("no PgBouncer is here: .ci/install-pgbouncer installs it")
    asyncio.run(pgbouncer.make_login(postgres))
    with pooling(postgres, tmp_path_factory.mktemp("narrow"), connections=1) as running:
        yield running


def engine_over(pooler: Pooler, address: str) -> Database:
    return Database(
        create_pooled_engine(
            pooler.before(address), pool_size=8, pool_wait_s=10, command_timeout_s=30
        )
    )


@pytest.fixture
async def one(narrow: Pooler, database_url: str) -> AsyncIterator[Database]:
    """As one process has it."""
    database = engine_over(narrow, database_url)
    yield database
    await database.close()


@pytest.fixture
async def other(narrow: Pooler, database_url: str) -> AsyncIterator[Database]:
    """As another has it."""
    database = engine_over(narrow, database_url)
    yield database
    await database.close()


def patient(number: int) -> RowViewer:
    return RowViewer(role=ViewerKind.PATIENT.value.lower(), subject=f"patient-{number}")


async def test_patients_who_share_a_connection_see_their_own_rows_alone(
    one: Database, other: Database, owner: asyncpg.Connection
) -> None:
    for number in range(4):
        await owner.execute(
            "INSERT INTO patients (id, subject, created_at) VALUES ($1, $2, now())",
            new_id(),
            f"patient-{number}",
        )
    backends: set[int] = set()

    async def look(database: Database, number: int) -> None:
        async with database.reading(patient(number)) as session:
            backends.add((await session.execute(BACKEND)).scalar_one())
            # Another's transaction could come between, if it were let.
            await asyncio.sleep(0)
            seen = list(await session.scalars(text("SELECT subject FROM patients")))
            assert seen == [f"patient-{number}"]

    async def look_as_nobody(database: Database) -> None:
        async with database.reading() as session:
            backends.add((await session.execute(BACKEND)).scalar_one())
            assert list(await session.scalars(text("SELECT subject FROM patients"))) == []

    await asyncio.gather(
        *(look(database, number % 4) for number in range(40) for database in (one, other)),
        *(look_as_nobody(database) for _ in range(10) for database in (one, other)),
    )
    assert len(backends) == 1


class CutOff(Exception):
    """A request that ends in the middle."""


async def test_a_transaction_that_fails_hands_nobody_its_viewer(
    one: Database, other: Database
) -> None:
    async def end_in_the_middle(statement: str) -> None:
        async with one.writing(patient(1)) as session:
            await session.execute(text(statement))
            raise CutOff

    for statement, failure in (("SELECT 1 / 0", DBAPIError), ("SELECT 1", CutOff)):
        with pytest.raises(failure):
            await end_in_the_middle(statement)
        async with other.reading() as session:
            assert tuple((await session.execute(LEFT)).one()) == (0, 0, 0, "", "", "navis_app")


async def test_processes_leave_nothing_on_a_connection(one: Database, other: Database) -> None:
    texts = [text(f"SELECT {number} + :number") for number in range(5)]

    async def work(database: Database, times: int) -> None:
        for number in range(times):
            async with database.writing(patient(number)) as session:
                found = [await session.scalar(each, {"number": 7}) for each in texts]
                assert found == [7, 8, 9, 10, 11]
                rows = await session.stream(
                    text("SELECT generate_series(1, 30)").execution_options(yield_per=10)
                )
                assert [row[0] async for row in rows] == list(range(1, 31))
                await session.execute(text("SELECT pg_advisory_xact_lock(7)"))

    await asyncio.gather(*(work(database, 5) for database in (one, other, one, other)))
    async with one.reading() as session:
        assert tuple((await session.execute(LEFT)).one()) == (0, 0, 0, "", "", "navis_app")


async def test_connections_as_for_a_server_of_our_own_would_not_do(
    narrow: Pooler, database_url: str
) -> None:
    """What the above would look like if nothing had been done: names that two processes share."""
    first, second = [await asyncpg.connect(narrow.before(database_url)) for _ in range(2)]
    try:
        assert await (await first.prepare("SELECT 1", name="shared")).fetchval() == 1
        with pytest.raises(asyncpg.DuplicatePreparedStatementError):
            await second.prepare("SELECT 2", name="shared")
    finally:
        first.terminate()
        second.terminate()


async def test_a_pooler_that_leads_elsewhere_or_acts_as_somebody_else_is_refused(
    narrow: Pooler, database_url: str, sample_database_url: str, owner: asyncpg.Connection
) -> None:
    await require_fit_pooler(narrow.before(database_url), database_url)
    with pytest.raises(PoolerUnfit, match="another database"):
        await require_fit_pooler(narrow.before(sample_database_url), database_url)
    with pytest.raises(PoolerUnfit, match=r"act as postgres.*ALTER ROLE postgres SET role"):
        await require_fit_pooler(database_url, database_url)
    nowhere = "postgresql://somebody:secret@127.0.0.1:1/navis"
    with pytest.raises(PoolerUnfit, match="Can't reach") as refused:
        await require_fit_pooler(nowhere, database_url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        # Postgres itself, as its administrator.
        ("NAVIS_DATABASE_POOLER_URL", "{address}", "SET role = 'navis_app'"),
        ("NAVIS_DATABASE_POOLER_URL", "nonsense", "NAVIS_DATABASE_POOLER_URL is not a Postgres"),
        ("NAVIS_DATABASE_REPLICA_URLS", "{address},x", "NAVIS_DATABASE_REPLICA_URLS is not a"),
    ],
)
def test_a_process_does_not_start_with_what_cannot_be_used(
    tmp_path: Path, sample_database_url: str, setting: str, value: str, said: str
) -> None:
    given = {setting: value.format(address=sample_database_url)}
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url, **given)
    ended = typed(["worker"], env)
    assert ended.returncode == 1
    assert said in " ".join((ended.stdout + ended.stderr).split())
    assert sample_database_url not in ended.stdout + ended.stderr
