"""Ids of requests: told to the client, and in every line of the log."""

import re

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from structlog.contextvars import get_contextvars

from navis_api.web.request_ids import RequestIds

UUID = "0b9e2c1a-9d1f-4a8e-b1a1-1f6d5e8e2f00"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    given = dict(scope["headers"])[b"x-request-id"]
    assert get_contextvars()["request_id"] == given.decode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": given})


async def answered(headers: dict[bytes, bytes]) -> tuple[str, str]:
    """The id as the client gets it, and as the application does."""
    transport = httpx.ASGITransport(RequestIds(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        reply = await client.get("/", headers=headers)
    return reply.headers["X-Request-Id"], reply.text


async def test_a_gateways_id_is_taken_up() -> None:
    assert await answered({b"X-Request-Id": UUID.encode()}) == (UUID, UUID)
    assert "request_id" not in get_contextvars()


@pytest.mark.parametrize("given", [None, "", "my-lump-hurts", "a" * 65, "deadbeef", "ü" * 20])
async def test_everybody_else_gets_one_of_ours(given: str | None) -> None:
    headers = {} if given is None else {b"X-Request-Id": given.encode()}
    told, known = await answered(headers)
    assert told == known
    assert re.fullmatch("[0-9a-f]{32}", told)
