"""Requests as a careful client sends them: again for what may be tried again, and nothing else."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from bench.chaos.ledger import Ledger

_RETRIABLE = frozenset({"SERVICE_UNAVAILABLE", "THROTTLED", "SIGN_IN_UNAVAILABLE"})
_PATIENCE_S = 30.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0
_GIVE_UP_S = 180.0

Answer = TypeVar("Answer")


class TryAgain(Exception):
    """It may or may not have been done, and may be sent again."""


class GaveUp(Exception):
    """What should have worked at last didn't."""


class Caller:
    """Sends requests for one client, over connections that are kept."""

    def __init__(self, site: str, ledger: Ledger, *, token: str | None = None) -> None:
        self.site = site
        self._ledger = ledger
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(timeout=_PATIENCE_S, headers=headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def send(self, method: str, url: str, **given: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """Return a response that isn't a refusal for now. Raises TryAgain."""
        began = time.monotonic()
        self._ledger.under_way.append(began)
        try:
            reply = await self._client.request(method, url, **given)
        except httpx.ReadTimeout:
            self._ledger.broken(f"{method} got no response in {_PATIENCE_S:g} s")
            raise TryAgain from None
        except httpx.TransportError as lost:
            self._ledger.failed(type(lost).__name__, began=began)
            raise TryAgain from None
        finally:
            self._ledger.under_way.remove(began)
        self._ledger.took(began)
        if reply.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
            if "Retry-After" not in reply.headers:
                self._ledger.broken(f"{method}: {reply.status_code} without Retry-After")
            self._ledger.failed(str(reply.status_code), began=began)
            raise TryAgain
        if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._ledger.broken(f"{method} got {reply.status_code}", reply.text[:200])
            raise TryAgain
        return reply

    async def operate(self, query: str, **variables: object) -> dict[str, Any]:
        """Return an operation's data. Raises TryAgain."""
        began = time.monotonic()
        reply = await self.send(
            "POST", f"{self.site}/graphql", json={"query": query, "variables": variables}
        )
        body: dict[str, Any] = reply.json()
        errors: list[dict[str, Any]] = body.get("errors", [])
        if not errors:
            return body["data"]
        for error in errors:
            code = str(error.get("extensions", {}).get("code"))
            if code in _RETRIABLE:
                self._ledger.failed(code, began=began)
            else:
                words = " ".join(query.split("{", maxsplit=1)[0].split("(", maxsplit=1)[0].split())
                self._ledger.broken(f"{words}: an error that nobody can act on", error)
        raise TryAgain

    async def persist(self, send: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what `send` does when it works at last. Raises GaveUp when it never does."""
        pause_s, until = _FIRST_PAUSE_S, time.monotonic() + _GIVE_UP_S
        while True:
            try:
                return await send()
            except TryAgain:
                if time.monotonic() > until:
                    self._ledger.broken(f"nothing worked for {_GIVE_UP_S:g} s")
                    raise GaveUp from None
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def insist(self, query: str, **variables: object) -> dict[str, Any]:
        """Return an operation's data when it works at last. Raises GaveUp."""
        return await self.persist(lambda: self.operate(query, **variables))
