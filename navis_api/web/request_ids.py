"""An id for each request: the client gets it, and every line that is logged meanwhile has it."""

import secrets
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from navis_api.kit.raw_request import REQUEST_ID, is_request_id

_HEADER: Final = REQUEST_ID.encode()
_BYTES: Final = 16


class RequestIds:
    """Gives each request an id, or takes the one that a gateway has given it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        id_ = _given(scope) or secrets.token_hex(_BYTES).encode()
        others = [each for each in scope["headers"] if each[0] != _HEADER]
        header = (_HEADER, id_)
        # From here on whoever reads the header finds an id in it.
        scope["headers"] = [*others, header]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        # Not `bound_contextvars`, which looks through all that is bound before and afterwards.
        before = bind_contextvars(request_id=id_.decode())
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            reset_contextvars(**before)


def _given(scope: Scope) -> bytes | None:
    given = next((value for name, value in scope["headers"] if name == _HEADER), b"")
    return given if is_request_id(given) else None
