"""Events are executed once for all who ask the same of them, and for nobody else."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.models import GenerationEventKind
from navis_api.graphql.generation.sharing import SharingExecutor
from navis_api.graphql.relay import global_id
from tests.graphql.socket_client import Socket, open_socket
from tests.graphql.world import World, add_event, progressed, start_generation
from tests.waiting import PATIENCE_S, until

TEXT: tuple[GenerationEventKind, dict[str, object]] = (
    GenerationEventKind.TEXT_ADDED,
    {
        "sectionIndex": 0,
        "sectionKind": "OPTIONS",
        "heading": "Options",
        "style": "SENTENCE",
        "text": "A sentence.",
        "citations": [],
    },
)


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of events whose results were worked out."""
    worked_out: list[str] = []
    original = SharingExecutor.__mro__[1].execute_operation  # pyright: ignore[reportAttributeAccessIssue]

    def counted(self: Any, serially: bool | None = None) -> Any:  # noqa: FBT001 - graphql-core's signature
        worked_out.append(type(self.root_value).__name__)
        return original(self, serially)

    monkeypatch.setattr(SharingExecutor.__mro__[1], "execute_operation", counted)
    return worked_out


async def added(
    database: Database,
    generation_id: UUID,
    number: int,
    kind: GenerationEventKind,
    payload: dict[str, object],
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await add_event(session, generation_id, number, kind, payload)


async def result(socket: Socket) -> dict[str, Any]:
    message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    return message["payload"]["data"]


PLAIN = """subscription ($id: ID!, $after: Int) {
  generationEvents(generationId: $id, after: $after) { __typename ...On }
}
fragment On on GenerationEvent {
  sequence ... on AnswerTextAdded { text citations { quote source { title } } }
}"""
OTHER_FRAGMENT = PLAIN.replace("sequence ... on", "at ... on")
CONDITIONAL = """subscription ($id: ID!, $wants: Boolean!) { generationEvents(generationId: $id) {
  sequence ... on AnswerTextAdded { text @include(if: $wants) } } }"""


async def test_an_event_is_executed_once_for_all_who_sent_the_same_document(
    url: str, world: World, database: Database, executions: list[str]
) -> None:
    generation_id = await start_generation(database, world, "Who asks the same?")
    variables = {"id": global_id("Generation", generation_id)}
    async with open_socket(url) as one, open_socket(url) as two:
        for each in (one, two):
            await each.introduce()
            for number in range(5):
                # Where they begin is no part of what they ask.
                await each.subscribe(PLAIN, {**variables, "after": number}, id_=str(number))
        await added(database, generation_id, 1, *progressed("QUEUED"))
        for number in range(2, 7):
            await added(database, generation_id, number, *progressed("DRAFTING"))
        for each in (one, two):
            for _ in range(6 + 5 + 4 + 3 + 2):
                await result(each)
        executions.clear()

        await added(database, generation_id, 7, *TEXT)
        results = [await result(each) for each in (one, two) for _ in range(5)]
    # For the first of them it is not known yet that there are others.
    assert executions == ["AnswerTextAdded"] * 2
    expected = {
        "__typename": "AnswerTextAdded",
        "sequence": 7,
        "text": "A sentence.",
        "citations": [],
    }
    assert all(each == {"generationEvents": expected} for each in results)


async def test_those_who_ask_something_else_get_what_they_asked(
    url: str, world: World, database: Database
) -> None:
    generation_id = await start_generation(database, world, "Who asks something else?")
    variables = {"id": global_id("Generation", generation_id)}
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(PLAIN, variables, id_="plain")
        # The same operation, but for a fragment that it spreads.
        await socket.subscribe(OTHER_FRAGMENT, variables, id_="other")
        await socket.subscribe(CONDITIONAL, {**variables, "wants": True}, id_="with")
        await socket.subscribe(CONDITIONAL, {**variables, "wants": False}, id_="without")
        await asyncio.sleep(0.3)
        await added(database, generation_id, 1, *TEXT)
        got: dict[str, set[str]] = {}
        for _ in range(4):
            message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
            got[message["id"]] = set(message["payload"]["data"]["generationEvents"])
    assert got == {
        "plain": {"__typename", "sequence", "text", "citations"},
        "other": {"__typename", "at", "text", "citations"},
        "with": {"sequence", "text"},
        "without": {"sequence"},
    }


async def test_what_depends_on_the_viewer_is_worked_out_for_each(
    url: str, world: World, database: Database, executions: list[str]
) -> None:
    query = """subscription ($id: ID!) { generationEvents(generationId: $id) {
      sequence ... on GenerationCompleted { answer { title } } } }"""
    generation_id = await start_generation(database, world, "Who may see the answer?")
    variables = {"id": global_id("Generation", generation_id)}
    done: dict[str, object] = {"answerId": str(world.anonymous.answer_id)}
    async with open_socket(url) as socket:
        await socket.introduce()
        for number in range(3):
            await socket.subscribe(query, variables, id_=str(number))
        await added(database, generation_id, 1, *TEXT)
        for _ in range(3):
            await result(socket)
        executions.clear()
        await added(database, generation_id, 2, GenerationEventKind.COMPLETED, done)
        await until(lambda: len(executions) == 3)
    assert executions == ["GenerationCompleted"] * 3
