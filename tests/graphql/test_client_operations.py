"""The operations of our clients, executed as they are sent: by id, where nothing else is taken."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.checking import DocumentCheck
from navis_api.graphql.relay import global_id
from navis_api.graphql.schema import schema
from navis_api.persisted import service
from navis_api.settings import Settings
from tests.client_documents import manifests
from tests.graphql.test_sse import parsed
from tests.graphql.world import NOON, World
from tests.waiting import PATIENCE_S

CHECK = DocumentCheck(DocumentReader(schema().core, DocumentLimits.of(Settings())))
OPERATIONS = [
    (client.name, found.operation, found.kind.lower(), operation.id)
    for client, operations in manifests()
    for operation in operations
    for found in [CHECK(operation)]
]
QUESTION = "My liver cancer came back, what are my options?"
SLUG = "what-is-ablation"

# Which thing a slug or an id names is told by the field that takes it.
CANCER_PAGES = {"CancerPage", "Cancer", "CancerQuestionsQuery"}
ASKING = {"Ask", "AskQuestion", "AskFormMutation"}
NOTHING_RETRACTED = {"WhyGone", "Retraction", "GonePageQuery"}


@pytest.fixture
async def url(serve: Callable[..., Any], database: Database, world: World) -> str:
    """A server that executes what these clients have registered, and nothing else."""
    async with database.writing(SYSTEM_ROWS) as session:
        for client, operations in manifests():
            await service.register(session, client, operations, check=CHECK, now=NOON)
    return await serve(operations="registered")


def variables_of(name: str, world: World, answer_id: str) -> dict[str, Any]:
    """Return values for whatever an operation may take; the others are ignored."""
    generation = global_id("Generation", world.anonymous.generation_id)
    cancer = global_id("Cancer", world.catalogue.by_slug["liver-cancer"].id)
    feedback = {"answerId": answer_id, "kind": "HELPFUL"}
    return {
        "slug": "liver-cancer" if name in CANCER_PAGES else SLUG,
        "id": cancer if name == "CancerQuestionsPaginationQuery" else generation,
        "ids": [cancer, answer_id],
        "search": "liver",
        "text": QUESTION,
        "cancer": "liver-cancer",
        "first": 5,
        "count": 5,
        "input": {"text": QUESTION, "cancer": "liver-cancer"} if name in ASKING else feedback,
        "locale": "en",
        "answerId": answer_id,
        "revision": 1,
        "kind": "HELPFUL",
    }


async def sent(url: str, id_: str, variables: dict[str, Any], *, streamed: bool) -> list[Any]:
    """Return the results of an operation."""
    accept = "text/event-stream" if streamed else "application/graphql-response+json"
    body = orjson.dumps({"documentId": id_, "variables": variables})
    headers = {"Accept": accept, "Content-Type": "application/json"}
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        response = await http.post(url, content=body, headers=headers)
    assert response.status_code == 200, response.text
    if streamed:
        return [frame.data for frame in parsed(response.text) if frame.event == "next"]
    return [response.json()]


@pytest.mark.parametrize(
    ("client", "name", "kind", "id_"),
    OPERATIONS,
    ids=[f"{client}-{name}" for client, name, *_ in OPERATIONS],
)
async def test_what_a_client_sends_is_executed_without_errors(
    url: str, world: World, client: str, name: str, kind: str, id_: str
) -> None:
    by_slug = next(id_ for _, name, _, id_ in OPERATIONS if name == "AnswerBySlug")
    (answer,) = await sent(url, by_slug, {"slug": SLUG}, streamed=False)
    variables = variables_of(name, world, answer["data"]["answer"]["id"])
    results = await sent(url, id_, variables, streamed=kind == "subscription")
    assert results
    for result in results:
        assert "errors" not in result
        for field, value in result["data"].items():
            assert value is not None or name in NOTHING_RETRACTED
            if kind == "mutation":
                assert value is not None, field
                assert value["errors"] == [], field
