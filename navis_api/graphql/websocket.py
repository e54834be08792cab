"""Operations over a WebSocket: graphql-transport-ws, with every message checked before it is used.

Source: GraphQL over WebSocket protocol (graphql-ws, PROTOCOL.md). Strawberry's
handler takes messages on trust: one of another form ends it with a KeyError or a
TypeError, and a close reason of more than 123 bytes with an error of the server's
(Strawberry 0.341).
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any, Protocol, cast

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected as Disconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)

from navis_api.graphql.context import RequestContext
from navis_api.graphql.draining import Draining
from navis_api.graphql.plain_text import is_usable
from navis_api.graphql.refusals import refusal
from navis_api.graphql.request import RequestRefused, operation_of, parse_json
from navis_api.graphql.responses import encode
from navis_api.identity.errors import SignInUnavailable
from navis_api.settings import Settings
from navis_api.telemetry import describe_failure

BAD_MESSAGE = 4400
TOO_LARGE = 1009
GOING_AWAY = 1001
"""Clients of this protocol connect again after it, as they do not after codes from 4400 on."""
TRY_AGAIN_LATER = 1013
"""Clients connect again after it as well (IANA, WebSocket Close Code Number Registry)."""

TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"
_RESUME = "Restarting: connect again and resume with `after`"
_NO_SIGN_IN = "Signing in doesn't work at the moment: try again later"
_MAX_REASON_BYTES = 123
_MAX_ID_CHARS = 100
_TYPES = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})

_log = structlog.get_logger(__name__)


class MessageRefused(Exception):
    """A message that is not one of the protocol. Its text is the reason for closing."""


def _message(text: str) -> dict[str, Any]:
    """Return a message of the protocol. Raises MessageRefused."""
    try:
        message = parse_json(text, what="The message")
    except RequestRefused:
        raise MessageRefused("The message is not valid JSON") from None
    if not isinstance(message, dict):
        raise MessageRefused("A message is a JSON object")
    checked = cast("dict[str, Any]", message)
    type_ = checked.get("type")
    if not isinstance(type_, str) or type_ not in _TYPES:
        raise MessageRefused("The message has no known type")
    if type_ in {"subscribe", "complete"}:
        id_ = checked.get("id")
        if not isinstance(id_, str) or not 1 <= len(id_) <= _MAX_ID_CHARS or not is_usable(id_):
            raise MessageRefused(f"A message's id has 1 to {_MAX_ID_CHARS} characters")
    if type_ == "subscribe":
        checked["payload"] = _operation(checked.get("payload"))
    return checked


def _operation(payload: object) -> dict[str, Any]:
    try:
        operation = operation_of(payload)
    except RequestRefused as refused:
        raise MessageRefused(refused.message) from None
    return {
        "query": operation.query,
        "variables": operation.variables,
        "operationName": operation.operation_name,
    }


class _Endpoint(Protocol):
    """The view that serves the connection."""

    settings: Settings
    draining: Draining


class CheckedWebSocket(ASGIWebSocketAdapter):
    """Gives the handler only messages that it can take, and closes with reasons that fit."""

    ws: WebSocket

    def __init__(self, view: Any, request: WebSocket, response: WebSocket) -> None:  # noqa: ANN401 - Strawberry's views have seven type parameters
        super().__init__(view, request, response)  # pyright: ignore[reportUnknownMemberType]
        self._max_message_chars = cast("_Endpoint", view).settings.max_body_bytes

    async def iter_json(
        self,
        *,
        ignore_parsing_errors: bool = False,  # noqa: ARG002 - of the legacy protocol
    ) -> AsyncGenerator[object, None]:
        """Yield messages until the connection ends or brings one that is refused."""
        try:
            while True:
                event = await self.ws.receive()
                if event["type"] == "websocket.disconnect":
                    return
                text: str | None = event.get("text")
                if text is None:
                    await self.close(BAD_MESSAGE, "Messages are text")
                    return
                if len(text) > self._max_message_chars:
                    await self.close(TOO_LARGE, "The message is too large")
                    return
                yield _message(text)
        except MessageRefused as refused:
            await self.close(BAD_MESSAGE, str(refused))
        except (WebSocketDisconnect, WebSocketDisconnected):
            return

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message. Raises Strawberry's WebSocketDisconnected when nobody is there."""
        try:
            await self.ws.send_text(encode(message).decode())
        # RuntimeError: we have closed the connection ourselves meanwhile.
        except (WebSocketDisconnect, RuntimeError) as gone:
            raise Disconnected from gone

    async def close(self, code: int, reason: str) -> None:
        """Close the connection, once."""
        short = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.ws.close(code=code, reason=short)


class TransportHandler(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """Strawberry's handler, which also says goodbye before the process stops."""

    async def handle(self) -> None:
        """Serve the connection until it ends."""
        draining = cast("_Endpoint", self.view).draining

        async def say_goodbye() -> None:
            await draining.wait()
            await self.websocket.close(GOING_AWAY, _RESUME)

        goodbye = asyncio.create_task(say_goodbye())
        try:
            await super().handle()
        finally:
            goodbye.cancel()

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Take an introduction, or ask for it later when nobody can tell whose it is."""
        try:
            await super().handle_connection_init(message)
        except SignInUnavailable:
            await self.websocket.close(TRY_AGAIN_LATER, _NO_SIGN_IN)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, unless too many are open already."""
        most = self.max_subscriptions_per_connection
        if self.connection_acknowledged and most is not None and len(self.operations) >= most:
            error = refusal(
                f"A connection may have {most} operations open at a time. Complete some first.",
                code=TOO_MANY_SUBSCRIPTIONS,
            )
            await self.send_message(
                {"id": message["id"], "type": "error", "payload": [error.formatted]}
            )
            return
        await super().handle_subscribe(message)

    async def handle_task_exception(self, error: Exception) -> None:
        """Log where an operation failed, and not what it was about."""
        _log.error("graphql.websocket_failed", failure=describe_failure(error))


def connection_authorization(context: RequestContext) -> str | None:
    """Return the credentials of a connection: those in connection_init, else of the handshake.

    Raises ConnectionRejectionError when what stands in connection_init is no text.
    """
    given = (context.connection_params or {}).get("authorization")
    if given is None:
        return context.handshake_authorization
    if not isinstance(given, str):
        raise ConnectionRejectionError
    return given
