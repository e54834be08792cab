"""GraphQL over HTTP: methods, media types, status codes, and who is asking."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from navis_api.graphql.negotiation import negotiate
from tests.graphql.client import JSON, RESPONSE_JSON, Client

VIEWER = "{ viewer { kind subject } }"


async def test_a_query_is_answered(client: Client) -> None:
    response = await client.send(VIEWER)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["data"] == {"viewer": {"kind": "ANONYMOUS", "subject": None}}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", JSON),
        (f"{JSON};q=0.5, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{RESPONSE_JSON};charset=utf-8, {JSON};charset=utf-8", RESPONSE_JSON),
        (f"{JSON};q=0, */*", RESPONSE_JSON),
        ("text/html", None),
        (f"{JSON};q=0", None),
        ("text/event-stream", None),
        (f"{RESPONSE_JSON}, {JSON}, text/event-stream, multipart/mixed", RESPONSE_JSON),
        ("nonsense;;;q=", None),
    ],
)
def test_the_media_type_is_the_one_that_the_client_likes_best(
    accept: str | None, media: str | None
) -> None:
    assert negotiate(accept).json == media


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{}", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ viewer {} }", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int) { questions(first: $n) { nodes { id } } }", {"n": "x"}, "BAD_USER_INPUT"),
        ("{ viewer { " + "kind " * 1001 + " } }", {}, "QUERY_LIMIT_EXCEEDED"),
    ],
)
async def test_a_request_error_has_no_data_and_the_status_of_its_media_type(
    client: Client, accept: str, query: str, variables: dict[str, Any], code: str
) -> None:
    response = await client.send(query, variables, accept=accept)
    assert response.status_code == (400 if accept == RESPONSE_JSON else 200)
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    body = response.json()
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == code


async def test_a_field_error_keeps_its_data_and_200(client: Client) -> None:
    response = await client.send('{ viewer { kind } node(id: "x") { id } }', accept=RESPONSE_JSON)
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"viewer": {"kind": "ANONYMOUS"}, "node": None}
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "id"}


async def test_get_is_for_queries(client: Client) -> None:
    ok = await client.http.get(client.url, params={"query": VIEWER})
    assert ok.json()["data"]["viewer"]["kind"] == "ANONYMOUS"
    with_variables = await client.http.get(
        client.url,
        params={
            "query": "query Q($s: String!) { cancer(slug: $s) { slug } }",
            "variables": '{"s": "liver-cancer"}',
            "operationName": "Q",
            "extensions": "{}",
        },
    )
    assert with_variables.json() == {"data": {"cancer": {"slug": "liver-cancer"}}}
    mutation = 'mutation { cancelGeneration(input: {generationId: "x"}) { errors { __typename } } }'
    subscription = 'subscription { generationEvents(generationId: "x") { sequence } }'
    for refused in (mutation, subscription):
        response = await client.http.get(client.url, params={"query": refused})
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"
        assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_get_is_anonymous_whatever_it_is_sent_with(
    client: Client, tokens: dict[str, str]
) -> None:
    for kind in ("asker", "forged"):
        response = await client.http.get(
            client.url, params={"query": VIEWER}, headers={"Authorization": tokens[kind]}
        )
        assert response.json()["data"]["viewer"] == {"kind": "ANONYMOUS", "subject": None}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(client: Client, method: str) -> None:
    response = await client.http.request(method, client.url)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonish",
        "application/json; charset=utf-16",
    ],
)
async def test_a_body_of_another_type_is_refused(client: Client, content_type: str) -> None:
    response = await client.http.post(
        client.url,
        content=b'{"query": "{ viewer { kind } }"}',
        headers={"Content-Type": content_type},
    )
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; Charset=UTF-8"])
async def test_json_is_taken_however_it_is_spelt(client: Client, content_type: str) -> None:
    response = await client.http.post(
        client.url,
        content=b'{"query": "{ viewer { kind } }"}',
        headers={"Content-Type": content_type},
    )
    assert response.status_code == 200


async def test_a_client_that_accepts_nothing_of_ours_is_told_so(client: Client) -> None:
    response = await client.send(VIEWER, accept="text/html")
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"query": 5},
        {"query": ""},
        {"query": ["{ viewer { kind } }"]},
        {"query": VIEWER, "variables": "{}"},
        {"query": VIEWER, "variables": [1]},
        {"query": VIEWER, "operationName": 1},
        {"query": VIEWER, "operationName": {"a": 1}},
        {"query": VIEWER, "extensions": "x"},
        {"query": VIEWER, "extensions": []},
        [{"query": VIEWER}],
        "query",
        7,
        None,
        True,
    ],
)
async def test_a_body_of_another_form_is_refused(client: Client, body: Any) -> None:
    response = await client.http.post(
        client.url, content=orjson.dumps(body), headers={"Content-Type": JSON}
    )
    assert response.status_code == 400
    code = response.json()["errors"][0]["extensions"]["code"]
    assert code == ("BATCHING_REFUSED" if isinstance(body, list) else "BAD_REQUEST")


async def test_null_stands_for_nothing(client: Client) -> None:
    body = {"query": VIEWER, "variables": None, "operationName": None, "extensions": None}
    assert (await client.http.post(client.url, json=body)).status_code == 200


async def test_the_operation_is_the_one_that_is_named(client: Client) -> None:
    query = "query A { viewer { kind } } query B { cancers(first: 1) { totalCount } }"
    named = await client.http.post(client.url, json={"query": query, "operationName": "B"})
    assert named.json()["data"] == {"cancers": {"totalCount": 3}}
    for name in (None, "C"):
        response = await client.http.post(client.url, json={"query": query, "operationName": name})
        error = response.json()["errors"][0]
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert "operationName" in error["message"]


@pytest.mark.parametrize("kind", ["expired", "forged"])
async def test_a_token_that_is_not_valid_is_refused(
    client: Client, tokens: dict[str, str], kind: str
) -> None:
    response = await client.send(VIEWER, authorization=tokens[kind])
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_viewer_is_whom_the_token_names(client: Client, tokens: dict[str, str]) -> None:
    found = await client.data(VIEWER, authorization=tokens["reviewer"])
    assert found["viewer"] == {"kind": "REVIEWER", "subject": "reviewer-1"}


async def test_a_subscription_needs_an_event_stream(client: Client) -> None:
    response = await client.send(
        'subscription { generationEvents(generationId: "x") { sequence } }', accept=JSON
    )
    assert response.status_code == 406


async def test_introspection_follows_its_setting(build: Callable[..., Any]) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(build(introspection=False)), base_url="http://test"
    ) as http:
        closed = Client(http)
        assert await closed.code("{ __schema { types { name } } }") == "INTROSPECTION_DISABLED"
        typed = '{ __type(name: "Query") { name } t: __type(name: "Answer") { name } __typename }'
        assert await closed.data(typed) == {"__type": None, "t": None, "__typename": "Query"}
        named = "query ($n: String!) { __type(name: $n) { name } }"
        assert await closed.data(named, {"n": "Query"}) == {"__type": None}


async def test_introspection_is_answered_where_it_is_allowed(client: Client) -> None:
    from graphql import build_client_schema, get_introspection_query

    found = await client.data(get_introspection_query())
    assert "Answer" in build_client_schema(found).type_map  # pyright: ignore[reportArgumentType]
