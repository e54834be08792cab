"""A server that speaks `/v1/embeddings` as OpenAI documents it, and misbehaves when told to.

Its vectors count words in buckets, so that texts with words in common are near each other.
"""

import asyncio
import base64
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from navis_api.kit.text import words
from navis_api.sources.embedding.embedder import TextKind
from navis_api.sources.embedding.vectors import Vectors, unit

KEY = "sk-made-up"


def counted(texts: Sequence[str], dimensions: int = 64) -> Vectors:
    rows = np.zeros((len(texts), dimensions), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in words(text):
            row[zlib.crc32(word.encode()) % dimensions] += 1
    return rows


class CountingEmbedder:
    """An embedder in this process, with what it was given."""

    def __init__(self, model: str = "test:counting", *, dimensions: int = 64) -> None:
        self.model = model
        self.dimensions = dimensions
        self.texts: list[str] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:  # noqa: ARG002 - it counts words of both kinds alike
        if self.before is not None:
            await self.before()
        self.texts.extend(texts)
        return unit(counted(texts, self.dimensions))

    async def close(self) -> None:
        pass


Misbehaviour = Callable[[Request, dict[str, Any]], Awaitable[Response | None]]


class EmbeddingServer:
    """What it was asked, and what it does about it."""

    def __init__(self) -> None:
        self.url = ""
        self.forget()

    def forget(self) -> None:
        """Be as new."""
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.elsewhere: list[dict[str, str]] = []
        self.misbehave: list[Misbehaviour] = []
        self.as_base64 = False
        self.longest_chars: int | None = None

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/embeddings", self._embeddings, methods=["POST"]),
                Route("/elsewhere", self._elsewhere, methods=["GET", "POST"]),
            ]
        )

    async def _elsewhere(self, request: Request) -> Response:
        self.elsewhere.append(dict(request.headers))
        return JSONResponse({})

    async def _embeddings(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        if self.misbehave:
            response = await self.misbehave.pop(0)(request, body)
            if response is not None:
                return response
        if self.longest_chars and any(len(text) > self.longest_chars for text in body["input"]):
            return JSONResponse({"error": {"message": "too long", "code": None}}, 400)
        return JSONResponse(self.answer(body))

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        vectors = counted(body["input"])
        data = [
            {"object": "embedding", "index": index, "embedding": self._sent(vector)}
            for index, vector in enumerate(vectors)
        ]
        # The order isn't promised: the index says which is which.
        return {
            "object": "list",
            "data": data[::-1],
            "model": body["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }

    def _sent(self, vector: Vectors) -> object:
        if self.as_base64:
            return base64.b64encode(vector.astype("<f4").tobytes()).decode()
        return vector.tolist()


@asynccontextmanager
async def embedding_server() -> AsyncIterator[EmbeddingServer]:
    """Run one on a free port of this machine."""
    server = EmbeddingServer()
    config = uvicorn.Config(server.app(), port=0, log_config=None, access_log=False, lifespan="off")
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        running.should_exit = running.force_exit = True
        await task
