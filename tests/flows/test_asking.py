"""Asking and following, over processes that come and go."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import websockets

from tests.flows.processes import Running, environment, navis
from tests.generation.world import NEW_QUESTION
from tests.waiting import PATIENCE_S

ASK = """
mutation($text: String!) {
  askQuestion(input: {text: $text}) {
    outcome generation { id } errors { ... on UserError { message } }
  }
}
"""
FOLLOW = """
subscription($id: ID!, $after: Int!) {
  generationEvents(generationId: $id, after: $after) {
    __typename sequence
    ... on AnswerTextAdded { sectionIndex heading text citations { number quote } }
    ... on GenerationCompleted { answer { reviewed state sections { markdown } } }
    ... on GenerationFailed { code message }
  }
}
"""
STORED = """
query($id: ID!) {
  node(id: $id) { ... on Generation {
    status events { sequence } answer { reviewed state sections { markdown } }
  } }
}
"""


async def post(address: str, query: str, **variables: object) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        reply = await client.post(address, json={"query": query, "variables": variables})
    body = reply.json()
    assert "errors" not in body, body
    return body["data"]


async def follow(
    address: str, generation_id: str, *, after: int = 0, until: int | None = None
) -> list[dict[str, Any]]:
    """The events from `after` on: to the end, or until so many have come."""
    url = address.replace("http://", "ws://")
    seen: list[dict[str, Any]] = []
    async with websockets.connect(url, subprotocols=["graphql-transport-ws"]) as socket:  # pyright: ignore[reportArgumentType]
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        variables = {"id": generation_id, "after": after}
        operation = {"query": FOLLOW, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
        while True:
            message = json.loads(await asyncio.wait_for(socket.recv(), 60))
            if message["type"] == "complete":
                return seen
            assert message["type"] == "next", message
            assert "errors" not in message["payload"], message
            seen.append(message["payload"]["data"]["generationEvents"])
            if until is not None and len(seen) >= until:
                return seen


async def follow_by_sse(address: str, generation_id: str, *, after: int) -> list[dict[str, Any]]:
    variables = {"id": generation_id, "after": after}
    seen: list[dict[str, Any]] = []
    async with (
        httpx.AsyncClient(timeout=PATIENCE_S) as client,
        client.stream(
            "POST",
            address,
            json={"query": FOLLOW, "variables": variables},
            headers={"Accept": "text/event-stream"},
        ) as reply,
    ):
        async for line in reply.aiter_lines():
            if line.startswith("data:") and line != "data:":
                payload = json.loads(line.removeprefix("data:"))
                if payload:
                    seen.append(payload["data"]["generationEvents"])
    return seen


def serving(env: dict[str, str]) -> Running:
    return navis("serve", env=env)


def address_of(server: Running) -> str:
    port = server.wait_for(r'"port": (\d+), "event": "api.started"|api.started.*port=(\d+)')
    return f"http://127.0.0.1:{port[1] or port[2]}/graphql"


async def test_fifty_clients_who_ask_at_once_share_one_generation(
    tmp_path: Path, sample_database_url: str
) -> None:
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with serving(env) as first, serving(env) as second:
        addresses = [address_of(first), address_of(second)]

        asked = await asyncio.gather(
            *(post(addresses[at % 2], ASK, text=NEW_QUESTION) for at in range(50))
        )

    assert {each["askQuestion"]["outcome"] for each in asked} == {"GENERATING"}
    assert len({each["askQuestion"]["generation"]["id"] for each in asked}) == 1


async def test_a_killed_worker_loses_and_doubles_nothing(
    tmp_path: Path, sample_database_url: str
) -> None:
    env = environment(
        tmp_path, NAVIS_DATABASE_URL=sample_database_url, NAVIS_GENERATION_LEASE_S="2"
    )
    with serving(env) as server:
        address = address_of(server)
        asked = await post(address, ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]
        with Running("bench.slow_worker", "1.5", env=env) as slow:
            before = await follow(address, generation_id, until=5)
            slow.kill()
        told = before[-1]["sequence"]

        with navis("worker", env=env):
            rest = await asyncio.wait_for(follow(address, generation_id, after=told), 60)

        whole = before + rest
        assert [each["sequence"] for each in whole] == list(range(1, len(whole) + 1))
        assert whole[-1]["__typename"] == "GenerationCompleted", whole[-1]
        assert await follow(address, generation_id) == whole
        assert await follow_by_sse(address, generation_id, after=told) == rest
        stored = (await post(address, STORED, id=generation_id))["node"]
        assert [each["sequence"] for each in stored["events"]] == list(range(1, len(whole) + 1))
        pieces: dict[int, str] = {}
        for each in whole:
            if each["__typename"] == "AnswerTextAdded":
                index = each["sectionIndex"]
                pieces[index] = pieces.get(index, "") + each["text"]
        assert [{"markdown": text} for text in pieces.values()] == stored["answer"]["sections"]
        assert stored["answer"]["reviewed"] is False
        assert stored["answer"]["state"] == "IN_REVIEW"


async def test_a_stream_ends_when_the_server_stops_and_goes_on_at_another(
    tmp_path: Path, sample_database_url: str
) -> None:
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with serving(env) as first, serving(env) as second:
        old, new = address_of(first), address_of(second)
        asked = await post(old, ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]
        seen: list[dict[str, Any]] = []

        async def follow_old() -> None:
            url = old.replace("http://", "ws://")
            async with websockets.connect(url, subprotocols=["graphql-transport-ws"]) as socket:  # pyright: ignore[reportArgumentType]
                await socket.send(json.dumps({"type": "connection_init"}))
                variables = {"id": generation_id, "after": 0}
                operation = {"query": FOLLOW, "variables": variables}
                subscribe = {"id": "1", "type": "subscribe", "payload": operation}
                await socket.send(json.dumps(subscribe))
                async for frame in socket:
                    message = json.loads(frame)
                    if message["type"] == "next":
                        seen.append(message["payload"]["data"]["generationEvents"])

        following = asyncio.create_task(follow_old())
        await asyncio.sleep(1)
        assert first.interrupt() == 0
        await asyncio.wait([following], timeout=10)
        assert following.done()
        assert isinstance(following.exception(), websockets.ConnectionClosed | None)

        with navis("worker", env=env):
            rest = await follow(new, generation_id, after=len(seen))

    assert len(seen) >= 1
    numbers = [each["sequence"] for each in [*seen, *rest]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert rest[-1]["__typename"] == "GenerationCompleted"
