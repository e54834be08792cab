"""Embeddings of a server that speaks OpenAI's `/v1/embeddings`: hosted, or one of your own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
import numpy as np
import orjson
from pydantic import SecretStr

from navis_api.kit.clock import Clock, utc_now
from navis_api.sources.embedding.answer import read_answer
from navis_api.sources.embedding.embedder import (
    EmbedderOutOfReach,
    EmbedderRefused,
    EmbeddingsInvalid,
    TextKind,
)
from navis_api.sources.embedding.vectors import Vectors, unit

_ATTEMPTS = 4
_FIRST_WAIT_S = 0.5
# Whoever is told to wait longer than this gives up and tells the caller how long.
_LONGEST_WAIT_S = 20.0
# A person waits for a query's vector, and full text can do without.
_QUERY_TIMEOUT_S = 3.0
# 2,048 vectors of 3,072 dimensions as text take 130 MB: more than that is no answer to us.
_MAX_ANSWER_BYTES = 160 * 1024 * 1024
# Servers say in one of these ways that a text is longer than their model reads.
_TOO_LONG = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
_SHORTEST_CHARS = 250


class OpenAIEmbedder:
    """Asks the server for some texts at a time."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        api_key: SecretStr | None,
        batch_size: int,
        timeout_s: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Clock = utc_now,
    ) -> None:
        self._url = url.rstrip("/") + "/embeddings"
        self._name = model
        self._batch_size = batch_size
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._clock = clock
        headers = {"Authorization": f"Bearer {api_key.get_secret_value()}"} if api_key else {}
        # A redirect is refused like any other answer: it could carry the key to somebody else.
        self._client = httpx.AsyncClient(headers=headers, follow_redirects=False, timeout=timeout_s)

    @property
    def model(self) -> str:
        """The server's name of the model."""
        return f"openai:{self._name}"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        """Return one row a text (see `Embedder`).

        A text that is too long for the model is embedded by its beginning. Raises
        EmbedderOutOfReach, EmbedderRefused, EmbeddingsInvalid.
        """
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        parts = [
            await self._embed_or_shorten(texts[at : at + self._batch_size], kind=kind)
            for at in range(0, len(texts), self._batch_size)
        ]
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbeddingsInvalid("vectors have different lengths")
        return unit(np.concatenate(parts))

    async def _embed_or_shorten(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        try:
            return await self._embed(texts, kind=kind)
        except EmbedderRefused as refused:
            if refused.status not in _TOO_LONG:
                raise
            if len(texts) == 1:
                shorter = texts[0][: len(texts[0]) // 2]
                if len(shorter) < _SHORTEST_CHARS:
                    raise
                return await self._embed_or_shorten([shorter], kind=kind)
        half = len(texts) // 2
        first = await self._embed_or_shorten(texts[:half], kind=kind)
        second = await self._embed_or_shorten(texts[half:], kind=kind)
        if first.shape[1] != second.shape[1]:
            raise EmbeddingsInvalid("vectors have different lengths")
        return np.concatenate([first, second])

    async def _embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        """Ask for these texts at once, again where that may help."""
        body = {"model": self._name, "input": list(texts), "encoding_format": "float"}
        request = orjson.dumps(body)
        waiting = kind is TextKind.QUERY
        timeout_s = min(self._timeout_s, _QUERY_TIMEOUT_S) if waiting else self._timeout_s
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                async with asyncio.timeout(timeout_s):
                    answer = await self._ask(request)
                return await asyncio.to_thread(read_answer, answer, count=len(texts))
            except EmbedderOutOfReach as failed:
                asked_s, last = failed.retry_after_s, failed
            except TimeoutError:
                asked_s, last = None, EmbedderOutOfReach("The embeddings server took too long.")
            wait_s = _FIRST_WAIT_S * 2 ** (attempt - 1) if asked_s is None else asked_s
            if waiting or attempt == _ATTEMPTS or wait_s > _LONGEST_WAIT_S:
                raise last from None
            await self._sleep(wait_s)
        raise AssertionError  # the last attempt returns or raises

    async def _ask(self, request: bytes) -> bytes:
        try:
            async with self._client.stream(
                "POST", self._url, content=request, headers={"Content-Type": "application/json"}
            ) as response:
                self._require_answer(response)
                answer = bytearray()
                async for chunk in response.aiter_bytes():
                    answer += chunk
                    if len(answer) > _MAX_ANSWER_BYTES:
                        raise EmbeddingsInvalid("it has no end")
        except httpx.HTTPError as failure:
            # Its text may hold the address, with a password in it.
            raise EmbedderOutOfReach(
                f"The embeddings server can't be reached ({type(failure).__name__})."
            ) from None
        return bytes(answer)

    def _require_answer(self, response: httpx.Response) -> None:
        """Raise what a status that is no success means."""
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise EmbedderOutOfReach(
                f"The embeddings server is busy or broken (HTTP status {status}).",
                retry_after_s=_retry_after_s(response.headers.get("Retry-After"), self._clock()),
            )
        if status != HTTPStatus.OK:
            raise EmbedderRefused(status)


def _retry_after_s(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
