"""What uvicorn can do at most: an ASGI application that only holds streams and writes to all.

`PUT /all` takes the bytes that every open stream is sent: as they are over server-sent
events, as one text message over WebSocket.
"""

import asyncio
import os

import uvicorn
from starlette.types import Receive, Scope, Send

from bench.subscriptions.clients import HELD

_OPEN: set[tuple[str, Send]] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hold a stream, or write to all that are held."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        await send({"type": "websocket.send", "text": HELD})
        await _hold("websocket", receive, send)
    elif scope["path"] == "/all":
        await _write_to_all(await _body(receive))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})
    else:
        await _body(receive)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": HELD.encode(), "more_body": True})
        await _hold("http", receive, send)


async def _hold(kind: str, receive: Receive, send: Send) -> None:
    _OPEN.add((kind, send))
    try:
        while not (await receive())["type"].endswith("disconnect"):
            pass
    finally:
        _OPEN.discard((kind, send))


async def _write_to_all(written: bytes) -> None:
    text = written.decode()
    for kind, send in list(_OPEN):
        if kind == "websocket":
            await send({"type": "websocket.send", "text": text})
        else:
            await send({"type": "http.response.body", "body": written, "more_body": True})


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def main() -> None:
    """Serve on the port that NAVIS_PORT names."""
    config = uvicorn.Config(
        app,
        port=int(os.environ["NAVIS_PORT"]),
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=4096,
    )
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
