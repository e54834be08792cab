"""Caches that follow HTTP to the letter and keep everything for as long as they may.

A clock is moved by the test. Source: RFC 9111 (4.2 freshness, 4.3 validation), RFC 5861
(`stale-while-revalidate`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

Headers = Mapping[str, str]


class Clock:
    """Seconds, which stand still until somebody moves them."""

    def __init__(self) -> None:
        self.now = 0.0


class Source(Protocol):
    async def get(self, path: str, headers: Headers | None = None) -> httpx.Response: ...


@dataclass
class Kept:
    response: httpx.Response
    kept_at: float
    age: float

    def age_at(self, now: float) -> float:
        return self.age + now - self.kept_at

    def lasts(self, directive: str) -> float | None:
        found = re.search(
            rf"(?:^|,)\s*{directive}=(\d+)", self.response.headers.get("cache-control", "")
        )
        return float(found[1]) if found else None

    def says(self, directive: str) -> bool:
        control = self.response.headers.get("cache-control", "")
        return directive in [each.strip() for each in control.split(",")]


class Cache:
    """A cache before another, or before the server. A shared one serves many."""

    def __init__(self, clock: Clock, source: Source, *, shared: bool) -> None:
        self._clock = clock
        self._source = source
        self._shared = shared
        self._kept: dict[str, Kept] = {}

    async def get(self, path: str, headers: Headers | None = None) -> httpx.Response:
        """Return what is kept for as long as that is allowed, and then what the source has."""
        kept = self._kept.get(path)
        if kept is None:
            return self._given(await self._fetch(path), headers)
        over = kept.age_at(self._clock.now) - self._lifetime(kept)
        if over < 0:
            return self._given(kept, headers)
        if not kept.says("no-cache") and over < (kept.lasts("stale-while-revalidate") or 0):
            stale = self._given(kept, headers)
            await self._fetch(path)
            return stale
        return self._given(await self._fetch(path), headers)

    def _lifetime(self, kept: Kept) -> float:
        if kept.says("no-cache"):
            return 0
        shared = kept.lasts("s-maxage") if self._shared else None
        return (kept.lasts("max-age") or 0) if shared is None else shared

    async def _fetch(self, path: str) -> Kept:
        before = self._kept.pop(path, None)
        tag = before.response.headers.get("etag") if before else None
        response = await self._source.get(path, {"If-None-Match": tag} if tag else {})
        age = float(response.headers.get("age", 0))
        if response.status_code == 304 and before is not None:
            headers = {**dict(before.response.headers), **dict(response.headers)}
            headers.pop("content-length", None)
            response = httpx.Response(200, headers=headers, content=before.response.content)
        found = Kept(response, self._clock.now, age)
        if response.status_code == 200 and not found.says("no-store"):
            self._kept[path] = found
        return found

    def _given(self, kept: Kept, headers: Headers | None) -> httpx.Response:
        told = dict(kept.response.headers)
        told.pop("content-length", None)
        told["age"] = str(int(kept.age_at(self._clock.now)))
        tag = (headers or {}).get("If-None-Match")
        if tag is not None and tag == told.get("etag"):
            return httpx.Response(304, headers=told)
        return httpx.Response(
            kept.response.status_code, headers=told, content=kept.response.content
        )


class Visitor:
    """Somebody who opens a page again and again, with a browser's cache of their own."""

    def __init__(self, clock: Clock, source: Source, path: str) -> None:
        self._cache = Cache(clock, source, shared=False)
        self._path = path
        self.seen = ""

    async def look(self) -> None:
        self.seen = (await self._cache.get(self._path)).text


class OpenPage:
    """Somebody who leaves a page open: its script asks past the browser's cache (`frame.js`)."""

    def __init__(self, clock: Clock, source: Source, path: str) -> None:
        self._cache = Cache(clock, source, shared=False)
        self._source = source
        self._path = path
        self._version = ""
        self.seen = ""

    async def open(self) -> None:
        self._show(await self._cache.get(self._path))

    async def look(self) -> None:
        if not self.seen:
            await self.open()
            return
        found = await self._source.get(self._path)
        if found.headers.get("x-navis-version", "") != self._version:
            # A reload asks again, whatever the browser has.
            self._show(await self._source.get(self._path))

    def _show(self, response: httpx.Response) -> None:
        self._version = response.headers.get("x-navis-version", "")
        self.seen = response.text


class Server:
    """The server itself, as a source. `changed` may rewrite its headers."""

    def __init__(
        self,
        site: httpx.AsyncClient,
        changed: Callable[[httpx.Response], httpx.Response] = lambda same: same,
    ) -> None:
        self._site = site
        self._changed = changed
        self.asked = 0

    async def get(self, path: str, headers: Headers | None = None) -> httpx.Response:
        self.asked += 1
        return self._changed(await self._site.get(path, headers=dict(headers or {})))
