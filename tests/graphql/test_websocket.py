"""Operations over a WebSocket, as graphql-transport-ws has them; hostile ones too."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.relay import global_id
from navis_api.kit.draining import Draining
from tests.graphql.client import Client
from tests.graphql.socket_client import Socket, open_socket
from tests.graphql.test_hostile import ASK, NUL, SEARCH, SURROGATE, still_serves
from tests.graphql.test_limits import bomb
from tests.graphql.world import World, add_event, progressed, start_generation
from tests.waiting import PATIENCE_S, until

EVENTS = """subscription ($id: ID!, $after: Int) {
  generationEvents(generationId: $id, after: $after) {
    __typename sequence at
    ... on GenerationProgressed { status }
    ... on AnswerTextAdded { sectionIndex sectionKind heading text citations { number quote } }
    ... on GenerationCompleted { answer { title reviewed } }
    ... on GenerationFailed { code message retryable }
  }
}"""
VIEWER = "{ viewer { kind subject } }"


async def collect(socket: Socket) -> list[dict[str, Any]]:
    """Return the events up to the end of the operation."""
    events: list[dict[str, Any]] = []
    while True:
        message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
        if message["type"] == "complete":
            return events
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        events.append(message["payload"]["data"]["generationEvents"])


async def test_a_finished_generation_is_replayed_in_full(url: str, world: World) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        id_ = global_id("Generation", world.anonymous.generation_id)
        await socket.subscribe(EVENTS, {"id": id_})
        events = await collect(socket)
    assert [event["sequence"] for event in events] == [1, 2, 3, 4, 5]
    assert events[0]["status"] == "QUEUED"
    assert events[2]["citations"][0]["number"] == 1
    assert events[4]["answer"] == {"title": "Can liver cancer be cured?", "reviewed": False}


async def test_a_replay_begins_after_the_given_number(url: str, world: World) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        id_ = global_id("Generation", world.anonymous.generation_id)
        await socket.subscribe(EVENTS, {"id": id_, "after": 3})
        assert [event["sequence"] for event in await collect(socket)] == [4, 5]


async def test_events_that_come_later_are_followed(
    url: str, world: World, database: Database
) -> None:
    generation_id = await start_generation(database, world, "Is this followed?")
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(EVENTS, {"id": global_id("Generation", generation_id)})
        for number, status in enumerate(("QUEUED", "RETRIEVING"), start=1):
            async with database.writing(SYSTEM_ROWS) as session:
                await add_event(session, generation_id, number, *progressed(status))
            message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
            assert message["payload"]["data"]["generationEvents"]["status"] == status


async def test_queries_and_mutations_run_over_a_socket_too(url: str) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(VIEWER)
        assert (await socket.receive())["payload"]["data"]["viewer"]["kind"] == "ANONYMOUS"
        assert (await socket.receive()) == {"type": "complete", "id": "1"}


async def test_operations_on_one_socket_share_nothing_that_was_loaded(
    url: str, world: World, database: Database
) -> None:
    query = "query ($id: ID!) { node(id: $id) { ... on Question { status } } }"
    id_ = global_id("Question", world.anonymous.question_id)
    async with open_socket(url) as socket:
        await socket.introduce()
        for status in ("AWAITING_REVIEW", "FAILED"):
            await socket.subscribe(query, {"id": id_}, id_=status)
            found = (await socket.receive())["payload"]["data"]["node"]
            assert found == {"status": status}
            assert (await socket.receive())["type"] == "complete"
            async with database.writing(SYSTEM_ROWS) as session:
                from navis_api.questions import repository
                from navis_api.questions.models import QuestionStatus

                question = await repository.lock(session, world.anonymous.question_id)
                question.status = QuestionStatus.FAILED


@pytest.mark.parametrize("by", ["connection_init", "handshake"])
async def test_a_socket_is_for_whom_its_token_names(
    url: str, tokens: dict[str, str], by: str
) -> None:
    credentials = {"authorization": tokens["asker"]}
    async with open_socket(url, headers=credentials if by == "handshake" else None) as socket:
        await socket.introduce(credentials if by == "connection_init" else {})
        await socket.subscribe(VIEWER)
        found = (await socket.receive())["payload"]["data"]["viewer"]
    assert found == {"kind": "PATIENT", "subject": "patient-1"}


@pytest.mark.parametrize("kind", ["expired", "forged", "number"])
async def test_a_socket_with_an_invalid_token_is_closed(
    url: str, tokens: dict[str, str], kind: str
) -> None:
    async with open_socket(url) as socket:
        await socket.send(
            {"type": "connection_init", "payload": {"authorization": tokens.get(kind, 5)}}
        )
        assert (await socket.closed())[0] == 4403


async def test_the_legacy_protocol_is_off(url: str) -> None:
    async with open_socket(url, protocol="graphql-ws") as socket:
        assert socket.connection.subprotocol is None
        assert (await socket.closed())[0] == 4406


async def test_a_socket_that_does_not_introduce_itself_is_closed(
    serve: Callable[..., Any],
) -> None:
    url = await serve(websocket_init_timeout_s=0.2)
    async with open_socket(url) as socket:
        assert (await socket.closed())[0] == 4408


async def test_nothing_is_run_before_the_introduction(url: str) -> None:
    async with open_socket(url) as socket:
        await socket.subscribe(VIEWER)
        assert (await socket.closed())[0] == 4401


async def test_an_id_is_used_once_at_a_time(url: str, world: World, database: Database) -> None:
    generation_id = await start_generation(database, world, "Is this open?")
    id_ = "é" * 99
    async with open_socket(url) as socket:
        await socket.introduce()
        for _ in range(2):
            await socket.subscribe(EVENTS, {"id": global_id("Generation", generation_id)}, id_=id_)
        assert (await socket.closed())[0] == 4409


def subscribe(query: Any, variables: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "subscribe",
        "id": "1",
        "payload": {"query": query, "variables": variables, **more},
    }


REFUSED_OPERATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "syntax error": (subscribe("{"), "GRAPHQL_PARSE_FAILED"),
    "invalid": (subscribe("{ nothing }"), "GRAPHQL_VALIDATION_FAILED"),
    "bomb": (subscribe(bomb(40)), "QUERY_LIMIT_EXCEEDED"),
    "NUL": (subscribe(SEARCH, {"v": NUL}), "BAD_USER_INPUT"),
    "surrogate": (subscribe(SEARCH, {"v": SURROGATE}), "BAD_USER_INPUT"),
    "NUL in a literal": (subscribe(f'{{ question(slug: "{NUL}") {{ id }} }}'), "BAD_USER_INPUT"),
    "surrogate in a document": (subscribe("{ a " + SURROGATE), "GRAPHQL_PARSE_FAILED"),
    "wrong operation": (
        subscribe("query A { viewer { kind } }", operationName="B"),
        "BAD_REQUEST",
    ),
    "coercion": (subscribe(EVENTS, {"id": "x", "after": "y"}), "BAD_USER_INPUT"),
    "missing variable": (subscribe(EVENTS), "BAD_USER_INPUT"),
    "deep value": (subscribe(ASK, {"v": {"text": [[[[[["x"]]]]]]}}), "BAD_USER_INPUT"),
    "huge integer": (
        subscribe("{ questions(first: " + "9" * 5_000 + ") { nodes { id } } }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize("name", REFUSED_OPERATIONS)
async def test_a_refused_operation_leaves_the_socket_open(url: str, name: str) -> None:
    message, code = REFUSED_OPERATIONS[name]
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.send_text(json.dumps(message))
        reply = await socket.receive()
        errors = reply["payload"] if reply["type"] == "error" else reply["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == code
        if reply["type"] == "next":
            assert (await socket.receive())["type"] == "complete"
        await socket.subscribe(VIEWER)
        assert (await socket.receive())["type"] == "next"


async def test_an_unknown_generation_is_an_error_of_its_operation(url: str, world: World) -> None:
    for id_, code in (
        ("garbage", "BAD_USER_INPUT"),
        (global_id("Question", world.published[0]), "BAD_USER_INPUT"),
        (global_id("Generation", world.published[0]), "NOT_FOUND"),
        (global_id("Generation", world.own.generation_id), "NOT_FOUND"),
    ):
        async with open_socket(url) as socket:
            await socket.introduce()
            await socket.subscribe(EVENTS, {"id": id_})
            reply = await socket.receive()
            errors = reply["payload"] if reply["type"] == "error" else reply["payload"]["errors"]
            assert errors[0]["extensions"]["code"] == code


HOSTILE_MESSAGES: dict[str, str | bytes] = {
    "no JSON": "{",
    "scalar": "5",
    "list": "[1]",
    "string": '"connection_init"',
    "null": "null",
    "no type": "{}",
    "type of another kind": '{"type": ["subscribe"]}',
    "unknown type": json.dumps({"type": "x" * 500}),
    "surrogate type": '{"type": "\\ud800"}',
    "legacy type": '{"type": "start"}',
    "bytes": b"{}",
    "no id": '{"type": "subscribe", "payload": {"query": "{ viewer { kind } }"}}',
    "id of another kind": '{"type": "subscribe", "id": [1], "payload": {"query": "{a}"}}',
    "surrogate id": '{"type": "subscribe", "id": "\\ud800", "payload": {"query": "{a}"}}',
    "long id": json.dumps({"type": "subscribe", "id": "x" * 5_000, "payload": {"query": "{a}"}}),
    "no payload": '{"type": "subscribe", "id": "1"}',
    "list payload": '{"type": "subscribe", "id": "1", "payload": [{"query": "{a}"}]}',
    "scalar payload": '{"type": "subscribe", "id": "1", "payload": 5}',
    "no query": '{"type": "subscribe", "id": "1", "payload": {}}',
    "query of another kind": '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
    "variables of another kind": (
        '{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": [1]}}'
    ),
    "deep JSON": "[" * 200_000,
    "huge integer": '{"type": "ping", "payload": ' + "9" * 5_000 + "}",
    "not a number": '{"type": "ping", "payload": NaN}',
    "id of complete": '{"type": "complete", "id": {}}',
}


@pytest.mark.parametrize("name", HOSTILE_MESSAGES)
async def test_a_hostile_message_closes_its_socket_with_4400(url: str, name: str) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.send_text(HOSTILE_MESSAGES[name])
        code, reason = await socket.closed()
    assert code == 4400
    assert reason
    assert await still_serves(url)


async def test_a_message_that_is_too_large_closes_its_socket(url: str) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.send_text('{"type": "ping", "payload": "' + "x" * 1_100_000 + '"}')
        assert (await socket.closed())[0] == 1009
    assert await still_serves(url)


async def test_an_init_payload_of_another_kind_closes_its_socket(url: str) -> None:
    async with open_socket(url) as socket:
        await socket.send({"type": "connection_init", "payload": [1]})
        assert (await socket.closed())[0] == 4400


async def test_too_many_operations_at_a_time_are_refused(
    url: str, world: World, database: Database
) -> None:
    generation_id = await start_generation(database, world, "How many?")
    async with open_socket(url) as socket:
        await socket.introduce()
        for number in range(101):
            await socket.subscribe(
                EVENTS, {"id": global_id("Generation", generation_id)}, id_=str(number)
            )
        reply = await asyncio.wait_for(socket.receive(), PATIENCE_S)
    assert (reply["type"], reply["id"]) == ("error", "100")
    assert reply["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


async def test_a_socket_is_told_to_resume_when_the_process_stops(
    url: str, world: World, database: Database, draining: Draining
) -> None:
    generation_id = await start_generation(database, world, "Is this resumed?")
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(EVENTS, {"id": global_id("Generation", generation_id)})
        draining.begin()
        code, reason = await asyncio.wait_for(socket.closed(), PATIENCE_S)
    assert code == 1012
    assert "resume" in reason


async def test_a_socket_that_is_gone_leaves_no_subscriber_behind(
    url: str,
    world: World,
    database: Database,
    generation_stream: GenerationStream,
    endpoints: list[GraphQLEndpoint],
) -> None:
    generation_id = await start_generation(database, world, "Is this forgotten?")
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(EVENTS, {"id": global_id("Generation", generation_id)})
        await until(lambda: generation_stream.followers == 1)
        assert (endpoints[0].sockets.total, endpoints[0].subscriptions.total) == (1, 1)
    await until(lambda: generation_stream.followers == 0)
    await until(lambda: endpoints[0].sockets.total + endpoints[0].subscriptions.total == 0)


async def test_a_generation_can_be_followed_and_polled_alike(
    url: str, world: World, client: Client
) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    query = "query ($id: ID!) { node(id: $id) { ... on Generation { events { ...E } } } } "
    fragment = EVENTS[EVENTS.index("__typename") : EVENTS.rindex("}", 0, -2)]
    query += "fragment E on GenerationEvent { " + fragment + " }"
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(EVENTS, {"id": id_})
        followed = await collect(socket)
    polled = (await client.data(query, {"id": id_}))["node"]["events"]
    assert polled == followed


@pytest.mark.parametrize(("after", "rest"), [(4, [5]), (5, []), (6, []), (2**31 - 1, [])])
async def test_a_finished_generation_is_resumed_exactly(
    url: str, world: World, after: int, rest: list[int]
) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        id_ = global_id("Generation", world.anonymous.generation_id)
        await socket.subscribe(EVENTS, {"id": id_, "after": after})
        assert [event["sequence"] for event in await collect(socket)] == rest


async def test_a_negative_number_is_refused(url: str, world: World) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        id_ = global_id("Generation", world.anonymous.generation_id)
        await socket.subscribe(EVENTS, {"id": id_, "after": -1})
        reply = await socket.receive()
        errors = reply["payload"] if reply["type"] == "error" else reply["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
