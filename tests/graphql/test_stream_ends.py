"""How streams end that don't end by themselves: expiry, limits, clients that take nothing."""

import asyncio
import base64
import os
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.models import GenerationEventKind
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.relay import global_id
from tests.graphql.conftest import Clock
from tests.graphql.hostile import messages
from tests.graphql.socket_client import Socket, open_socket
from tests.graphql.test_sse import opened, parsed
from tests.graphql.test_websocket import EVENTS
from tests.graphql.world import NOON, World, add_event, progressed, start_generation
from tests.waiting import PATIENCE_S, until

CLOSE, PING = 8, 9

Serve = Callable[..., Any]


async def test_a_socket_ends_with_its_token(
    url: str, world: World, database: Database, tokens: dict[str, str], clock: Clock
) -> None:
    generation_id = await start_generation(database, world, "Does it end in time?")
    variables = {"id": global_id("Generation", generation_id)}
    async with open_socket(url) as signed_in, open_socket(url) as anonymous:
        await signed_in.introduce({"authorization": tokens["asker"]})
        await anonymous.introduce()
        for each in (signed_in, anonymous):
            await each.subscribe(EVENTS, variables)
        clock.now = NOON + timedelta(minutes=59)
        await asyncio.sleep(0.5)
        async with database.writing(SYSTEM_ROWS) as session:
            await add_event(session, generation_id, 1, *progressed("QUEUED"))
        for each in (signed_in, anonymous):
            assert (await asyncio.wait_for(each.receive(), PATIENCE_S))["type"] == "next"

        # The clocks of issuer and server may differ by half a minute.
        clock.now = NOON + timedelta(minutes=60, seconds=31)
        code, reason = await asyncio.wait_for(signed_in.closed(), PATIENCE_S)
        assert code == 4403
        assert "sign in" in reason
        assert "after" in reason

        async with database.writing(SYSTEM_ROWS) as session:
            await add_event(session, generation_id, 2, *progressed("DRAFTING"))
        assert (await asyncio.wait_for(anonymous.receive(), PATIENCE_S))["type"] == "next"


async def test_an_event_stream_ends_with_its_token_and_without_complete(
    url: str, world: World, database: Database, tokens: dict[str, str], clock: Clock
) -> None:
    generation_id = await start_generation(database, world, "Does it end in time?")
    variables = {"id": global_id("Generation", generation_id)}
    async with opened(url, EVENTS, variables, Authorization=tokens["asker"]) as response:
        clock.now = NOON + timedelta(minutes=60, seconds=31)
        text = (await asyncio.wait_for(response.aread(), PATIENCE_S)).decode()
    assert parsed(text) == []


@pytest.fixture
async def following(world: World, database: Database) -> dict[str, Any]:
    """Variables that follow a generation which never ends."""
    generation_id = await start_generation(database, world, "How many may follow?")
    return {"id": global_id("Generation", generation_id)}


async def test_a_viewer_may_have_so_many_sockets(serve: Serve, tokens: dict[str, str]) -> None:
    url = await serve(max_sockets=2)
    asker, other = ({"authorization": tokens[name]} for name in ("asker", "other"))
    async with AsyncExitStack() as stack:
        for credentials in (asker, asker, other, {}, {}):
            each = await stack.enter_async_context(open_socket(url))
            await each.introduce(credentials)
        async with open_socket(url) as third:
            await third.send({"type": "connection_init", "payload": asker})
            assert (await third.closed())[0] == 1013
    async with open_socket(url) as later:
        await later.introduce(asker)


async def test_an_address_may_have_so_many_sockets_of_nobody_in_particular(
    serve: Serve, tokens: dict[str, str], endpoints: list[GraphQLEndpoint]
) -> None:
    url = await serve(max_sockets_address=2)
    async with open_socket(url) as first, open_socket(url) as second:
        await first.introduce()
        async with open_socket(url) as third:
            assert (await third.closed())[0] == 1013
        # Whoever signs in is counted by themselves from then on.
        await second.introduce({"authorization": tokens["asker"]})
        async with open_socket(url) as fourth:
            await fourth.introduce()
    await until(lambda: endpoints[0].sockets.total == 0)


async def test_subscriptions_are_counted_over_sockets_and_event_streams(
    serve: Serve,
    following: dict[str, Any],
    tokens: dict[str, str],
    endpoints: list[GraphQLEndpoint],
) -> None:
    url = await serve(max_subscriptions=3)
    counted = endpoints[0].subscriptions
    asker = tokens["asker"]
    own = {"id": following["id"]}
    async with open_socket(url) as one, open_socket(url) as two:
        for each in (one, two):
            await each.introduce({"authorization": asker})
            await each.subscribe(EVENTS, own)
        async with opened(url, EVENTS, own, Authorization=asker):
            await until(lambda: counted.total == 3)
            await two.subscribe(EVENTS, own, id_="2")
            refused = await asyncio.wait_for(two.receive(), PATIENCE_S)
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"] == {
                "code": "TOO_MANY_SUBSCRIPTIONS",
                "maximum": 3,
            }
            async with opened(url, EVENTS, own, Authorization=asker) as another:
                body = orjson.loads(await another.aread())
            assert another.status_code == 429
            assert another.headers["retry-after"]
            assert body["errors"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
            # Somebody else is not affected.
            async with opened(url, EVENTS, own, Authorization=tokens["other"]):
                await until(lambda: counted.total == 4)
        await until(lambda: counted.total == 2)
        await one.send({"type": "complete", "id": "1"})
        await until(lambda: counted.total == 1)
        await two.subscribe(EVENTS, own, id_="2")
        await until(lambda: counted.total == 2)
    await until(lambda: counted.total == 0)


async def test_what_is_counted_is_released_however_it_ends(
    serve: Serve, world: World, following: dict[str, Any], endpoints: list[GraphQLEndpoint]
) -> None:
    url = await serve()
    counted = endpoints[0].subscriptions
    finished = {"id": global_id("Generation", world.anonymous.generation_id)}
    async with open_socket(url) as each:
        await each.introduce()
        for number, (query, variables) in enumerate(
            (
                (EVENTS, finished),
                (EVENTS, {"id": "garbage"}),
                ("{ nothing }", {}),
                ("{", {}),
                ("{ viewer { kind } }", {}),
            )
        ):
            await each.subscribe(query, variables, id_=str(number))
        # Ended in the moment in which it begins.
        await each.subscribe(EVENTS, following, id_="short")
        await each.send({"type": "complete", "id": "short"})
        await each.send({"type": "ping"})
        while (await asyncio.wait_for(each.receive(), PATIENCE_S))["type"] != "pong":
            pass
        await until(lambda: counted.total == 0)
        for number in range(20):
            await each.subscribe(EVENTS, following, id_=str(number))
        await until(lambda: counted.total == 20)
        await each.send_text("{")
        await each.closed()
    await until(lambda: counted.total == 0)
    await until(lambda: endpoints[0].sockets.total == 0)


class Deaf:
    """A client that reads nothing, over a connection that holds little."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.connect((place.hostname, place.port))
        self.host = place.netloc

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    async def some(self) -> bytes:
        """Read what is there, if only for once."""
        self.socket.setblocking(False)  # noqa: FBT003 - as the standard library has it
        reading = asyncio.get_running_loop().sock_recv(self.socket, 1 << 20)
        return await asyncio.wait_for(reading, PATIENCE_S)

    async def everything(self) -> bytes:
        """Read at last, to the end."""
        read = b""
        try:
            while data := await self.some():
                read += data
        except ConnectionResetError:
            pass
        finally:
            self.socket.close()
        return read


async def deaf_socket(url: str) -> Deaf:
    """Return a client that has done its handshake, and has introduced itself."""
    client = Deaf(url)
    key = base64.b64encode(os.urandom(16)).decode()
    client.send(
        f"GET /graphql HTTP/1.1\r\nHost: {client.host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
    )
    assert (await client.some()).startswith(b"HTTP/1.1 101")
    client.send(frame({"type": "connection_init", "payload": {"a": "x" * 126}}))
    await client.some()
    client.socket.setblocking(True)  # noqa: FBT003 - as above
    return client


def frame(message: Any) -> bytes:
    text = orjson.dumps(message)
    assert 126 <= len(text) < 65_536, "or its head would be another"
    return b"\x81\xfe" + len(text).to_bytes(2, "big") + b"\0\0\0\0" + text


async def write_much(database: Database, generation_id: Any, *, events: int) -> None:
    """Write far more than the buffers between two processes hold."""
    payload: dict[str, object] = {
        "sectionIndex": 0,
        "sectionKind": "OPTIONS",
        "heading": "Options",
        "style": "SENTENCE",
        "text": "x" * 200_000,
        "citations": [],
    }
    for number in range(1, events + 1):
        async with database.writing(SYSTEM_ROWS) as session:
            await add_event(session, generation_id, number, GenerationEventKind.TEXT_ADDED, payload)


@pytest.fixture
async def much(world: World, database: Database) -> str:
    """The id of a generation with 12 MB of text, which goes on."""
    generation_id = await start_generation(database, world, "Who can read all that?")
    await write_much(database, generation_id, events=60)
    return global_id("Generation", generation_id)


async def test_a_socket_that_takes_nothing_is_cut_off_and_told_to_resume(
    serve: Serve, much: str, generation_stream: GenerationStream, endpoints: list[GraphQLEndpoint]
) -> None:
    url = await serve(stream_send_timeout_s=0.5)
    client = await deaf_socket(url)
    operation = {"query": EVENTS, "variables": {"id": much}}
    for number in range(100):
        client.send(frame({"type": "subscribe", "id": str(number), "payload": operation}))
    await until(lambda: generation_stream.followers > 0)
    # Others are served meanwhile.
    async with open_socket(url) as another:
        await another.introduce()
        await another.subscribe(EVENTS, {"id": much})
        assert (await asyncio.wait_for(another.receive(), PATIENCE_S))["type"] == "next"
    await until(lambda: generation_stream.followers == 0)
    await until(lambda: endpoints[0].sockets.total + endpoints[0].subscriptions.total == 0)

    taken = await client.everything()
    # Not a hundredth of what the operations would have been sent.
    assert len(taken) < 8_000_000
    close = taken[-128:]
    code = close[close.rindex(b"\x88") :]
    assert int.from_bytes(code[2:4], "big") == 4008
    assert b"resume with `after`" in code


async def test_an_event_stream_that_takes_nothing_is_cut_off_without_complete(
    serve: Serve, much: str, generation_stream: GenerationStream, endpoints: list[GraphQLEndpoint]
) -> None:
    url = await serve(stream_send_timeout_s=0.5)
    client = Deaf(url)
    body = orjson.dumps({"query": EVENTS, "variables": {"id": much}})
    client.send(
        f"POST /graphql HTTP/1.1\r\nHost: {client.host}\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    await until(lambda: generation_stream.followers == 1)
    await until(lambda: generation_stream.followers == 0)
    await until(lambda: endpoints[0].subscriptions.total == 0)
    taken = await client.everything()
    assert taken.startswith(b"HTTP/1.1 200")
    assert b"event: complete" not in taken
    assert len(taken) < 8_000_000


async def test_a_client_that_is_slow_but_takes_something_is_not_cut_off(
    serve: Serve, much: str, generation_stream: GenerationStream
) -> None:
    url = await serve(stream_send_timeout_s=1.0)
    client = Deaf(url)
    body = orjson.dumps({"query": EVENTS, "variables": {"id": much}})
    client.send(
        f"POST /graphql HTTP/1.1\r\nHost: {client.host}\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    for _ in range(80):
        await client.some()
        await asyncio.sleep(0.05)
    assert generation_stream.followers == 1
    client.socket.close()
    await until(lambda: generation_stream.followers == 0)


async def test_a_peer_that_answers_no_pings_is_let_go(
    serve: Serve,
    following: dict[str, Any],
    generation_stream: GenerationStream,
    endpoints: list[GraphQLEndpoint],
) -> None:
    url = await serve(stream_keepalive_s=0.2, stream_pong_timeout_s=0.3)
    silent = await deaf_socket(url)
    silent.send(
        frame(
            {"type": "subscribe", "id": "1", "payload": {"query": EVENTS, "variables": following}}
        )
    )
    async with open_socket(url) as lively:
        await lively.introduce()
        await lively.subscribe(EVENTS, following)
        await until(lambda: generation_stream.followers == 2)
        await until(lambda: generation_stream.followers == 1)
        assert endpoints[0].sockets.total == 1
        await still_open(lively)
    # No code that clients would give up after. What pings hold is chance, so frames are read.
    kinds = [kind for kind, _ in messages(b"\r\n\r\n" + await silent.everything())]
    assert PING in kinds
    assert CLOSE not in kinds


async def still_open(each: Socket) -> None:
    await each.send({"type": "ping"})
    assert (await asyncio.wait_for(each.receive(), PATIENCE_S))["type"] == "pong"
