"""The usual request: read from a few headers at once, and as if they were read one by one."""

from typing import Any

import httpx
import orjson
import pytest

from navis_api.db.sessions import Database
from navis_api.graphql.clients import KnownClients
from navis_api.graphql.usual import usual_head
from navis_api.kit.languages import Language
from navis_api.metrics import OTHER, UNSAID
from tests.graphql.conftest import Build
from tests.graphql.world import World

JSON = (b"content-type", b"application/json")
QUERY = orjson.dumps({"query": "{ cancers { totalCount } }"})


def scope(*headers: tuple[bytes, bytes], **changed: Any) -> dict[str, Any]:
    usual = {"method": "POST", "query_string": b"", "headers": [*headers], "client": ("::1", 5)}
    return usual | changed


@pytest.fixture
def clients(database: Database) -> KnownClients:
    return KnownClients(database)


def test_it_is_told_from_its_head(clients: KnownClients) -> None:
    head = usual_head(scope((b"host", b"test"), JSON), clients)
    assert head is not None
    assert (head.accepted.json, head.language) == ("application/json", Language.ENGLISH)
    assert (head.client, head.origin.address, head.origin.request_id) == (UNSAID, "::1", None)
    head = usual_head(
        scope(
            (b"accept", b"application/graphql-response+json, text/event-stream"),
            (b"content-type", b"application/json; charset=UTF-8"),
            (b"accept-language", b"es-MX, en;q=0.5"),
            (b"x-request-id", b"0123456789abcdef"),
            (b"apollographql-client-name", b"nobody-knows-it"),
            client=None,
        ),
        clients,
    )
    assert head is not None
    assert head.accepted.json == "application/graphql-response+json"
    assert head.language is Language.SPANISH
    assert (head.client, head.origin.address) == (OTHER, None)
    assert head.origin.request_id == "0123456789abcdef"


@pytest.mark.parametrize(
    "given",
    [
        scope(JSON, method="GET"),
        scope(JSON, query_string=b"key=nvk_pub_a"),
        scope(JSON, (b"authorization", b"Bearer a")),
        scope(JSON, (b"origin", b"https://a-portal.example")),
        scope(JSON, (b"content-encoding", b"gzip")),
        scope(JSON, (b"last-event-id", b"3")),
        scope(JSON, JSON),
        scope(JSON, (b"x-anything", b"1"), (b"x-anything", b"2")),
        scope(JSON, (b"accept", b"text/event-stream")),
        scope(JSON, (b"accept", b"text/html")),
        scope((b"content-type", b"text/plain")),
        scope((b"content-type", b"application/json; charset=latin-1")),
        scope(),
    ],
)
def test_what_says_more_is_read_in_full(clients: KnownClients, given: dict[str, Any]) -> None:
    assert usual_head(given, clients) is None


@pytest.mark.parametrize("body", [QUERY, b'{"query": "{ nothing }"}', b"{", b"[]", b"\xff"])
async def test_read_in_full_it_gets_the_same_response(
    build: Build, world: World, body: bytes
) -> None:
    transport = httpx.ASGITransport(build(throttle_address_points=0))
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        usual = await http.post("/graphql", content=body, headers=headers)
        # A header that is given twice makes a request another.
        twice = [*headers.items(), ("X-Twice", "1"), ("X-Twice", "2")]
        in_full = await http.post("/graphql", content=body, headers=twice)
    assert (usual.status_code, usual.content) == (in_full.status_code, in_full.content)
    assert usual.headers == in_full.headers
