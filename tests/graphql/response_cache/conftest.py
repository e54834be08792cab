"""The endpoint with its memory, held by a real lease, as the process puts it together."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from navis_api.answers.fence import until_readers_follow
from navis_api.db.sessions import Database
from navis_api.graphql.addresses import MAIN_PATH, PUBLIC_PATH
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.eligibility import EligibleOperations
from navis_api.graphql.response_cache.front import KnownRequests
from navis_api.graphql.response_cache.keeping import hold_lease
from navis_api.graphql.response_cache.operations import KeptOperations
from navis_api.graphql.schema import schema
from navis_api.jobs.fanout import Fanout
from navis_api.web.headers import SecurityHeaders
from tests.graphql.client import Client
from tests.graphql.conftest import Build
from tests.graphql.world import World
from tests.waiting import until


@dataclass
class Remembering:
    """An endpoint that keeps responses, one over the same database that doesn't, and the memory."""

    client: Client
    plain: Client
    cache: ResponseCache
    endpoint: GraphQLEndpoint
    database: Database

    async def settle(self) -> None:
        """Wait until what was published is heard of."""
        await until_readers_follow(self.database)


@pytest.fixture
async def remembering(
    build: Build, world: World, database: Database, database_url: str
) -> AsyncIterator[Remembering]:
    cache, listening = ResponseCache(1_000_000), Fanout(database_url)
    endpoint, plain = build(throttle_address_points=0), build(throttle_address_points=0)
    endpoint.services.catalogue.hear(listening)
    hold_lease(cache, listening)
    endpoint.kept = KeptOperations(cache, EligibleOperations(schema().core), shared_cache_s=0)
    paths = (MAIN_PATH, PUBLIC_PATH)
    front = KnownRequests(SecurityHeaders(endpoint), cache, endpoint.services, paths)
    running = asyncio.create_task(listening.run())
    await until(cache.usable)
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as http,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(SecurityHeaders(plain)), base_url="http://test"
        ) as without,
    ):
        yield Remembering(Client(http), Client(without), cache, endpoint, database)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
