"""Introspection and suggestions, by setting, over both transports."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.graphql.client import Client
from tests.graphql.socket_client import open_socket

SCHEMA = "{ __schema { queryType { name } } }"
TYPE = '{ __type(name: "Answer") { name } }'
MISSPELT = "{ viewr { kind } }"


async def over_http(url: str, query: str) -> dict[str, Any]:
    async with httpx.AsyncClient() as http:
        return await Client(http, url).run(query)


async def over_websocket(url: str, query: str) -> dict[str, Any]:
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(query)
        answer = await socket.receive()
    return answer["payload"] if answer["type"] == "next" else {"errors": answer["payload"]}


@pytest.mark.parametrize("run", [over_http, over_websocket])
async def test_what_is_switched_off_says_nothing_of_the_schema(
    serve: Callable[..., Any], run: Callable[..., Any]
) -> None:
    url = await serve(introspection=False, suggestions=False)
    refused = (await run(url, SCHEMA))["errors"][0]
    assert refused["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert (await run(url, TYPE))["data"] == {"__type": None}
    misspelt = (await run(url, MISSPELT))["errors"][0]
    assert misspelt["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in misspelt["message"]


@pytest.mark.parametrize("run", [over_http, over_websocket])
async def test_development_helps_whoever_writes_queries(
    serve: Callable[..., Any], run: Callable[..., Any]
) -> None:
    url = await serve()
    assert (await run(url, SCHEMA))["data"]["__schema"]["queryType"] == {"name": "Query"}
    assert (await run(url, TYPE))["data"] == {"__type": {"name": "Answer"}}
    assert "Did you mean 'viewer'?" in (await run(url, MISSPELT))["errors"][0]["message"]
