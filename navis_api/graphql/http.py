"""The endpoint: GraphQL over HTTP, server-sent events and WebSocket."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from time import perf_counter
from typing import cast

from graphql import OperationType
from graphql.execution import (
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType

from navis_api import tracing
from navis_api.db.hearing import hearing
from navis_api.graphql.addresses import check_method, check_operation
from navis_api.graphql.arriving import ArrivingRequest
from navis_api.graphql.by_key.cross_origin import CrossOrigin, is_preflight
from navis_api.graphql.compiled.queries import CompiledQueries
from navis_api.graphql.context import Handshake, RequestContext, Services, StreamPosition
from navis_api.graphql.execution import Execution
from navis_api.graphql.incremental.formats import FrameWriter
from navis_api.graphql.incremental.multipart import MultipartResponse
from navis_api.graphql.introductions import Introductions, origin_of
from navis_api.graphql.negotiation import EVENT_STREAM, JSON, RESPONSE_JSON, Accepted, negotiate
from navis_api.graphql.open_streams import OpenStreams, StreamLimits
from navis_api.graphql.operation import refused_result
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.request import (
    OperationRequest,
    RequestRefused,
    SentOperation,
    last_event_id,
    operation_in,
    read_body,
    read_get,
    require_json,
)
from navis_api.graphql.response_cache.operations import KeptOperations
from navis_api.graphql.response_cache.unchanged import Beginning, UnchangedResponses
from navis_api.graphql.responses import refusal_response, result_response
from navis_api.graphql.schema import schema
from navis_api.graphql.sse import EventStreamResponse
from navis_api.graphql.traced_execution import TracedExecution
from navis_api.graphql.usual import UsualHead, usual_head
from navis_api.graphql.websocket import CheckedWebSocket, TransportHandler
from navis_api.kit.draining import Draining
from navis_api.kit.languages import Language, preferred_language

MAX_SUBSCRIPTIONS = 100
"""Operations that may be open on one WebSocket at a time."""


class GraphQLEndpoint(GraphQL[RequestContext, None]):
    """One operation a request, or many on a WebSocket.

    GET is for queries, and always anonymous: what it returns is public, and no
    page can make a browser change anything or read what is somebody's own by it.
    Which operations come to which address is in `addresses`.
    """

    websocket_adapter_class = CheckedWebSocket  # pyright: ignore[reportAssignmentType] - Strawberry 0.341 types it as a callable
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(
        self,
        services: Services,
        kept: KeptOperations,
        unchanged: UnchangedResponses,
        *,
        draining: Draining,
    ) -> None:
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
        self.kept = kept
        self.unchanged = unchanged
        self.draining = draining
        self.introductions = Introductions(services)
        self.cross_origin = CrossOrigin(services.keys)
        compiled = CompiledQueries(schema(), services.metrics.compiled)
        # Chosen once, so that nobody pays for traces who has none.
        execution = TracedExecution if tracing.is_on() else Execution
        self.execution = execution(schema(), compiled if settings.compiled_queries else None)
        self.sockets = OpenStreams(StreamLimits(settings.max_sockets, settings.max_sockets_address))
        self.subscriptions = OpenStreams(
            StreamLimits(settings.max_subscriptions, settings.max_subscriptions_address)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a connection."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive, send))
            return
        request = ArrivingRequest(scope, receive)
        head = usual_head(scope, self.services.clients)
        accepted = head.accepted if head else negotiate(request.headers.get("accept"))
        try:
            response = (
                await self.cross_origin.preflight(request)
                if head is None and is_preflight(request)
                else await self._respond(request, accepted, head)
            )
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
        if head is None and "origin" in request.headers:
            send = await self.cross_origin.telling(request, send)
        await response(scope, receive, send)

    async def _respond(
        self, request: Request, accepted: Accepted, head: UsualHead | None
    ) -> Response:
        """Return the response to one operation. Raises RequestRefused."""
        began = perf_counter()
        if head is None:
            sent, context = await self._read_in_full(request, accepted)
            return await self._answered(request, accepted, sent, context, began=began)
        body = await self._body(request)
        beginning = self.unchanged.begin(head, body)
        if beginning is not None:
            response = await self.unchanged.response(beginning, head)
            if response is not None:
                self.services.metrics.took(OperationType.QUERY.value, perf_counter() - began)
                return response
        sent = operation_in(body)
        context = RequestContext(
            self.services,
            origin=head.origin,
            language=head.language,
            client=head.client,
            parts=accepted.parts,
        )
        return await self._answered(
            request, accepted, sent, context, began=began, beginning=beginning
        )

    async def _answered(
        self,
        request: Request,
        accepted: Accepted,
        sent: SentOperation,
        context: RequestContext,
        *,
        began: float,
        beginning: Beginning | None = None,
    ) -> Response:
        """Return the response to an operation that was read. Raises RequestRefused.

        With a `beginning` its result is kept, to be said again while it still holds.
        """
        resolved = await self._resolve(sent, context)
        kind = context.document.kind(sent.operation_name) if context.document else None
        if context.document is not None:
            check_operation(request, context.document, sent)
        if _is_streamed(kind, accepted):
            return EventStreamResponse(
                self.execution.results(resolved, context)
                if isinstance(resolved, OperationRequest)
                else _only(resolved),
                context,
                draining=self.draining,
                counted=self.subscriptions.one_more(context.payer),
            )
        media = accepted.json or JSON
        asked = self.kept.asked(request, resolved, context, media=media)
        found = asked.found() if asked is not None else None
        if found is not None:
            self.services.metrics.kept[context.client] += 1
            return self._telling_limit(found, context)
        if not isinstance(resolved, OperationRequest):
            result = resolved
        elif beginning is None:
            result = await self._executed(resolved, context)
        else:
            with hearing(again=beginning.again) as heard:
                result = await self._executed(resolved, context)
            self.unchanged.keep(beginning, sent, resolved, result, heard, context)
        if isinstance(result, Response):
            return result
        response = asked.answered(result) if asked is not None else None
        self.services.metrics.took(kind.value if kind else "unknown", perf_counter() - began)
        response = response or result_response(
            result, media=media, is_query=kind is OperationType.QUERY
        )
        return self._telling_limit(response, context)

    async def _read_in_full(
        self, request: Request, accepted: Accepted
    ) -> tuple[SentOperation, RequestContext]:
        """Return what a request sends, and what its head says. Raises RequestRefused."""
        check_method(request)
        if accepted.json is None and not accepted.event_stream and accepted.parts is None:
            message = f"Accept `{RESPONSE_JSON}`, `{JSON}` or, for subscriptions, `{EVENT_STREAM}`."
            raise RequestRefused(406, message, code="NOT_ACCEPTABLE")
        viewer = await self.introductions.of_request(request)
        sent = await self._read(request)
        return sent, RequestContext(
            self.services,
            viewer=viewer,
            position=StreamPosition(resume_after=last_event_id(request)),
            origin=origin_of(request),
            language=_language(request),
            client=self.services.clients.label_of(request.headers),
            parts=accepted.parts,
            # Others may keep what a GET gives, and it says nothing of who asked first. What is
            # given for a key, nobody keeps.
            shows_cost=request.method != "GET" or viewer.by_key is not None,
        )

    def _telling_limit(self, response: Response, context: RequestContext) -> Response:
        """Return a response that says what its payer has left, as its `extensions.cost` does."""
        if context.shows_cost:
            response.raw_headers += self.services.throttle.fields(context.payer)
        return response

    async def _executed(
        self, operation: OperationRequest, context: RequestContext
    ) -> ExecutionResult | MultipartResponse:
        """Return the result of an operation, or the response that brings it in parts."""
        compiled = await self.execution.at_once(operation, context)
        if compiled is not None:
            return compiled
        results = self.execution.by_and_by(operation, context)
        result = await anext(results)
        if isinstance(result, InitialIncrementalExecutionResult):
            assert context.parts is not None, "others were refused"
            rest = cast("AsyncGenerator[SubsequentIncrementalExecutionResult, None]", results)
            return MultipartResponse(result, rest, FrameWriter(context.parts, context.language))
        await results.aclose()
        return result

    async def _read(self, request: Request) -> SentOperation:
        if request.method == "GET":
            return read_get(request)
        require_json(request)
        return operation_in(await self._body(request))

    async def _body(self, request: Request) -> bytes:
        return await read_body(
            request,
            max_body_bytes=self.settings.max_body_bytes,
            body_timeout_s=self.settings.body_timeout_s,
        )

    async def _resolve(
        self, sent: SentOperation, context: RequestContext
    ) -> OperationRequest | ExecutionResult:
        """Return the operation with its text, its document read; or why it was refused."""
        try:
            self.services.throttle.require_some(context.payer)
            operation = await self.services.operations.resolve(sent)
            context.document = self.services.documents.read(operation.query)
        except OperationRefused as refused:
            return refused_result(context, refused)
        return operation

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002 - Strawberry's signature
    ) -> RequestContext:
        """Return the context of a WebSocket: nobody's, until it has introduced itself."""
        return RequestContext(
            self.services,
            handshake=Handshake(
                request.headers.get("authorization"), request.headers.get("origin")
            ),
            origin=origin_of(request),
            language=_language(request),
            client=self.services.clients.label_of(request.headers),
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
        context.viewer = await self.introductions.of_socket(context)
        return UNSET


def _language(connection: Request | WebSocket) -> Language:
    return preferred_language(connection.headers.get("accept-language"))


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
    takes_one = accepted.json is not None or accepted.parts is not None
    return kind is OperationType.SUBSCRIPTION or not takes_one
