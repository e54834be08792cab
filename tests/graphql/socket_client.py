"""A client of graphql-transport-ws for tests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol


class Socket:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def send_text(self, text: str | bytes) -> None:
        await self.connection.send(text)

    async def receive(self) -> dict[str, Any]:
        return orjson.loads(await self.connection.recv())

    async def introduce(self, payload: dict[str, Any] | None = None) -> None:
        message: dict[str, Any] = {"type": "connection_init"}
        if payload is not None:
            message["payload"] = payload
        await self.send(message)
        assert (await self.receive())["type"] == "connection_ack"

    async def subscribe(
        self, query: str, variables: dict[str, Any] | None = None, id_: str = "1"
    ) -> None:
        payload = {"query": query, "variables": variables or {}}
        await self.send({"type": "subscribe", "id": id_, "payload": payload})

    async def closed(self) -> tuple[int, str]:
        """Return code and reason of the server's closing, after whatever it still sends."""
        with suppress(ConnectionClosed):
            while True:
                await self.connection.recv()
        assert self.connection.close_code is not None
        return self.connection.close_code, self.connection.close_reason or ""


@asynccontextmanager
async def open_socket(
    url: str, *, protocol: str = "graphql-transport-ws", headers: dict[str, str] | None = None
) -> AsyncGenerator[Socket]:
    address = url.replace("http://", "ws://")
    async with connect(
        address, subprotocols=[Subprotocol(protocol)], additional_headers=headers, max_size=2**24
    ) as connection:
        yield Socket(connection)
