"""A world to be told of, and a partner's server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address
from tests.conftest import _run, app_database, at_database, copied
from tests.graphql.world import World, build_world
from tests.partners.webhooks.receiver import Receiver, receiving
from tests.partners.webhooks.world import Hooks


@pytest.fixture(scope="session")
def told(postgres: str, template: str) -> Iterator[tuple[str, World]]:
    """The name of a database with answers that others are copied from, and what is in it."""
    name = f"navis_told_{uuid4().hex[:8]}"

    async def make() -> World:
        await _run(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
        # Nobody may be connected to what is copied, as a pooler still would be.
        database = app_database(at_database(postgres, name), pooled=False)
        world = await build_world(database)
        await database.close()
        return world

    yield name, asyncio.run(make())
    asyncio.run(_run(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def told_url(postgres: str, told: tuple[str, World]) -> AsyncIterator[str]:
    async with copied(postgres, told[0]) as address:
        yield address


@pytest.fixture
async def hooks(told_url: str, told: tuple[str, World], tmp_path: Path) -> AsyncIterator[Hooks]:
    database = app_database(told_url)
    yield Hooks(database, told[1], tmp_path)
    await database.close()


@pytest.fixture
async def owner(told_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the server's administrator, for looking behind the rules."""
    connection = await asyncpg.connect(asyncpg_address(told_url))
    yield connection
    await connection.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found
