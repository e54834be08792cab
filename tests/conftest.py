"""Fixtures that every test may use: a real Postgres, and a fresh migrated database on it."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

import navis_api
from navis_api.content.bundle import BundleFolder
from navis_api.content.service import import_bundle
from navis_api.db import embedded, sessions
from navis_api.db.engine import (
    asyncpg_address,
    create_app_engine,
    create_pooled_engine,
    parse_address,
    server_name,
)
from navis_api.db.migrations import migrate
from navis_api.db.published import Published
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.fanout import Fanout
from tests import pooler as pgbouncer
from tests.memory_folder import memory_folder
from tests.pooler import Pooler

TEMPLATE = "navis_template"

# With it, every process and application that the tests start shares this Redis.
REDIS = os.environ.get("NAVIS_TEST_REDIS_URL")
if REDIS:
    os.environ["NAVIS_REDIS_URL"] = REDIS

# Tests speak to this machine alone. Each client of HTTP that is made reads the certificates of all
# authorities, hundreds of them in 20 ms, also where it never needs one: here it reads one.
if "NAVIS_TEST_OBJECTS_URL" not in os.environ:
    os.environ.setdefault("SSL_CERT_FILE", str(Path(__file__).with_name("nobody_trusted.pem")))

# The embedded server of a test run ends with it, so that it need not write to the disk in time.
_NOTHING_TO_LOSE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET max_wal_size = '128MB'",
    "SELECT pg_reload_conf()",
)
SAMPLES = Path(navis_api.__file__).parent / "samples"
SAMPLES_IMPORTED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server: the one NAVIS_TEST_DATABASE_URL names, or an embedded one."""
    given = os.environ.get("NAVIS_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with (
        memory_folder(otherwise=tmp_path_factory.mktemp("server")) as folder,
        embedded.start(folder / "navis data") as server,
    ):
        asyncio.run(_run(server.url, *_NOTHING_TO_LOSE))
        yield server.url


@pytest.fixture(scope="session")
def pooler(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooler]:
    """PgBouncer in transaction mode before the server."""
    if pgbouncer.PROGRAM is None:
        pytest.skip("no PgBouncer is here: .ci/install-pgbouncer installs it")
    asyncio.run(pgbouncer.make_login(postgres))
    with pgbouncer.pooling(postgres, tmp_path_factory.mktemp("pooler"), connections=16) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def _everything_over_the_pooler(request: pytest.FixtureRequest) -> Iterator[None]:
    """With NAVIS_TEST_POOLER=1, whatever a test starts has its transactions go over PgBouncer."""
    if os.environ.get("NAVIS_TEST_POOLER") != "1":
        yield
        return
    assert pgbouncer.PROGRAM is not None, "NAVIS_TEST_POOLER=1, and no PgBouncer is here"
    with over_pooler(request.getfixturevalue("pooler")):
        yield


@contextmanager
def over_pooler(pooler: Pooler) -> Iterator[None]:
    """Have whatever is started meanwhile reach the database over a pooler."""

    def pooled_engine(address: str, **options: Any) -> AsyncEngine:
        given = pooler_settings(address).get("NAVIS_DATABASE_POOLER_URL")
        return (create_pooled_engine if given else create_app_engine)(given or address, **options)

    global _pooler_of_all  # noqa: PLW0603 - one for all that is started
    before, _pooler_of_all = _pooler_of_all, pooler
    with pytest.MonkeyPatch.context() as patching:
        # What is started in this process; other processes are told by `pooler_settings`.
        patching.setattr(sessions, "create_app_engine", pooled_engine)
        yield
    _pooler_of_all = before


_pooler_of_all: Pooler | None = None


def pooler_settings(address: str) -> dict[str, str]:
    """Return the settings by which a process uses the pooler of this run, if there is one."""
    # Some tests start a server of their own.
    if _pooler_of_all is None or server_name(address) != _pooler_of_all.server:
        return {}
    return {"NAVIS_DATABASE_POOLER_URL": _pooler_of_all.before(address)}


def app_database(address: str, *, pooled: bool = True) -> Database:
    """Return the way to a database; with the pooler of this run, where there is one."""
    pooler = pooler_settings(address).get("NAVIS_DATABASE_POOLER_URL") if pooled else None
    engine = (create_pooled_engine if pooler else create_app_engine)(
        pooler or address, pool_size=10, pool_wait_s=30, command_timeout_s=30
    )
    # With a memory, as processes that serve have it.
    published = Published(address, size=2, wait_s=30, command_timeout_s=30, memory_bytes=2**20)
    return Database(engine, published)


def fanout_beside(database: Database, address: str) -> Fanout:
    """The listener of a process: as the API has it, also with NAVIS_TEST_REDIS_URL."""
    return Fanout.beside(database, address, redis=SecretStr(REDIS) if REDIS else None)


def at_database(address: str, name: str) -> str:
    return (
        parse_address(address)
        .set(drivername="postgresql", database=name)
        .render_as_string(hide_password=False)
    )


async def _run(address: str, *statements: str) -> None:
    connection = await asyncpg.connect(asyncpg_address(address))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def copied(postgres: str, template: str) -> AsyncIterator[str]:
    """Give the address of a copy of a database, and drop it afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    await _run(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield at_database(postgres, name)
    await _run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template(postgres: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    name = f"{TEMPLATE}_{uuid4().hex[:8]}"

    async def make() -> None:
        await _run(postgres, f"CREATE DATABASE {name}")
        await migrate(at_database(postgres, name))

    asyncio.run(make())
    yield name
    asyncio.run(_run(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def empty_url(postgres: str) -> AsyncIterator[str]:
    """The address of a database of this test's own in which nothing is."""
    async with copied(postgres, "template0") as address:
        yield address


@pytest.fixture
async def database_url(postgres: str, template: str) -> AsyncIterator[str]:
    """The address of a migrated, empty database of this test's own."""
    async with copied(postgres, template) as address:
        yield address


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database, reached as the app role."""
    database = app_database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def sample_template(postgres: str, template: str) -> Iterator[str]:
    """The name of a database with the sample content that others are copied from."""
    name = f"{TEMPLATE}_samples_{uuid4().hex[:8]}"

    async def make() -> None:
        await _run(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        # Nobody may be connected to what is copied, as a pooler still would be.
        database = app_database(at_database(postgres, name), pooled=False)
        async with database.writing(SYSTEM_ROWS) as session:
            await import_bundle(session, BundleFolder(SAMPLES), now=SAMPLES_IMPORTED_AT)
        await database.close()

    asyncio.run(make())
    yield name
    asyncio.run(_run(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def sample_database_url(postgres: str, sample_template: str) -> AsyncIterator[str]:
    """The address of a database of this test's own that holds the sample content."""
    async with copied(postgres, sample_template) as address:
        yield address


@pytest.fixture
async def sample_database(sample_database_url: str) -> AsyncIterator[Database]:
    """A database with the sample content, reached as the app role."""
    database = app_database(sample_database_url)
    yield database
    await database.close()


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the server's administrator, for looking behind the rules."""
    connection = await asyncpg.connect(asyncpg_address(database_url))
    yield connection
    await connection.close()


SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that others wrote; it lies beside a checkout, never in it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the data in ../shared/data is not here")
    return SHARED_DATA
