"""The generation service over HTTP: a request in, an answer out piece by piece."""

import asyncio
import hmac
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.generation.contract import Engine
from navis_api.generation.http.piece_stream import PieceStream, StreamLimits
from navis_api.generation.http.problems import RequestRefused, fields_wrong
from navis_api.generation.http.stopping import Stopping
from navis_api.generation.http.wire import GENERATE_PATH, WireRequest, request_of

_log = structlog.get_logger(__name__)

RETRY_AFTER_S = 2


class GenerationServer:
    """Serves one engine to whoever has the token, some at a time."""

    def __init__(
        self,
        engine: Engine,
        *,
        token: SecretStr | None,
        limits: StreamLimits,
        max_body_bytes: int,
        body_timeout_s: float,
        max_concurrent: int,
        stopping: Stopping,
    ) -> None:
        self._engine = engine
        self._token = token.get_secret_value().encode() if token else None
        self._limits = limits
        self._max_body_bytes = max_body_bytes
        self._body_timeout_s = body_timeout_s
        self._slots = asyncio.Semaphore(max_concurrent)
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """Return the route of the contract."""
        return [Route(GENERATE_PATH, self.generate, methods=["POST"])]

    async def generate(self, request: Request) -> Response:
        """Begin an answer. Raises RequestRefused."""
        self._require_token(request.headers)
        _require_json(request.headers)
        body = await self._read(request)
        try:
            asked = WireRequest.model_validate_json(body)
        except ValidationError as invalid:
            raise fields_wrong(invalid) from None
        if asked.engine not in {None, self._engine.name}:
            raise RequestRefused(
                HTTPStatus.CONFLICT,
                "OTHER_ENGINE",
                f"Answers are written by the engine `{self._engine.name}` here.",
            )
        self._require_room()
        generation, written = request_of(asked)
        return PieceStream(
            self._engine,
            generation,
            written,
            slots=self._slots,
            limits=self._limits,
            stopping=self._stopping,
        )

    def _require_token(self, headers: Mapping[str, str]) -> None:
        if self._token is None:
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if scheme.lower() != "bearer" or not right:
            raise RequestRefused(
                HTTPStatus.UNAUTHORIZED,
                "UNAUTHORIZED",
                "Send the secret of NAVIS_GENERATION_TOKEN as `Authorization: Bearer …`.",
                headers={"WWW-Authenticate": "Bearer"},
            )

    def _require_room(self) -> None:
        """Raise RequestRefused while stopping, or while as many are written as may be."""
        if not self._stopping.begun and not self._slots.locked():
            return
        code = "STOPPING" if self._stopping.begun else "BUSY"
        _log.info("generation_server.refused", code=code)
        raise RequestRefused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            code,
            "No further answer can be begun now. Try again a little later.",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )

    async def _read(self, request: Request) -> bytes:
        """Return the body, counted as it arrives."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_timeout_s):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._max_body_bytes:
                        raise RequestRefused(
                            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                            "PAYLOAD_TOO_LARGE",
                            f"The body is longer than {self._max_body_bytes} bytes.",
                            headers={"Connection": "close"},
                        )
        except TimeoutError:
            raise RequestRefused(
                HTTPStatus.REQUEST_TIMEOUT,
                "REQUEST_TIMEOUT",
                "The body took too long to arrive.",
                headers={"Connection": "close"},
            ) from None
        return bytes(body)


def _require_json(headers: Mapping[str, str]) -> None:
    # Also keeps pages that a developer visits from asking a server on the same machine.
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if media != "application/json" or encoding != "identity":
        raise RequestRefused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the request as `Content-Type: application/json`, without compression.",
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
