"""Subscriptions as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.relay import global_id
from navis_api.kit.draining import Draining
from tests.graphql.client import RESPONSE_JSON
from tests.graphql.test_websocket import EVENTS, VIEWER
from tests.graphql.world import World, add_event, progressed, start_generation
from tests.waiting import PATIENCE_S, until

STREAM = "text/event-stream"
FIXED = EVENTS.replace("($id: ID!, $after: Int)", "($id: ID!)").replace(", after: $after", "")


@dataclass
class Frame:
    event: str
    id: str | None
    data: Any


@asynccontextmanager
async def opened(
    url: str, query: str, variables: dict[str, Any], **headers: str
) -> AsyncGenerator[httpx.Response]:
    sent = {"Accept": STREAM, "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    body = orjson.dumps({"query": query, "variables": variables})
    async with (
        httpx.AsyncClient(timeout=PATIENCE_S) as http,
        http.stream("POST", url, content=body, headers=sent) as response,
    ):
        yield response


def parsed(text: str) -> list[Frame]:
    frames: list[Frame] = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(":", 1) for line in block.split("\n") if line and not line.startswith(":")
        )
        if fields:
            data = fields.get("data", "").strip()
            id_ = fields.get("id")
            frames.append(
                Frame(
                    fields["event"].strip(),
                    id_.strip() if id_ else None,
                    orjson.loads(data) if data else None,
                )
            )
    return frames


async def frames_of(
    url: str, query: str, variables: dict[str, Any], **headers: str
) -> tuple[httpx.Response, str]:
    async with opened(url, query, variables, **headers) as response:
        return response, (await response.aread()).decode()


async def test_events_come_as_frames_with_their_numbers(url: str, world: World) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    response, text = await frames_of(url, EVENTS, {"id": id_})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(STREAM)
    assert response.headers["x-accel-buffering"] == "no"
    assert "\r" not in text
    frames = parsed(text)
    assert [frame.event for frame in frames] == ["next"] * 5 + ["complete"]
    assert [frame.id for frame in frames] == ["1", "2", "3", "4", "5", None]
    sequences = [frame.data["data"]["generationEvents"]["sequence"] for frame in frames[:-1]]
    assert sequences == [1, 2, 3, 4, 5]
    assert text.endswith("event: complete\ndata:\n\n")


async def test_frames_have_numbers_though_the_client_asks_for_none(url: str, world: World) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    query = "subscription ($id: ID!) { generationEvents(generationId: $id) { __typename } }"
    _, text = await frames_of(url, query, {"id": id_})
    assert [frame.id for frame in parsed(text)][:-1] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("query", "variables", "first"),
    [
        (FIXED, {}, 4),
        (EVENTS, {}, 4),
        (EVENTS, {"after": None}, 4),
        (EVENTS, {"after": 0}, 1),
        (EVENTS, {"after": 1}, 2),
    ],
)
async def test_a_last_event_id_holds_where_no_after_is_given(
    url: str, world: World, query: str, variables: dict[str, Any], first: int
) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    _, text = await frames_of(url, query, {"id": id_, **variables}, Last_Event_ID="3")
    assert parsed(text)[0].id == str(first)


@pytest.mark.parametrize("given", ["-1", "x", "1.5", "9" * 30, "٣"])
async def test_a_last_event_id_of_another_form_is_refused(
    url: str, world: World, given: str
) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    header = {b"Last-Event-ID": given.encode()}
    async with httpx.AsyncClient() as http:
        response = await http.post(
            url,
            json={"query": FIXED, "variables": {"id": id_}},
            headers={b"Accept": STREAM.encode(), **header},
        )
    assert response.status_code == 400


async def test_a_silent_stream_shows_signs_of_life_and_follows(
    url: str, world: World, database: Database
) -> None:
    generation_id = await start_generation(database, world, "Is it alive?")
    variables = {"id": global_id("Generation", generation_id)}
    async with opened(url, EVENTS, variables) as response:
        lines = response.aiter_lines()
        comments = [await anext(lines) for _ in range(4)]
        assert comments == [":", "", ":", ""]
        async with database.writing(SYSTEM_ROWS) as session:
            await add_event(session, generation_id, 1, *progressed("QUEUED"))
        async for line in lines:
            if line.startswith("id:"):
                assert line == "id: 1"
                break


async def test_a_stream_ends_without_complete_when_the_process_stops(
    url: str, world: World, database: Database, draining: Draining
) -> None:
    generation_id = await start_generation(database, world, "Does it end?")
    variables = {"id": global_id("Generation", generation_id)}
    async with opened(url, EVENTS, variables) as response:
        draining.begin()
        text = (await asyncio.wait_for(response.aread(), PATIENCE_S)).decode()
    assert "complete" not in text
    assert text.endswith("retry: 500\n\n")
    assert parsed(text.removesuffix("retry: 500\n\n")) == []


async def test_a_client_that_is_gone_leaves_no_subscriber_behind(
    url: str,
    world: World,
    database: Database,
    generation_stream: GenerationStream,
    endpoints: list[GraphQLEndpoint],
) -> None:
    generation_id = await start_generation(database, world, "Is it forgotten?")
    variables = {"id": global_id("Generation", generation_id)}
    async with opened(url, EVENTS, variables):
        await until(lambda: generation_stream.followers == 1)
        assert endpoints[0].subscriptions.total == 1
    await until(lambda: generation_stream.followers == 0)
    await until(lambda: endpoints[0].subscriptions.total == 0)


async def test_a_query_of_a_client_that_takes_json_too_is_answered_as_json(url: str) -> None:
    accept = f"{RESPONSE_JSON}, application/json, {STREAM}, multipart/mixed"
    response, text = await frames_of(url, VIEWER, {}, Accept=accept)
    assert response.headers["content-type"] == f"{RESPONSE_JSON}; charset=utf-8"
    assert orjson.loads(text)["data"]["viewer"]["kind"] == "ANONYMOUS"


async def test_a_client_that_takes_nothing_else_gets_a_query_as_one_frame(url: str) -> None:
    _, text = await frames_of(url, VIEWER, {})
    frames = parsed(text)
    assert [frame.event for frame in frames] == ["next", "complete"]
    assert frames[0].data["data"]["viewer"]["kind"] == "ANONYMOUS"


async def test_errors_come_as_a_frame_and_the_stream_ends(url: str, world: World) -> None:
    for query, id_, code in (
        ("subscription { nothing }", "", "GRAPHQL_VALIDATION_FAILED"),
        (EVENTS, "garbage", "BAD_USER_INPUT"),
        (EVENTS, global_id("Generation", world.own.generation_id), "NOT_FOUND"),
    ):
        _, text = await frames_of(url, query, {"id": id_})
        frames = parsed(text)
        assert [frame.event for frame in frames] == ["next", "complete"]
        assert frames[0].data["errors"][0]["extensions"]["code"] == code


async def test_an_event_stream_needs_a_valid_token(
    url: str, world: World, tokens: dict[str, str]
) -> None:
    id_ = global_id("Generation", world.own.generation_id)
    response, _ = await frames_of(url, EVENTS, {"id": id_}, Authorization=tokens["expired"])
    assert response.status_code == 401
    response, text = await frames_of(url, EVENTS, {"id": id_}, Authorization=tokens["asker"])
    assert len(parsed(text)) == 6


@pytest.mark.parametrize("given", ["5", "6", "999999999"])
async def test_whoever_has_had_everything_is_told_that_it_is_complete(
    url: str, world: World, given: str
) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    _, text = await frames_of(url, EVENTS, {"id": id_}, Last_Event_ID=given)
    assert [frame.event for frame in parsed(text)] == ["complete"]


async def test_a_number_that_does_not_exist_yet_is_waited_for(
    url: str, world: World, database: Database
) -> None:
    generation_id = await start_generation(database, world, "Who is ahead?")
    variables = {"id": global_id("Generation", generation_id)}
    async with opened(url, EVENTS, variables, Last_Event_ID="2") as response:
        for number in (1, 2, 3):
            async with database.writing(SYSTEM_ROWS) as session:
                await add_event(session, generation_id, number, *progressed("DRAFTING"))
        numbers = [line async for line in first_id(response)]
    assert numbers == ["id: 3"]


async def first_id(response: httpx.Response) -> AsyncGenerator[str, None]:
    async for line in response.aiter_lines():
        if line.startswith("id:"):
            yield line
            return
