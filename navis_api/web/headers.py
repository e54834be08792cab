"""Headers that every response carries."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# As ASGI has them: names in lower case.
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_POLICY: Final = b"content-security-policy"
_FRAMED_BY_NOBODY: Final = b"frame-ancestors 'none'"

# The same once more, for browsers that don't know `frame-ancestors`. It can name no partner's
# origin, so it is left out where some may frame (CSP 3, 6.4.2.1: it would count for nothing).
_NO_FRAMES: Final = (b"x-frame-options", b"DENY")


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
                named = dict(own)
                ours = [header for header in _HEADERS if header[0] not in named]
                if _FRAMED_BY_NOBODY in named.get(_POLICY, _FRAMED_BY_NOBODY):
                    ours.append(_NO_FRAMES)
                message = {**message, "headers": [*own, *ours]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
