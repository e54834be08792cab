"""A span for each HTTP request: the route as it is declared, never the address that was sent."""

from collections.abc import Collection
from typing import Any, Final

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from navis_api.tracing import TRACEPARENT, Attribute, failed, span

_HEADER: Final = TRACEPARENT.encode()
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"
_SERVER_ERROR: Final = 500


class TracedRequests:
    """Stands before an application, where traces are written, and nowhere else.

    `ahead` are paths that are served without a router.
    """

    def __init__(self, app: ASGIApp, *, ahead: Collection[str] = ()) -> None:
        self._app = app
        self._ahead = frozenset(ahead)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        traceparent = next((value for name, value in scope["headers"] if name == _HEADER), b"")
        with span(
            method,
            {Attribute.METHOD: method},
            kind=SpanKind.SERVER,
            traceparent=traceparent.decode("latin-1"),
        ) as running:
            assert running is not None, "it stands here only where traces are written"

            async def send_noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status: int = message["status"]
                    running.set_attribute(Attribute.STATUS, status)
                    if status >= _SERVER_ERROR:
                        failed(running, str(status))
                await send(message)

            try:
                await self._app(scope, receive, send_noting)
            finally:
                route = self._route(scope)
                running.set_attribute(Attribute.ROUTE, route)
                running.update_name(f"{method} {route}")

    def _route(self, scope: Scope) -> str:
        """Return the route as it is declared. Where there is none, the path is anybody's words."""
        if scope["path"] in self._ahead:
            return scope["path"]
        declared: Any = scope.get("route")
        return getattr(declared, "path", _OTHER)
