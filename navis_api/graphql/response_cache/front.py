"""The short way: a whole request that was answered before is answered without being read.

Outside of everything else that the API does with a request. Its key is made of all that
the endpoint would look at, so what it finds is what the endpoint would say.
"""

import asyncio
from collections.abc import Collection, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from navis_api.audit.service import Origin
from navis_api.graphql.arriving import Replayed, arrived_message, is_whole
from navis_api.graphql.by_key.presented import is_key_in_address
from navis_api.graphql.context import Services
from navis_api.graphql.response_cache.cache import Reply, ResponseCache
from navis_api.graphql.response_cache.operations import SLOT, Slot, with_extensions
from navis_api.graphql.response_cache.validators import is_known
from navis_api.graphql.throttle.charging import Charge, Throttled
from navis_api.graphql.throttle.fields import NAMES as RATE_LIMIT_FIELDS
from navis_api.graphql.throttle.payer import payer_of
from navis_api.identity.viewer import ANONYMOUS
from navis_api.kit.raw_request import RAW_REQUEST, REQUEST_ID, is_request_id
from navis_api.metrics import ClientLabel

_LONGEST_BODY = 16_384
_SOON_S = 1.0
_UNUSUAL = frozenset({b"authorization", b"content-encoding", b"last-event-id"})
_OF_A_BODY = frozenset({b"content-type", b"content-length"})
_METHODS = {"GET": b"GET", "POST": b"POST"}
_REQUEST_ID = REQUEST_ID.encode()
_OF_ONE_REQUEST = frozenset({*RATE_LIMIT_FIELDS, _REQUEST_ID})
_NO_BODY: Message = {"type": "http.response.body", "body": b""}


class KnownRequests:
    """Answers what is known, and lets the application answer, and learns, what isn't."""

    def __init__(
        self, app: ASGIApp, cache: ResponseCache, services: Services, paths: Collection[str]
    ) -> None:
        throttle = services.throttle
        self._app = app
        self._cache = cache
        self._throttle = throttle
        self._clients = services.clients
        self._counts = services.metrics.kept
        self._is_free = throttle.spares_anonymous
        self._paths = {path: path.encode() for path in paths} if cache.max_bytes else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["path"] not in self._paths
            or scope["method"] not in _METHODS
            # What a key may have is looked at each time, and its partner pays.
            or is_key_in_address(scope)
        ):
            await self._app(scope, receive, send)
            return
        headers = scope["headers"]
        given: dict[bytes, bytes] = dict(headers)
        # Of a header that is given twice, who says which one the endpoint reads?
        if len(given) != len(headers) or not _UNUSUAL.isdisjoint(given):
            await self._app(scope, receive, send)
            return
        body = b""
        if scope["method"] == "POST":
            message = await _first_message(receive)
            if message is not None:
                receive = Replayed(message, receive)
            if message is None or not is_whole(message, _LONGEST_BODY):
                await self._app(scope, receive, send)
                return
            body = message.get("body", b"")
        request = self._cache.keys.of_request(
            _METHODS[scope["method"]],
            self._paths[scope["path"]],
            given.get(b"accept", b""),
            given.get(b"accept-language", b""),
            given.get(b"content-type", b""),
            scope["query_string"],
            body,
        )
        reply = self._cache.reply_to(request)
        if reply is None:
            await self._learn(request, scope, receive, send)
        else:
            await self._answer(reply, given, scope, receive, send)

    def response_to(self, request: bytes) -> bytes | None:
        """Return headers and body for the bytes of a request that was answered before.

        For servers that look here first. None: read it, and put the bytes into its scope.
        """
        if not self._paths:
            return None
        reply = self._cache.reply_to(self._cache.keys.of_wire(request))
        if reply is None:
            return None
        self._counts[reply.client] += 1
        return reply.wire

    async def _answer(
        self,
        reply: Reply,
        given: Mapping[bytes, bytes],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if not self._is_free:
            try:
                charge = self._charge(scope, reply)
            except Throttled:
                # Whoever would execute it says so.
                await self._app(scope, receive, send)
                return
            if reply.tells_balance:
                reply = _with_balance(reply, charge, self._throttle.fields(charge.payer))
        request_id = given.get(_REQUEST_ID)
        if request_id is not None and is_request_id(request_id):
            headers = [*reply.start["headers"], (_REQUEST_ID, request_id)]
            reply = Reply(reply.kept, {**reply.start, "headers": headers}, reply.body, reply.etag)
        client = self._clients.label_of_bytes(given)
        self._counts[client] += 1
        if_none_match = given.get(b"if-none-match")
        if if_none_match is not None and _is_unchanged(reply, if_none_match):
            await send(_not_modified(reply))
            await send(_NO_BODY)
        else:
            by_bytes = self._is_free and RAW_REQUEST in scope and request_id is None
            if by_bytes and if_none_match is None:
                self._cache.remember(
                    self._cache.keys.of_wire(scope[RAW_REQUEST]), _over_the_wire(reply, client)
                )
            await send(reply.start)
            await send(reply.body)

    def _charge(self, scope: Scope, reply: Reply) -> Charge:
        """Take what an answer from memory costs: as much as any other. Raises Throttled."""
        client = scope["client"]
        payer = payer_of(ANONYMOUS, Origin(client[0] if client else None, None))
        charge = self._throttle.charge(payer, reply.kept.requested)
        charge.settle(reply.kept.actual)
        return charge

    async def _learn(self, request: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        slot = Slot()
        scope[SLOT] = slot
        sent: list[Message] = []

        async def heard(message: Message) -> None:
            if slot.kept is not None:
                sent.append(message)
            await send(message)

        await self._app(scope, receive, heard)
        # Not 304, nor what came in pieces or was ended halfway.
        if slot.kept is None or len(sent) != 2 or sent[0]["status"] != 200:  # noqa: PLR2004 - a response is two messages, and 200 is HTTP's OK
            return
        start, body = sent
        # What whoever asked first had left, and which id the request had, is told to nobody else.
        own = [each for each in start["headers"] if each[0] not in _OF_ONE_REQUEST]
        start = {**start, "headers": own}
        tells_balance = not self._is_free and scope["method"] == "POST"
        if tells_balance or body["body"] == slot.kept.body:
            body = {"type": "http.response.body", "body": slot.kept.body}
        self._cache.remember(request, Reply(slot.kept, start, body, slot.etag, tells_balance))


async def _first_message(receive: Receive) -> Message | None:
    """Return the first message of a request; None where it takes its time.

    Who is given None has a limit of their own.
    """
    arrived = arrived_message(receive)
    if arrived is not None:
        return arrived
    try:
        async with asyncio.timeout(_SOON_S):
            return await receive()
    except TimeoutError:
        return None


def _is_unchanged(reply: Reply, if_none_match: bytes) -> bool:
    return reply.etag is not None and is_known(reply.etag, if_none_match.decode("latin-1"))


def _over_the_wire(reply: Reply, client: ClientLabel) -> Reply:
    lines = [b"%b: %b\r\n" % (name, value) for name, value in reply.start["headers"]]
    wire = b"%b\r\n%b" % (b"".join(lines), reply.body["body"])
    return Reply(reply.kept, reply.start, reply.body, reply.etag, wire=wire, client=client)


def _with_balance(reply: Reply, charge: Charge, fields: list[tuple[bytes, bytes]]) -> Reply:
    body = with_extensions(reply.kept.body, {"cost": charge.extension()})
    length = (b"content-length", b"%d" % len(body))
    headers = [
        length if name == b"content-length" else (name, value)
        for name, value in reply.start["headers"]
    ]
    start = {**reply.start, "headers": [*headers, *fields]}
    return Reply(reply.kept, start, {"type": "http.response.body", "body": body}, reply.etag)


def _not_modified(reply: Reply) -> Message:
    headers = [each for each in reply.start["headers"] if each[0] not in _OF_A_BODY]
    return {**reply.start, "status": 304, "headers": headers}
