"""Operations over a WebSocket: graphql-transport-ws, with every message checked before it is used.

Source: GraphQL over WebSocket protocol (graphql-ws, PROTOCOL.md). Strawberry's
handler takes messages on trust: one of another form ends it with a KeyError or a
TypeError, and a close reason of more than 123 bytes with an error of the server's
(Strawberry 0.341).
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any, Protocol, cast

import structlog
from graphql import GraphQLError
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
from navis_api.graphql.open_streams import OpenStreams, TooManyStreams
from navis_api.graphql.operation import refused_result
from navis_api.graphql.plain_text import is_usable
from navis_api.graphql.refusals import TOO_MANY_SUBSCRIPTIONS, OperationRefused, refusal
from navis_api.graphql.request import RequestRefused, operation_of, parse_json
from navis_api.graphql.responses import encode
from navis_api.identity.errors import SignInUnavailable
from navis_api.identity.viewer import ANONYMOUS
from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from navis_api.telemetry import describe_failure

# Clients give up after these (graphql-ws 6.4, shouldRetryConnectOrThrow)…
BAD_MESSAGE = 4400
INIT_TWICE = 4429
TOO_LARGE = 1009
# … and connect again after these; after 4403 with the token that they have by then.
FORBIDDEN = 4403
INIT_TIMEOUT = 4408
SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013

_RESTARTING = "Restarting: connect again and resume with `after`"
_EXPIRED = "The token has expired: sign in again, connect again and resume with `after`"
_KEY_ENDED = "The key was revoked or has expired: connect again with another"
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
        "sent": operation,
        # Until it is resolved, no text is one that may be executed.
        "query": "",
        "variables": operation.variables,
        "operationName": operation.operation_name,
    }


class _Endpoint(Protocol):
    """The view that serves the connection."""

    settings: Settings
    draining: Draining
    sockets: OpenStreams
    subscriptions: OpenStreams


class CheckedWebSocket(ASGIWebSocketAdapter):
    """Gives the handler only messages that it can take, and closes with reasons that fit.

    Messages go out one after the other: while a client takes nothing, one waits to
    be sent, and the operations that have another wait for their turn with it.
    """

    ws: WebSocket

    def __init__(self, view: Any, request: WebSocket, response: WebSocket) -> None:  # noqa: ANN401 - Strawberry's views have seven type parameters
        super().__init__(view, request, response)  # pyright: ignore[reportUnknownMemberType]
        self._max_message_chars = cast("_Endpoint", view).settings.max_body_bytes
        self._sending = asyncio.Lock()

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
            async with self._sending:
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
    """Strawberry's handler, within limits and with an end, and with no task but for operations."""

    async def handle(self) -> None:
        """Serve the connection until it ends."""
        view = cast("_Endpoint", self.view)
        self._closing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        with ExitStack() as self._place, ExitStack() as self._watched:
            try:
                self._take_place()
            except TooManyStreams as refused:
                await self.websocket.close(TRY_AGAIN_LATER, _too_many_sockets(refused))
                return
            try:
                with view.draining.telling(lambda: self._close_soon(SERVICE_RESTART, _RESTARTING)):
                    await super().handle()
            finally:
                self._stop_timer()

    def on_request_accepted(self) -> None:
        """Wait for the introduction, but not for ever."""
        patience_s = self.connection_init_wait_timeout.total_seconds()
        self._timer = asyncio.get_running_loop().call_later(
            patience_s, self._close_soon, INIT_TIMEOUT, "Connection initialisation timeout"
        )

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Take an introduction, or ask for it later when nobody can tell whose it is."""
        payload: object = message.get("payload", {})
        if not isinstance(payload, dict):
            await self.websocket.close(BAD_MESSAGE, "Invalid connection init payload")
            return
        if self.connection_init_received:
            await self.websocket.close(INIT_TWICE, "Too many initialisation requests")
            return
        self.connection_init_received = True
        self._stop_timer()
        self.context.connection_params = cast("dict[str, Any]", payload)
        try:
            await self.view.on_ws_connect(self.context)
            if self.context.viewer != ANONYMOUS:
                self._take_place()
            self._watched.enter_context(self._watching_key())
        except ConnectionRejectionError:
            await self.websocket.close(FORBIDDEN, "Forbidden")
        except SignInUnavailable:
            await self.websocket.close(TRY_AGAIN_LATER, _NO_SIGN_IN)
        except TooManyStreams as refused:
            await self.websocket.close(TRY_AGAIN_LATER, _too_many_sockets(refused))
        else:
            await self.send_message({"type": "connection_ack"})
            self.connection_acknowledged = True
            self._end_with_the_token()

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, unless too many are open already."""
        id_ = message["id"]
        if not self.connection_acknowledged or id_ in self.operations:
            await super().handle_subscribe(message)
            return
        most = self.max_subscriptions_per_connection
        try:
            if most is not None and len(self.operations) >= most:
                raise TooManyStreams(most)  # noqa: TRY301 - refused as the next are
            with ExitStack() as place:
                place.enter_context(
                    cast("_Endpoint", self.view).subscriptions.one_more(self.context.payer)
                )
                await self._resolve(message)
                await super().handle_subscribe(message)
                held = place.pop_all()
        except TooManyStreams as refused:
            await self._send_errors(id_, [_too_many_operations(refused)])
        except OperationRefused as refused:
            await self._send_errors(id_, refused_result(self.context, refused).errors or [])
        else:
            task: asyncio.Task[None] = self.operations[id_].task  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAssignmentType]
            # However it ends, also when it is cancelled before it has begun.
            task.add_done_callback(lambda _: held.close())

    async def handle_task_exception(self, error: Exception) -> None:
        """Log where an operation failed, and not what it was about."""
        _log.error("graphql.websocket_failed", failure=describe_failure(error))

    def _take_place(self) -> None:
        """Count the connection as its viewer's, and no more as the address's that it came from.

        Raises TooManyStreams.
        """
        place = ExitStack()
        place.enter_context(cast("_Endpoint", self.view).sockets.one_more(self.context.payer))
        self._place.close()
        self._place.push(place)

    def _watching_key(self) -> AbstractContextManager[None]:
        """Return a block in whose time the connection is closed when its key ends."""
        return self.context.services.key_watch.watching(
            self.context.viewer, lambda: self._close_soon(FORBIDDEN, _KEY_ENDED)
        )

    async def _resolve(self, message: SubscribeMessage) -> None:
        """Put the text of the operation in. Raises OperationRefused."""
        payload = cast("dict[str, Any]", message["payload"])
        operation = await self.context.services.operations.resolve(payload["sent"])
        payload["query"] = operation.query

    async def _send_errors(self, id_: str, errors: Sequence[GraphQLError]) -> None:
        payload = [error.formatted for error in errors]
        await self.send_message({"id": id_, "type": "error", "payload": payload})

    def _end_with_the_token(self) -> None:
        """Close the connection when the token expires, whichever way our clock is moved."""
        left_s = self.context.viewer.seconds_left(self.context.now)
        if left_s == math.inf:
            return
        if left_s <= 0:
            self._close_soon(FORBIDDEN, _EXPIRED)
            return
        every_s = self.context.services.settings.stream_keepalive_s
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(min(left_s, every_s), self._end_with_the_token)

    def _close_soon(self, code: int, reason: str) -> None:
        # The task is kept, or it might be collected before it is done.
        self._closing = asyncio.create_task(self.websocket.close(code, reason))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _too_many_operations(refused: TooManyStreams) -> GraphQLError:
    return refusal(
        f"{refused.most} operations may be open at a time. Complete some first.",
        code=TOO_MANY_SUBSCRIPTIONS,
        maximum=refused.most,
    )


def _too_many_sockets(refused: TooManyStreams) -> str:
    return f"{refused.most} connections may be open at a time: close some, and try again later"


def connection_authorization(context: RequestContext) -> str | None:
    """Return the credentials of a connection: those in connection_init, else of the handshake.

    Raises ConnectionRejectionError when what stands in connection_init is no text.
    """
    given = (context.connection_params or {}).get("authorization")
    if given is None:
        return context.handshake.authorization if context.handshake else None
    if not isinstance(given, str):
        raise ConnectionRejectionError
    return given
