"""`RateLimit` fields: what a payer has left, beside what `extensions.cost` says."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from navis_api.db.sessions import Database
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.front import KnownRequests
from navis_api.graphql.throttle.fields import rate_limit_fields
from navis_api.limits.buckets import BucketSize
from tests.graphql.world import World
from tests.partners.world import Partners

ANSWER = '{ answer(slug: "what-is-ablation") { title } }'
Build = Callable[..., GraphQLEndpoint]


def test_fields_are_structured_as_the_draft_has_them() -> None:
    size = BucketSize(20_000, 2_000)
    assert rate_limit_fields(size, 20_000) == [
        (b"ratelimit-policy", b'"points";q=20000;qu="points";w=10'),
        (b"ratelimit", b'"points";r=20000;t=0'),
    ]
    assert rate_limit_fields(size, 17_999.5)[1][1] == b'"points";r=17999;t=2'
    assert rate_limit_fields(BucketSize(1, 1_000), 0)[0][1] == b'"points";q=1;qu="points";w=1'


@asynccontextmanager
async def opened(app: object) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType] - an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


def told(response: httpx.Response) -> tuple[int, int]:
    """Return what the header and the extension say is left."""
    found = re.fullmatch(r'"points";r=(\d+);t=\d+', response.headers["ratelimit"])
    assert found is not None
    status = response.json()["extensions"]["cost"]["throttleStatus"]
    policy = response.headers["ratelimit-policy"]
    assert f";q={status['maximumAvailable']};" in policy
    return int(found[1]), status["currentlyAvailable"]


async def test_a_key_pays_from_its_own_bucket_and_is_told(
    build: Build, database: Database, world: World
) -> None:
    del world
    partners = Partners(database)
    partner = await partners.partner()
    small = await partners.key(partner, points=60, restored_per_s=1)
    other = await partners.key(partner)
    async with opened(build()) as http:

        async def send(key: str, query: str = ANSWER) -> httpx.Response:
            return await http.post(
                "/graphql", json={"query": query}, headers={"Authorization": f"Bearer {key}"}
            )

        first = await send(small.secret)
        header, extension = told(first)
        assert header in {extension, extension + 1}
        assert header < 60
        while (response := await send(small.secret)).status_code == 200:
            assert told(response)[0] < 60
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) >= 1
        assert told(response)[0] < 10
        # Another key of the same partner, and nobody in particular, have their own.
        assert told(await send(other.secret))[0] > 10_000
        anonymous = await http.post("/graphql", json={"query": ANSWER})
        assert told(anonymous)[0] > 10_000


async def test_what_comes_out_of_memory_says_what_is_left_now(build: Build, world: World) -> None:
    del world
    cache = ResponseCache(2**20)
    cache.usable = lambda: True
    endpoint = build(responses=cache, throttle_address_points=200, throttle_address_restore_per_s=1)
    known = KnownRequests(endpoint, cache, endpoint.services, ("/graphql",))
    async with opened(known) as http:
        left = [told(await http.post("/graphql", json={"query": ANSWER}))[0] for _ in range(4)]
        assert endpoint.services.metrics.kept.total() >= 2
        assert left == sorted(set(left), reverse=True)


@pytest.mark.parametrize("limit", [0, 200])
async def test_a_get_that_others_may_keep_says_nothing_of_who_asked(
    build: Build, world: World, limit: int
) -> None:
    del world
    async with opened(build(throttle_address_points=limit)) as http:
        response = await http.get("/graphql", params={"query": ANSWER})
        assert response.status_code == 200
        assert "ratelimit" not in response.headers
        posted = await http.post("/graphql", json={"query": ANSWER})
        assert ("ratelimit" in posted.headers) is bool(limit)
