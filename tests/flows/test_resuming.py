"""A subscriber whose network goes silent while an answer is being written, and who comes back.

The cut lasts as long as NAVIS_TEST_CUT_S says, in seconds; in the suite it is short.
"""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from tests.flows.processes import Running, environment, navis
from tests.flows.silent_proxy import SilentProxy, proxy_to
from tests.flows.test_asking import ASK, FOLLOW, STORED, address_of, post, serving
from tests.generation.world import NEW_QUESTION

CUT_S = float(os.environ.get("NAVIS_TEST_CUT_S", "2"))
PAUSE_S = max(0.5, CUT_S / 3)
"""Before each section: the cut ends in the midst of the writing."""

BEFORE_CUT = 4

Event = dict[str, Any]
Follow = Callable[[str, str, int], AsyncGenerator[Event, None]]


async def by_socket(address: str, generation_id: str, after: int) -> AsyncGenerator[Event, None]:
    """Follow over WebSocket, resuming with `after`."""
    url = address.replace("http://", "ws://")
    # Silence is not noticed here: it is the test that comes back.
    async with websockets.connect(
        url,
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
        ping_interval=None,
        close_timeout=0.1,
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        operation = {"query": FOLLOW, "variables": {"id": generation_id, "after": after}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
        while (message := json.loads(await socket.recv()))["type"] != "complete":
            assert "errors" not in message["payload"], message
            yield message["payload"]["data"]["generationEvents"]


async def by_events(address: str, generation_id: str, after: int) -> AsyncGenerator[Event, None]:
    """Follow by server-sent events, resuming with `Last-Event-ID`, as an EventSource does."""
    query = FOLLOW.replace("($id: ID!, $after: Int!)", "($id: ID!)").replace(", after: $after", "")
    body = {"query": query, "variables": {"id": generation_id}}
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": str(after)} if after else {})
    async with (
        httpx.AsyncClient(timeout=None) as client,  # noqa: S113 - as for the socket
        client.stream("POST", address, json=body, headers=headers) as reply,
    ):
        assert reply.status_code == 200
        id_ = None
        async for line in reply.aiter_lines():
            if line.startswith("id:"):
                id_ = int(line.removeprefix("id:"))
            elif line == "event: complete":
                return
            elif line.startswith("data:"):
                event = json.loads(line.removeprefix("data:"))["data"]["generationEvents"]
                assert event["sequence"] == id_
                yield event


FOLLOWED: dict[str, Follow] = {"WebSocket": by_socket, "server-sent events": by_events}


_ON_ITS_WAY_S = 0.3


async def seen_before_cut(
    follow: Follow, proxy: SilentProxy, generation_id: str, left: ExitStack
) -> list[Event]:
    """Return the first events, and leave a subscriber behind who hears no more."""
    seen: list[Event] = []
    enough = asyncio.Event()

    async def read() -> None:
        address = f"http://127.0.0.1:{proxy.port}/graphql"
        async with aclosing(follow(address, generation_id, 0)) as events:
            async for event in events:
                seen.append(event)
                if len(seen) == BEFORE_CUT:
                    enough.set()

    reading = asyncio.create_task(read())
    left.callback(reading.cancel)
    await asyncio.wait_for(enough.wait(), 60)
    proxy.cut()
    # What was on its way then still arrives.
    await asyncio.sleep(_ON_ITS_WAY_S)
    return seen


def check_whole(events: list[Event], stored: Event) -> None:
    """Fail unless the events are all there, once, in order, and make up the stored answer."""
    assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
    assert [each["sequence"] for each in stored["events"]] == list(range(1, len(events) + 1))
    assert events[-1]["__typename"] == "GenerationCompleted"
    pieces: dict[int, str] = {}
    for each in events:
        if each["__typename"] == "AnswerTextAdded":
            index = each["sectionIndex"]
            pieces[index] = pieces.get(index, "") + each["text"]
    assert [{"markdown": text} for text in pieces.values()] == stored["answer"]["sections"]


@pytest.mark.parametrize("restarted", [False, True], ids=["same server", "restarted"])
@pytest.mark.parametrize("transport", FOLLOWED)
async def test_an_answer_is_whole_after_a_cut(
    tmp_path: Path, sample_database_url: str, transport: str, *, restarted: bool
) -> None:
    follow = FOLLOWED[transport]
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with ExitStack() as left:
        server = left.enter_context(serving(env))
        address = await asyncio.to_thread(address_of, server)
        asked = await post(address, ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]
        async with proxy_to(int(httpx.URL(address).port or 0)) as proxy:
            left.enter_context(Running("bench.slow_worker", str(PAUSE_S), env=env))
            before = await seen_before_cut(follow, proxy, generation_id, left)
            told = len(before)
            if restarted:
                await asyncio.to_thread(server.kill)
            await asyncio.sleep(CUT_S)
            assert len(before) == told
            if restarted:
                server = left.enter_context(serving(env))
                address = await asyncio.to_thread(address_of, server)
                proxy.target_port = int(httpx.URL(address).port or 0)

            through = f"http://127.0.0.1:{proxy.port}/graphql"
            rest = [each async for each in follow(through, generation_id, before[-1]["sequence"])]

        stored = (await post(address, STORED, id=generation_id))["node"]
    assert rest
    check_whole(before + rest, stored)


async def test_a_subscriber_goes_on_at_another_process_over_another_transport(
    tmp_path: Path, sample_database_url: str
) -> None:
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with serving(env) as first, serving(env) as second:
        addresses = [await asyncio.to_thread(address_of, each) for each in (first, second)]
        asked = await post(addresses[0], ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]
        seen: list[Event] = []
        with Running("bench.slow_worker", "0.3", env=env):
            turn = 0
            while not seen or seen[-1]["__typename"] != "GenerationCompleted":
                # A few events here, a few there, each time from where it stopped.
                follow = list(FOLLOWED.values())[turn // 2 % 2]
                after = seen[-1]["sequence"] if seen else 0
                async with aclosing(follow(addresses[turn % 2], generation_id, after)) as events:
                    some = 0
                    async for event in events:
                        seen.append(event)
                        some += 1
                        if some == 3:
                            break
                turn += 1
        stored = (await post(addresses[1], STORED, id=generation_id))["node"]
    assert turn > 2
    check_whole(seen, stored)


async def test_both_transports_give_the_same_at_once(
    tmp_path: Path, sample_database_url: str
) -> None:
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with serving(env) as server, navis("worker", env=env):
        address = await asyncio.to_thread(address_of, server)
        asked = await post(address, ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]

        async def whole(follow: Follow) -> list[Event]:
            return [each async for each in follow(address, generation_id, 0)]

        seen = await asyncio.wait_for(
            asyncio.gather(*(whole(follow) for follow in FOLLOWED.values() for _ in range(3))), 60
        )
        stored = (await post(address, STORED, id=generation_id))["node"]
    assert all(each == seen[0] for each in seen)
    check_whole(seen[0], stored)
