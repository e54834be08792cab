"""Headers that every response carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# As ASGI has them: names in lower case.
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class SecurityHeaders:
    """Sets the headers, unless the response brings its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                named = {name for name, _ in own}
                ours = [header for header in _HEADERS if header[0] not in named]
                message = {**message, "headers": [*own, *ours]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
