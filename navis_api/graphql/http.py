"""The endpoint: GraphQL over HTTP, server-sent events and WebSocket."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import cast

from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.unset import UNSET, UnsetType

from navis_api.answers.checking import ClaimChecker
from navis_api.asking.service import AskingService
from navis_api.audit.service import Origin
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.context import RequestContext, Services, StreamPosition
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.draining import Draining
from navis_api.graphql.errors import public_errors
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.negotiation import EVENT_STREAM, JSON, RESPONSE_JSON, Accepted, negotiate
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.request import (
    OperationRequest,
    RequestRefused,
    last_event_id,
    read_get,
    read_post,
)
from navis_api.graphql.responses import refusal_response, result_response
from navis_api.graphql.schema import schema
from navis_api.graphql.sse import EventStreamResponse
from navis_api.graphql.websocket import (
    CheckedWebSocket,
    TransportHandler,
    connection_authorization,
)
from navis_api.identity.errors import SignInUnavailable, TokenExpired, TokenInvalid
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import ANONYMOUS, Viewer
from navis_api.kit.clock import Clock
from navis_api.settings import Settings

MAX_SUBSCRIPTIONS = 100
"""Operations that may be open on one WebSocket at a time."""


def create_graphql_app(
    *,
    settings: Settings,
    database: Database,
    catalogue: CatalogueKeeper,
    tokens: TokenVerifier,
    generation_stream: GenerationStream,
    asking: AskingService,
    claim_checker: ClaimChecker,
    clock: Clock,
    draining: Draining,
) -> "GraphQLEndpoint":
    """Return the ASGI application to be mounted at /graphql, for HTTP and WebSocket."""
    services = Services(
        settings=settings,
        database=database,
        catalogue=catalogue,
        tokens=tokens,
        generation_stream=generation_stream,
        asking=asking,
        claim_checker=claim_checker,
        clock=clock,
        documents=DocumentReader(schema().core, DocumentLimits.of(settings)),
    )
    return GraphQLEndpoint(services, draining=draining)


class GraphQLEndpoint(GraphQL[RequestContext, None]):
    """One operation a request, or many on a WebSocket.

    GET is for queries, and always anonymous: what it returns is public, and no
    page can make a browser change anything or read what is somebody's own by it.
    """

    websocket_adapter_class = CheckedWebSocket  # pyright: ignore[reportAssignmentType] - Strawberry 0.341 types it as a callable
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(self, services: Services, *, draining: Draining) -> None:
        settings = services.settings
        super().__init__(
            schema(),
            graphql_ide=None,
            # The legacy protocol stays off (CVE-2026-35523).
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=settings.websocket_init_timeout_s),
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS,
            # Any page may connect: there are no cookies that it could misuse, and
            # partners' portals are other origins.
            allowed_origins=["*"],
        )
        self.services = services
        self.settings = settings
        self.draining = draining

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a connection."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive, send))
            return
        request = Request(scope, receive)
        accepted = negotiate(request.headers.get("accept"))
        try:
            response = await self._respond(request, accepted)
        except RequestRefused as refused:
            response = refusal_response(
                refused.status,
                refused.message,
                code=refused.code,
                media=accepted.json,
                headers=refused.headers,
            )
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request, accepted: Accepted) -> Response:
        """Return the response to one operation. Raises RequestRefused."""
        if request.method not in {"GET", "POST"}:
            raise _method_refused("GET, POST", "Use POST, or GET for queries.")
        if accepted.json is None and not accepted.event_stream:
            message = f"Accept `{RESPONSE_JSON}`, `{JSON}` or, for subscriptions, `{EVENT_STREAM}`."
            raise RequestRefused(406, message, code="NOT_ACCEPTABLE")
        viewer = await self._viewer(request)
        operation = await self._read(request)
        position = StreamPosition(resume_after=last_event_id(request))
        context = RequestContext(
            self.services, viewer=viewer, position=position, origin=_origin(request)
        )
        results = self._begin(operation, context)
        kind = context.document.kind(operation.operation_name) if context.document else None
        if request.method == "GET" and kind not in {OperationType.QUERY, None}:
            raise _method_refused("POST", "Use POST: GET is for queries.")
        if _is_streamed(kind, accepted):
            return EventStreamResponse(
                results,
                position=position,
                draining=self.draining,
                keepalive_s=self.settings.stream_keepalive_s,
            )
        async with aclosing(results):
            result = await anext(results)
        is_query = kind is OperationType.QUERY
        return result_response(result, media=accepted.json or JSON, is_query=is_query)

    async def _viewer(self, request: Request) -> Viewer:
        """Return who sends a request. Raises RequestRefused with 401 or 503."""
        if request.method == "GET":
            return ANONYMOUS
        try:
            return await self._verified(request.headers.get("authorization"))
        except (TokenExpired, TokenInvalid) as fault:
            raise RequestRefused(
                401, fault.message, code=fault.code, headers={"WWW-Authenticate": "Bearer"}
            ) from None
        except SignInUnavailable as fault:
            headers = {"Retry-After": str(fault.retry_after_s)}
            raise RequestRefused(503, fault.message, code=fault.code, headers=headers) from None

    async def _verified(self, authorization: str | None) -> Viewer:
        return await self.services.tokens.viewer_of(authorization, now=self.services.clock())

    async def _read(self, request: Request) -> OperationRequest:
        if request.method == "GET":
            return read_get(request)
        return await read_post(
            request,
            max_body_bytes=self.settings.max_body_bytes,
            body_timeout_s=self.settings.body_timeout_s,
        )

    def _begin(
        self, operation: OperationRequest, context: RequestContext
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Read the document, and return what will yield its results. Nothing is executed yet."""
        try:
            context.document = self.services.documents.read(operation.query)
        except OperationRefused as refused:
            return _only(PreExecutionError(data=None, errors=public_errors(refused.errors)))
        return self._results(operation, context)

    async def _results(
        self, operation: OperationRequest, context: RequestContext
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Yield the results of an operation, whatever its kind."""
        results = await self.schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=context,
            operation_name=operation.operation_name,
        )
        try:
            async for result in results:
                yield cast("ExecutionResult", result)
        finally:
            await results.aclose()

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002 - Strawberry's signature
    ) -> RequestContext:
        """Return the context of a WebSocket: nobody's, until it has introduced itself."""
        header = request.headers.get("authorization")
        return RequestContext(
            self.services, handshake_authorization=header, origin=_origin(request)
        )

    async def create_websocket_response(
        self, request: WebSocket, subprotocol: str | None
    ) -> WebSocket:
        """Accept a handshake."""
        await request.accept(subprotocol=subprotocol)
        return request

    async def on_ws_connect(self, context: RequestContext) -> UnsetType | dict[str, object] | None:
        """Find out who a WebSocket is for. Strawberry closes it with 4403 when it is refused.

        Raises SignInUnavailable when nobody can tell now.
        """
        try:
            context.viewer = await self._verified(connection_authorization(context))
        except (TokenExpired, TokenInvalid):
            raise ConnectionRejectionError from None
        return UNSET


def _origin(connection: Request | WebSocket) -> Origin:
    """Return where a request comes from, as the audit record keeps it."""
    address = connection.client.host if connection.client else None
    return Origin(address=address, request_id=connection.headers.get("x-request-id"))


async def _only(result: ExecutionResult) -> AsyncGenerator[ExecutionResult, None]:
    yield result


def _is_streamed(kind: OperationType | None, accepted: Accepted) -> bool:
    """Return whether the response is an event stream. Raises RequestRefused with 406.

    Clients that take JSON as well get queries as JSON: urql names the event
    stream with every request. One that takes nothing else gets everything so.
    """
    if kind is OperationType.SUBSCRIPTION and not accepted.event_stream:
        message = f"A subscription is streamed: send `Accept: {EVENT_STREAM}`, or use a WebSocket."
        raise RequestRefused(406, message, code="NOT_ACCEPTABLE")
    return kind is OperationType.SUBSCRIPTION or accepted.json is None


def _method_refused(allowed: str, message: str) -> RequestRefused:
    return RequestRefused(405, message, code="METHOD_NOT_ALLOWED", headers={"Allow": allowed})


__all__ = ["Draining", "GraphQLEndpoint", "create_graphql_app"]
