"""What uvicorn can do at most: constant bytes from a bare ASGI application.

`CEILING_BYTES` has the sizes, by commas: `/0` sends as many bytes as the first says.
"""

import os

from starlette.types import Receive, Scope, Send

_BODIES = {
    f"/{number}": b"x" * int(size)
    for number, size in enumerate(os.environ.get("CEILING_BYTES", "1").split(","))
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the request and send the bytes."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = _BODIES[scope["path"]]
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
