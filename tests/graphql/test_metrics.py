"""What is counted of operations: by the apps that are registered, and no stranger's words."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.checking import DocumentCheck
from navis_api.graphql.schema import schema
from navis_api.metrics import Metrics
from navis_api.persisted import service
from navis_api.persisted.manifests import ManifestOperation, sha256_of
from navis_api.settings import Settings
from navis_api.web.metrics import metrics_routes
from tests.graphql.conftest import Build
from tests.graphql.world import NOON, World

QUERY = "query Cancers { cancers(first: 1) { nodes { slug } } }"
WORDS = "my-lump-hurts"
IOS = {"apollographql-client-name": "ios", "apollographql-client-version": "5.2.0"}


@pytest.fixture
async def endpoint(build: Build, world: World, database: Database) -> GraphQLEndpoint:
    """An endpoint that knows one version of one app."""
    check = DocumentCheck(DocumentReader(schema().core, DocumentLimits.of(Settings())))
    operation = ManifestOperation(sha256_of(QUERY), QUERY)
    async with database.writing(SYSTEM_ROWS) as session:
        await service.register(
            session, service.Client("ios", "5.2.0"), [operation], check=check, now=NOON
        )
    endpoint = build()
    await endpoint.services.clients.refresh()
    return endpoint


@pytest.fixture
async def http(endpoint: GraphQLEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def lines(endpoint: GraphQLEndpoint, name: str) -> dict[str, float]:
    """Return the figures of one name, by their labels as they are printed."""
    found: dict[str, float] = {}
    for line in endpoint.services.metrics.text().decode().splitlines():
        if line.startswith(f"{name}{{"):
            labels, _, value = line.removeprefix(name).rpartition(" ")
            found[labels] = float(value)
    return found


async def send(http: httpx.AsyncClient, query: str, headers: dict[str, str]) -> None:
    await http.post("/graphql", json={"query": query}, headers=headers)


async def test_operations_are_counted_by_app_version_and_name(
    http: httpx.AsyncClient, endpoint: GraphQLEndpoint
) -> None:
    for _ in range(3):
        await send(http, QUERY, IOS)
    await send(http, QUERY, {})
    assert lines(endpoint, "navis_graphql_operations_total") == {
        '{client="ios",kind="query",operation="Cancers",outcome="executed",version="5.2.0"}': 3,
        '{client="",kind="query",operation="Cancers",outcome="executed",version=""}': 1,
    }
    assert lines(endpoint, "navis_graphql_request_seconds_count") == {'{kind="query"}': 4}


@pytest.mark.parametrize(
    "headers",
    [
        {"apollographql-client-name": WORDS, "apollographql-client-version": WORDS},
        {"apollographql-client-name": "ios", "apollographql-client-version": WORDS},
        {"graphql-client-name": WORDS},
    ],
)
async def test_what_a_stranger_writes_is_counted_as_other(
    http: httpx.AsyncClient, endpoint: GraphQLEndpoint, headers: dict[str, str]
) -> None:
    named = WORDS.replace("-", "_")
    await send(http, f"query {named} {{ viewer {{ kind }} }}", headers)
    await send(http, f"query {named} {{ {named} }}", headers)
    assert lines(endpoint, "navis_graphql_operations_total") == {
        '{client="other",kind="query",operation="other",outcome="executed",version="other"}': 1,
        '{client="other",kind="unknown",operation="other",outcome="refused",version="other"}': 1,
    }
    text = endpoint.services.metrics.text().decode()
    assert WORDS not in text
    assert named not in text


@pytest.mark.parametrize(
    ("token", "is_open", "sent", "status"),
    [
        (None, True, None, 200),
        (None, False, None, 404),
        (None, False, "Bearer ", 404),
        ("secret", False, None, 401),
        ("secret", False, "Bearer wrong", 401),
        ("secret", False, "Bearer secret", 200),
        ("secret", False, "Bearer s\u00e9cret", 401),
    ],
)
async def test_the_figures_are_for_whoever_runs_it(
    token: str | None, sent: str | None, status: int, *, is_open: bool
) -> None:
    app = Starlette(routes=metrics_routes(Metrics(), token=token, is_open=is_open))
    headers = {b"Authorization": sent.encode()} if sent is not None else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        response = await http.get("/metrics", headers=headers)
    assert response.status_code == status
    assert (b"navis_graphql" in response.content) is (status == 200)
    assert response.headers["cache-control"] == "no-store"
