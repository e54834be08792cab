"""A database of 200 questions, made as the measurements make theirs, and the API over it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from uvicorn.lifespan.on import LifespanOn

from bench.data.database import Pool, pool_of
from bench.data.multiplying import multiply
from bench.data.peer_tables import make_peer_tables
from bench.data.seeds import publish_seeds
from navis_api.app import create_app
from navis_api.db.engine import asyncpg_address
from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from tests.conftest import at_database
from tests.graphql.client import Client

CANCERS = 2
SEEDS = 40
QUESTIONS = 200


@pytest.fixture(scope="session")
def bench_address(postgres: str, template: str) -> Iterator[str]:
    name = f"navis_bench_{uuid4().hex[:8]}"
    address = at_database(postgres, name)

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(asyncpg_address(postgres))
        await connection.execute(statement)
        await connection.close()

    async def make() -> None:
        await run(f"CREATE DATABASE {name} TEMPLATE {template}")
        await publish_seeds(address, cancers=CANCERS)
        async with pool_of(address) as pool:
            async with pool.acquire() as connection:
                await make_peer_tables(connection)
            await multiply(pool, questions=QUESTIONS)

    asyncio.run(make())
    yield address
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def pool(bench_address: str) -> AsyncIterator[Pool]:
    async with pool_of(bench_address) as pool:
        yield pool


@pytest.fixture
async def client(bench_address: str, tmp_path: Path) -> AsyncIterator[Client]:
    app = create_app(Settings(data_dir=tmp_path), bench_address, draining=Draining())
    config = uvicorn.Config(app, log_config=None)
    config.load()
    lifespan = LifespanOn(config)
    await lifespan.startup()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Client(http, "/graphql")
    await lifespan.shutdown()
