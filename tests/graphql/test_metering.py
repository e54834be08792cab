"""What partners' operations are metered as, over each transport, and that nobody else's are."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from navis_api.db.sessions import Database
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.relay import global_id
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.partners.keys import NewKey
from navis_api.partners.metering import ACCESS_EVENT
from tests.graphql.conftest import Build
from tests.graphql.socket_client import open_socket
from tests.graphql.world import World
from tests.partners.world import Partners

WORDS = "my-lump-hurts"
CANCERS = "{ cancers(first: 1) { nodes { slug } } }"
TWO = "{ cancers(first: 1) { nodes { slug } } viewer { kind } }"
ASK = f"""mutation {{
  askQuestion(input: {{ text: "Does {WORDS} mean ablation?", cancer: "lung-cancer" }}) {{ outcome }}
}}"""
FOLLOW = "subscription ($id: ID!) { generationEvents(generationId: $id, after: 99) { sequence } }"


@pytest.fixture
async def key(database: Database, world: World) -> NewKey:
    del world
    partners = Partners(database)
    return await partners.key(await partners.partner(), points=2_000, restored_per_s=1)


@pytest.fixture
def cache() -> ResponseCache:
    cache = ResponseCache(2**20)
    cache.usable = lambda: True
    return cache


@pytest.fixture
async def http(build: Build, cache: ResponseCache) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(responses=cache))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def metered(lines: list[Any]) -> list[tuple[str, str, int]]:
    return [
        (line["operation"], line["outcome"], line["points"])
        for line in lines
        if line["event"] == ACCESS_EVENT
    ]


async def send(http: httpx.AsyncClient, key: NewKey | None, **body: Any) -> dict[str, Any]:
    headers = {} if key is None else {"Authorization": f"Bearer {key.secret}"}
    return (await http.post("/graphql", json=body, headers=headers)).json()


async def test_each_operation_is_metered_with_what_it_cost(
    http: httpx.AsyncClient, key: NewKey
) -> None:
    costs: list[int] = []
    with capture_logs() as lines:
        # The second one comes out of memory.
        for query in (CANCERS, CANCERS, TWO, ASK):
            answered = await send(http, key, query=query)
            costs.append(answered["extensions"]["cost"]["actualQueryCost"])
    names = ("cancers", "cancers", "several", "askQuestion")
    assert metered(lines) == [
        (name, "SERVED", cost) for name, cost in zip(names, costs, strict=True)
    ]
    assert all(cost > 0 for cost in costs)
    assert WORDS not in json.dumps(lines)


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ({"query": f"{{ {WORDS} }}"}, "unread"),
        ({"query": f"query {WORDS.replace('-', '_')} {{ nothing }}"}, "unread"),
        ({"query": "{ myRecords(first: 1) { nodes { id } } }"}, "unread"),
        (
            {"query": "query ($first: Int!) { cancers(first: $first) { nodes { slug } } }"},
            "cancers",
        ),
    ],
)
async def test_what_is_refused_is_metered_as_that(
    http: httpx.AsyncClient, key: NewKey, body: dict[str, Any], operation: str
) -> None:
    with capture_logs() as lines:
        answered = await send(http, key, **body)
    assert answered["errors"]
    assert metered(lines) == [(operation, "REFUSED", 10)]
    assert WORDS not in json.dumps(lines)


async def test_what_is_throttled_is_refused_for_nothing(
    http: httpx.AsyncClient, database: Database, world: World
) -> None:
    del world
    partners = Partners(database)
    poor = await partners.key(await partners.partner(), points=1, restored_per_s=1)
    with capture_logs() as lines:
        answers = [await send(http, poor, query=CANCERS) for _ in range(3)]
    assert answers[-1]["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert metered(lines)[-1][1:] == ("REFUSED", 0)
    assert len(metered(lines)) == 3


async def test_nobody_else_is_metered(http: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    with capture_logs() as lines:
        await send(http, None, query=CANCERS)
        for name in ("asker", "administrator", "partner"):
            await http.post(
                "/graphql", json={"query": TWO}, headers={"Authorization": tokens[name]}
            )
    assert metered(lines) == []


async def test_operations_on_a_socket_are_metered_one_by_one(
    url: str, key: NewKey, world: World
) -> None:
    with capture_logs() as lines:
        async with open_socket(url) as socket:
            await socket.introduce({"authorization": f"Bearer {key.secret}"})
            await socket.subscribe(CANCERS, id_="1")
            await _until_complete(socket, "1")
            await socket.subscribe("{ nothing }", id_="2")
            assert (await socket.receive())["type"] == "error"
            await socket.subscribe(
                FOLLOW, {"id": global_id("Generation", world.anonymous.generation_id)}, id_="3"
            )
            await _until_complete(socket, "3")
    assert [each[:2] for each in metered(lines)] == [
        ("cancers", "SERVED"),
        ("unread", "REFUSED"),
        ("generationEvents", "SERVED"),
    ]


async def test_a_subscription_over_http_is_metered_when_it_begins(
    http: httpx.AsyncClient, key: NewKey, world: World
) -> None:
    body = {
        "query": FOLLOW,
        "variables": {"id": global_id("Generation", world.anonymous.generation_id)},
    }
    headers = {"Authorization": f"Bearer {key.secret}", "Accept": "text/event-stream"}
    with capture_logs() as lines:
        response = await http.post("/graphql", json=body, headers=headers)
        assert response.text.endswith("event: complete\ndata:\n\n")
    assert [each[:2] for each in metered(lines)] == [("generationEvents", "SERVED")]


async def test_a_registered_name_is_what_it_is_metered_as(
    build: Build, key: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint: GraphQLEndpoint = build()
    monkeypatch.setattr(endpoint.services.clients, "_operations", frozenset({"Catalogue"}))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(endpoint), base_url="http://test"
    ) as http:
        with capture_logs() as lines:
            await send(http, key, query=f"query Catalogue {CANCERS}")
            await send(http, key, query=f"query Other {CANCERS}")
    assert [each[0] for each in metered(lines)] == ["Catalogue", "cancers"]


async def _until_complete(socket: Any, id_: str) -> None:
    while (message := await socket.receive())["type"] != "complete" or message["id"] != id_:
        assert message["type"] == "next", message
