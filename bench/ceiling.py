"""What uvicorn can do at most: constant bytes from a bare ASGI application."""

import os

from starlette.types import Receive, Scope, Send

_BODY = b"x" * int(os.environ.get("CEILING_BYTES", "1"))
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the request and send the bytes."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})
