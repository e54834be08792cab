"""Operations without their text: automatic persisted queries, and documents of a manifest."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
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
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.service import Client as App
from navis_api.settings import Settings
from tests.graphql.client import JSON, RESPONSE_JSON
from tests.graphql.conftest import Build
from tests.graphql.socket_client import Socket, open_socket
from tests.graphql.test_sse import parsed
from tests.graphql.world import NOON, World
from tests.waiting import PATIENCE_S

VIEWER = "query Viewer { viewer { kind } }"
CANCER = "query Cancer($slug: String!) { cancer(slug: $slug) { slug } }"
ASK = "mutation Ask($input: AskQuestionInput!) { askQuestion(input: $input) { outcome } }"
FOLLOW = "subscription Follow($id: ID!) { generationEvents(generationId: $id) { sequence } }"
SPEAKING = 'query { searchQuestions(text: "is my liver cancer back") { nodes { id } } }'
ANONYMOUS = {"viewer": {"kind": "ANONYMOUS"}}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(text: str, **changed: Any) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)} | changed}


@pytest.fixture
def connect(build: Build, world: World) -> Callable[..., httpx.AsyncClient]:
    """Makes a client of an endpoint within this process, with the settings that are named."""

    def make(**changed: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(build(**changed)), base_url="http://test"
        )

    return make


@pytest.fixture
async def http(connect: Callable[..., httpx.AsyncClient]) -> AsyncIterator[httpx.AsyncClient]:
    async with connect() as client:
        yield client


@pytest.fixture
async def registered(database: Database, world: World) -> dict[str, str]:
    """Three registered operations: their texts by id."""
    texts = {"viewer-1": VIEWER, "ask-1": ASK, "follow-1": FOLLOW}
    operations = [ManifestOperation(id_, text) for id_, text in texts.items()]
    check = DocumentCheck(DocumentReader(schema().core, DocumentLimits.of(Settings())))
    async with database.writing(SYSTEM_ROWS) as session:
        await service.register(session, App("ios", "1.0.0"), operations, check=check, now=NOON)
    return texts


async def post(
    http: httpx.AsyncClient, body: dict[str, Any], *, accept: str = JSON
) -> httpx.Response:
    return await http.post(
        "/graphql", content=orjson.dumps(body), headers={"Accept": accept, "Content-Type": JSON}
    )


async def get(
    http: httpx.AsyncClient, parameters: dict[str, Any], *, accept: str = JSON
) -> httpx.Response:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
    }
    return await http.get("/graphql", params=texts, headers={"Accept": accept})


def code(response: httpx.Response) -> str:
    body = response.json()
    assert "data" not in body
    (error,) = body["errors"]
    return error["extensions"]["code"]


# Automatic persisted queries


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_a_hash_alone_is_asked_for_its_text_and_then_answered(
    http: httpx.AsyncClient, accept: str
) -> None:
    missed = await post(http, {"extensions": apq(VIEWER)}, accept=accept)
    assert code(missed) == "PERSISTED_QUERY_NOT_FOUND"
    # What Apollo's clients look for, and the only status that its iOS client reads.
    assert missed.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert missed.status_code == 200
    assert missed.headers["cache-control"] == "no-store"
    told = await post(http, {"query": VIEWER, "extensions": apq(VIEWER)}, accept=accept)
    assert told.json()["data"] == ANONYMOUS
    for empty in ({}, {"query": None}, {"query": ""}):
        again = await post(http, {"extensions": apq(VIEWER), **empty}, accept=accept)
        assert again.json()["data"] == ANONYMOUS


async def test_a_hash_is_enough_for_get_and_for_documentid(http: httpx.AsyncClient) -> None:
    assert code(await get(http, {"extensions": apq(CANCER)})) == "PERSISTED_QUERY_NOT_FOUND"
    await post(http, {"query": CANCER, "variables": {"slug": "x"}, "extensions": apq(CANCER)})
    expected = {"cancer": {"slug": "liver-cancer"}}
    variables = {"slug": "liver-cancer"}
    by_hash = await get(http, {"extensions": apq(CANCER), "variables": variables})
    by_id = await get(http, {"documentId": f"sha256:{sha256(CANCER)}", "variables": variables})
    assert by_hash.json()["data"] == by_id.json()["data"] == expected


async def test_get_registers_queries_and_executes_nothing_else(http: httpx.AsyncClient) -> None:
    sent = await get(http, {"query": VIEWER, "extensions": apq(VIEWER)})
    assert sent.json()["data"] == ANONYMOUS
    assert (await get(http, {"extensions": apq(VIEWER)})).json()["data"] == ANONYMOUS
    await post(http, {"query": ASK, "extensions": apq(ASK)})
    refused = await get(http, {"extensions": apq(ASK)})
    assert (refused.status_code, code(refused)) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_a_text_with_another_hash_is_refused_and_not_kept(
    http: httpx.AsyncClient, accept: str
) -> None:
    for wrong in (sha256("other"), sha256(VIEWER).upper(), sha256(VIEWER)[:-1], "__proto__"):
        extensions = apq(VIEWER, sha256Hash=wrong)
        refused = await post(http, {"query": VIEWER, "extensions": extensions}, accept=accept)
        assert code(refused) == "PERSISTED_QUERY_MISMATCH"
        assert refused.status_code == (400 if accept == RESPONSE_JSON else 200)
        missed = await post(http, {"extensions": extensions})
        assert code(missed) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "extension",
    [
        7,
        "text",
        [],
        {},
        {"version": 1},
        {"sha256Hash": sha256(VIEWER)},
        {"version": 2, "sha256Hash": sha256(VIEWER)},
        {"version": "1", "sha256Hash": sha256(VIEWER)},
        {"version": True, "sha256Hash": sha256(VIEWER)},
        {"version": 1.5, "sha256Hash": sha256(VIEWER)},
        {"version": 1, "sha256Hash": None},
        {"version": 1, "sha256Hash": 7},
        {"version": 1, "sha256Hash": ""},
        {"version": 1, "sha256Hash": [sha256(VIEWER)]},
        {"version": 1, "sha256Hash": "a" * 129},
        {"version": 1, "sha256Hash": "a" * 1_000_000},
        {"version": 1, "sha256Hash": "a\0b"},
        {"version": 1, "sha256Hash": "é" * 64},
        {"version": 1, "sha256Hash": "'; DROP TABLE persisted_documents; --"},
    ],
    ids=lambda extension: ascii(extension)[:60],
)
async def test_an_extension_that_is_none_is_refused(
    http: httpx.AsyncClient, extension: object
) -> None:
    for query in ({}, {"query": VIEWER}):
        refused = await post(http, {**query, "extensions": {"persistedQuery": extension}})
        assert (refused.status_code, code(refused)) == (400, "PERSISTED_QUERY_INVALID")


async def test_half_of_a_surrogate_pair_is_refused_with_and_without_a_hash(
    connect: Callable[..., httpx.AsyncClient],
) -> None:
    body = json.dumps({"query": '{ node(id: "\ud800") { id } }', "extensions": apq("")})
    for mode in ("any", "registered"):
        async with connect(operations=mode) as http:
            for sent in (body, json.dumps({"query": "{ a(b: \ud800) }"})):
                response = await http.post(
                    "/graphql", content=sent, headers={"Content-Type": JSON, "Accept": JSON}
                )
                assert response.status_code == 200
                assert response.json()["errors"]


async def test_an_extension_of_null_is_none(http: httpx.AsyncClient) -> None:
    sent = await post(http, {"query": VIEWER, "extensions": {"persistedQuery": None, "a": 1}})
    assert sent.json()["data"] == ANONYMOUS


@pytest.mark.parametrize("text", ["{", "{ nothing }", "{ viewer { " + "kind " * 1_001 + "} }"])
async def test_what_would_be_refused_is_not_kept(http: httpx.AsyncClient, text: str) -> None:
    sent = await post(http, {"query": text, "extensions": apq(text)})
    assert code(sent) in {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_LIMIT_EXCEEDED",
    }
    assert code(await post(http, {"extensions": apq(text)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_text_with_somebodys_words_is_answered_and_not_kept(
    http: httpx.AsyncClient,
) -> None:
    sent = await post(http, {"query": SPEAKING, "extensions": apq(SPEAKING)})
    assert "errors" not in sent.json()
    assert code(await post(http, {"extensions": apq(SPEAKING)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_flood_of_texts_is_kept_within_bounds(
    build: Build, world: World, registered: dict[str, str]
) -> None:
    endpoint = build(automatic_documents=20, automatic_documents_bytes=3_000)
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await post(http, {"documentId": "viewer-1"})).json()["data"] == ANONYMOUS
        for number in range(200):
            text = f"query Q{number} {{ viewer {{ {'kind ' * (number % 20)} subject }} }}"
            await post(http, {"query": text, "extensions": apq(text)})
            kept = endpoint.services.operations._automatic._texts
            assert len(kept) <= 20
            assert kept.kept_bytes <= 3_000
        # Others are asked for their texts again; what is registered stays.
        assert code(await post(http, {"extensions": apq("query Q0 { viewer {  subject } }")}))
        assert (await post(http, {"documentId": "viewer-1"})).json()["data"] == ANONYMOUS


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_where_nothing_is_kept_clients_are_told_to_send_texts(
    connect: Callable[..., httpx.AsyncClient], accept: str
) -> None:
    async with connect(automatic_documents=0) as http:
        refused = await post(http, {"extensions": apq(VIEWER)}, accept=accept)
        assert code(refused) == "PERSISTED_QUERY_NOT_SUPPORTED"
        assert refused.json()["errors"][0]["message"] == "PersistedQueryNotSupported"
        assert refused.status_code == 200
        sent = await post(http, {"query": VIEWER, "extensions": apq(VIEWER)}, accept=accept)
        assert sent.json()["data"] == ANONYMOUS


# Registered documents


@pytest.mark.parametrize("mode", ["any", "registered"])
async def test_a_registered_document_is_named_by_id_or_hash_or_sent(
    connect: Callable[..., httpx.AsyncClient], registered: dict[str, str], mode: str
) -> None:
    async with connect(operations=mode) as http:
        for sent in (
            {"documentId": "viewer-1"},
            {"documentId": f"sha256:{sha256(VIEWER)}"},
            {"documentId": sha256(VIEWER)},
            {"documentId": "viewer-1", "operationName": "Viewer"},
            # Apollo's clients with a manifest, whatever its ids are.
            {"extensions": apq(VIEWER)},
            {"extensions": apq(VIEWER, sha256Hash="viewer-1")},
            {"query": VIEWER},
            {"query": VIEWER, "extensions": apq(VIEWER)},
        ):
            posted, got = await post(http, sent), await get(http, sent)
            assert posted.json()["data"] == got.json()["data"] == ANONYMOUS, sent


async def test_get_and_other_checks_hold_for_what_is_registered_too(
    connect: Callable[..., httpx.AsyncClient], registered: dict[str, str]
) -> None:
    async with connect(operations="registered") as http:
        refused = await get(http, {"documentId": "ask-1"})
        assert (refused.status_code, code(refused)) == (405, "METHOD_NOT_ALLOWED")
        for name in ("follow-1", f"sha256:{sha256(FOLLOW)}"):
            assert (await post(http, {"documentId": name})).status_code == 406
        other = await post(http, {"documentId": "viewer-1", "operationName": "Other"})
        assert code(other) == "BAD_REQUEST"


UNREGISTERED: list[dict[str, Any]] = [
    {"query": CANCER},
    {"query": VIEWER + " "},
    {"query": "{ __typename }"},
    {"query": "{"},
    {"query": CANCER, "extensions": apq(CANCER)},
    {"extensions": apq(CANCER)},
    {"extensions": apq("", sha256Hash="constructor")},
    {"documentId": "viewer-2"},
    {"documentId": "__proto__"},
    {"documentId": "constructor"},
    {"documentId": f"sha256:{'0' * 64}"},
]


@pytest.mark.parametrize("body", UNREGISTERED, ids=lambda body: ascii(body)[:60])
async def test_what_is_not_registered_is_refused_with_what_to_do(
    connect: Callable[..., httpx.AsyncClient], registered: dict[str, str], body: dict[str, Any]
) -> None:
    async with connect(operations="registered") as http:
        refused = await post(http, body, accept=RESPONSE_JSON)
        assert (refused.status_code, code(refused)) == (400, "OPERATION_NOT_REGISTERED")
        assert "navis-api documents register" in refused.json()["errors"][0]["message"]
        assert (await post(http, body, accept=JSON)).status_code == 200
        # Nor does sending it once register it.
        assert code(await post(http, body)) == "OPERATION_NOT_REGISTERED"


async def test_nobody_is_an_exception(
    connect: Callable[..., httpx.AsyncClient], registered: dict[str, str], tokens: dict[str, str]
) -> None:
    async with connect(operations="registered") as http:
        for kind in ("asker", "reviewer", "administrator"):
            http.headers["Authorization"] = tokens[kind]
            known = await post(http, {"documentId": "viewer-1"})
            assert known.json()["data"]["viewer"]["kind"] != "ANONYMOUS"
            assert code(await post(http, {"query": CANCER})) == "OPERATION_NOT_REGISTERED"


async def test_production_executes_what_is_registered_unless_told_otherwise(
    connect: Callable[..., httpx.AsyncClient], registered: dict[str, str]
) -> None:
    async with connect(environment="production") as http:
        assert code(await post(http, {"query": CANCER})) == "OPERATION_NOT_REGISTERED"
        assert (await post(http, {"documentId": "viewer-1"})).json()["data"] == ANONYMOUS
    async with connect(environment="production", operations="any") as http:
        sent = await post(http, {"query": CANCER, "variables": {"slug": "liver-cancer"}})
        assert sent.json()["data"] == {"cancer": {"slug": "liver-cancer"}}


async def test_an_unknown_id_is_refused_where_any_text_may_be_sent(
    http: httpx.AsyncClient,
) -> None:
    for id_ in ("viewer-1", f"sha256:{sha256(VIEWER)}"):
        refused = await post(http, {"documentId": id_}, accept=RESPONSE_JSON)
        assert (refused.status_code, code(refused)) == (400, "OPERATION_NOT_REGISTERED")


@pytest.mark.parametrize(
    "given",
    [
        7,
        "",
        " ",
        [],
        {},
        True,
        "a b",
        "a\0b",
        "a" * 129,
        "a" * 1_000_000,
        "sha256:",
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 63,
        "md5:" + "a" * 32,
        "viewer-1\n",
        "../viewer-1",
        "\ud800",
    ],
    ids=lambda given: ascii(given)[:40],
)
async def test_an_id_that_is_none_is_refused(http: httpx.AsyncClient, given: object) -> None:
    body = json.dumps({"documentId": given})
    refused = await http.post("/graphql", content=body, headers={"Content-Type": JSON})
    assert (refused.status_code, code(refused)) == (400, "PERSISTED_QUERY_INVALID")


async def test_an_id_goes_with_nothing_else_that_names_a_document(http: httpx.AsyncClient) -> None:
    for other in ({"query": VIEWER}, {"query": 7}, {"extensions": apq(VIEWER)}):
        refused = await post(http, {"documentId": "viewer-1", **other})
        assert (refused.status_code, code(refused)) == (400, "BAD_REQUEST")


async def test_one_that_names_nothing_is_refused_as_ever(http: httpx.AsyncClient) -> None:
    for body in ({}, {"query": None}, {"documentId": None}, {"extensions": {}}):
        refused = await post(http, body)
        assert (refused.status_code, code(refused)) == (400, "BAD_REQUEST")


# Over other transports


async def refusal_over(socket: Socket, payload: dict[str, Any], id_: str) -> str:
    await socket.send({"type": "subscribe", "id": id_, "payload": payload})
    message = await socket.receive()
    assert (message["type"], message["id"]) == ("error", id_)
    (error,) = message["payload"]
    return error["extensions"]["code"]


async def viewer_over(socket: Socket, payload: dict[str, Any], id_: str) -> object:
    await socket.send({"type": "subscribe", "id": id_, "payload": payload})
    message = await socket.receive()
    assert (message["type"], message["id"]) == ("next", id_), message
    assert (await socket.receive())["type"] == "complete"
    return message["payload"]["data"]


async def test_a_socket_takes_hashes_as_well(serve: Callable[..., Any]) -> None:
    async with open_socket(await serve()) as socket:
        await socket.introduce()
        hash_alone = {"extensions": apq(VIEWER)}
        assert await refusal_over(socket, hash_alone, "1") == "PERSISTED_QUERY_NOT_FOUND"
        with_text = {"query": VIEWER, "extensions": apq(VIEWER)}
        assert await viewer_over(socket, with_text, "1") == ANONYMOUS
        assert await viewer_over(socket, hash_alone, "1") == ANONYMOUS
        mismatch = {"query": CANCER, "extensions": apq(VIEWER)}
        assert await refusal_over(socket, mismatch, "1") == "PERSISTED_QUERY_MISMATCH"


async def test_a_socket_executes_what_is_registered_alone(
    serve: Callable[..., Any], registered: dict[str, str], world: World
) -> None:
    async with open_socket(await serve(operations="registered")) as socket:
        await socket.introduce()
        for number, body in enumerate(UNREGISTERED):
            code_ = await refusal_over(socket, body, str(number))
            assert code_ == "OPERATION_NOT_REGISTERED", body
        assert await viewer_over(socket, {"documentId": "viewer-1"}, "v") == ANONYMOUS
        assert await viewer_over(socket, {"query": VIEWER}, "v") == ANONYMOUS
        variables = {"id": global_id("Generation", world.anonymous.generation_id)}
        payload = {"documentId": "follow-1", "variables": variables}
        await socket.send({"type": "subscribe", "id": "f", "payload": payload})
        for sequence in range(1, 6):
            message = await socket.receive()
            assert message["payload"]["data"]["generationEvents"]["sequence"] == sequence
        assert (await socket.receive())["type"] == "complete"


async def test_a_socket_that_has_not_introduced_itself_is_closed_before_anything_is_looked_up(
    serve: Callable[..., Any], registered: dict[str, str]
) -> None:
    async with open_socket(await serve(operations="registered")) as socket:
        payload = {"documentId": "viewer-1"}
        await socket.send({"type": "subscribe", "id": "1", "payload": payload})
        assert (await socket.closed())[0] == 4401


@pytest.mark.parametrize(
    "payload",
    [
        {"documentId": "a b"},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "a"}}},
        {"documentId": "viewer-1", "query": VIEWER},
        {"documentId": "a" * 100_000},
    ],
    ids=lambda payload: ascii(payload)[:40],
)
async def test_a_socket_is_closed_at_a_payload_that_is_none(
    url: str, payload: dict[str, Any]
) -> None:
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.send({"type": "subscribe", "id": "1", "payload": payload})
        assert (await socket.closed())[0] == 4400


async def test_an_event_stream_executes_what_is_registered_alone(
    serve: Callable[..., Any], registered: dict[str, str], world: World
) -> None:
    variables = {"id": global_id("Generation", world.anonymous.generation_id)}
    headers = {"Accept": "text/event-stream", "Content-Type": JSON}
    url = await serve(operations="registered")
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE_S) as http:
        named = {"documentId": "follow-1", "variables": variables}
        stream = parsed((await http.post(url, content=orjson.dumps(named))).text)
        assert [frame.data and "errors" in frame.data for frame in stream[:-1]] == [False] * 5
        unknown = {"query": FOLLOW + " ", "variables": variables}
        refused = parsed((await http.post(url, content=orjson.dumps(unknown))).text)
        (error,) = refused[0].data["errors"]
        assert error["extensions"]["code"] == "OPERATION_NOT_REGISTERED"
        assert [frame.event for frame in refused] == ["next", "complete"]
