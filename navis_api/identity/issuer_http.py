"""Asking an identity provider over HTTP: bounded in time and size, and never sent elsewhere."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import httpx
import orjson

from navis_api.identity.errors import IssuerOutOfReach

MAX_ANSWER_BYTES = 256 * 1024
"""A hundred keys with their certificates are less."""

# What is announced compressed may be a thousand times as long as what was counted.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class IssuerAnswer:
    """A JSON object, and what came with it."""

    status: int
    body: Mapping[str, Any]
    cache_control: str


class IssuerHttp:
    """Sends requests, each over a connection of its own: they are minutes apart."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._tls = httpx.create_ssl_context()

    async def get(self, url: str) -> IssuerAnswer:
        """Return the JSON object at an address. Raises IssuerOutOfReach."""
        answer = await self._send(httpx.Request("GET", url, headers=_HEADERS))
        if answer.status != HTTPStatus.OK:
            raise IssuerOutOfReach(f"HTTP status {answer.status}")
        return answer

    async def post_form(
        self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str]
    ) -> IssuerAnswer:
        """Return the JSON object that answers a form, good or bad. Raises IssuerOutOfReach."""
        request = httpx.Request("POST", url, data=dict(form), headers={**_HEADERS, **headers})
        return await self._send(request)

    async def _send(self, request: httpx.Request) -> IssuerAnswer:
        try:
            # httpx's own limit is one of silence: a drop every second would go on for ever.
            async with asyncio.timeout(self._timeout_s):
                return await self._answer(request)
        except TimeoutError:
            raise IssuerOutOfReach("it takes too long") from None
        except httpx.HTTPError as failure:
            # Its text may hold the address.
            raise IssuerOutOfReach(type(failure).__name__) from None

    async def _answer(self, request: httpx.Request) -> IssuerAnswer:
        client = httpx.AsyncClient(
            # A redirect is refused like any other answer: nobody has named where it leads.
            follow_redirects=False,
            timeout=self._timeout_s,
            verify=self._tls,
        )
        async with client:
            response = await client.send(request, stream=True)
            async with aclosing(response):
                body = await _bounded(response)
        return IssuerAnswer(
            response.status_code, _object(body), response.headers.get("Cache-Control", "")
        )


async def _bounded(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise IssuerOutOfReach("its answer is compressed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise IssuerOutOfReach("its answer is too long")
    return bytes(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise IssuerOutOfReach("its answer is not JSON") from None
    if not isinstance(found, dict):
        raise IssuerOutOfReach("its answer is no object")
    return cast("dict[str, Any]", found)
