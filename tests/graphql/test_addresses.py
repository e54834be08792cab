"""The main path and the read path for the public: what each takes, from whom, and how."""

import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.graphql.client import RESPONSE_JSON, Client

READ = '{ cancer(slug: "liver-cancer") { slug } }'
VIEWER = "{ viewer { kind subject } }"
NAMES = [
    "{ __typename }",
    '{ __type(name: "Cancer") { name } }',
    "{ __schema { queryType { name } } }",
    "{ ... { ...Names } } fragment Names on Query { __typename ... on Query { b: __typename } }",
]
MUTATION = 'mutation { cancelGeneration(input: {generationId: "x"}) { errors { __typename } } }'
SUBSCRIPTION = 'subscription { generationEvents(generationId: "x") { sequence } }'


@pytest.fixture
def public(client: Client) -> Client:
    return Client(client.http, f"{client.url}/public")


async def by_get(client: Client, query: str, **parameters: str) -> httpx.Response:
    return await client.http.get(client.url, params={"query": query, **parameters})


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    body = response.json()
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == code
    return body


@pytest.mark.parametrize("query", NAMES)
async def test_get_on_the_main_path_is_not_for_the_schemas_own_names(
    client: Client, query: str
) -> None:
    by_post = await client.send(query)
    assert "errors" not in by_post.json()

    response = await by_get(client, query)

    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"


async def test_get_on_the_main_path_reads_content_with_its_type_names(client: Client) -> None:
    query = '{ __typename ...F } fragment F on Query { cancer(slug: "liver-cancer") { slug } }'
    read = (await by_get(client, query)).json()
    assert read == {"data": {"__typename": "Query", "cancer": {"slug": "liver-cancer"}}}


async def test_get_takes_whatever_is_named_by_its_hash(client: Client) -> None:
    text = NAMES[0]
    named = {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}
    extensions = json.dumps({"persistedQuery": named})

    first = await by_get(client, text, extensions=extensions)
    assert first.json() == {"data": {"__typename": "Query"}}
    again = await client.http.get(client.url, params={"extensions": extensions})
    assert again.json() == first.json()


async def test_only_the_named_operation_counts(client: Client) -> None:
    both = f"query Names {{ __typename }} query Content {READ}"

    refused(await by_get(client, both, operationName="Names"), 405, "METHOD_NOT_ALLOWED")
    read = await by_get(client, both, operationName="Content")
    assert read.json() == {"data": {"cancer": {"slug": "liver-cancer"}}}
    # Which one is meant can't be told: that is what is said, and nothing about methods.
    response = await client.http.get(
        client.url, params={"query": both}, headers={"Accept": RESPONSE_JSON}
    )
    refused(response, 400, "BAD_REQUEST")


@pytest.mark.parametrize("query", [READ, *NAMES])
async def test_the_public_path_answers_every_query_alike_by_post_and_get(
    public: Client, query: str
) -> None:
    posted, got = await public.send(query), await by_get(public, query)

    assert posted.status_code == got.status_code == 200
    assert posted.json()["data"] == got.json()["data"]
    assert "errors" not in posted.json()


@pytest.mark.parametrize("operation", [MUTATION, SUBSCRIPTION])
async def test_the_public_path_takes_nothing_but_queries(public: Client, operation: str) -> None:
    refused(await public.send(operation), 400, "BAD_REQUEST")
    refused(await by_get(public, operation), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("kind", ["asker", "administrator", "forged", "expired"])
async def test_nobody_is_signed_in_on_the_public_path(
    public: Client, tokens: dict[str, str], kind: str
) -> None:
    response = await public.send(VIEWER, authorization=tokens[kind])
    assert response.json()["data"] == {"viewer": {"kind": "ANONYMOUS", "subject": None}}


async def test_the_public_path_takes_no_other_methods(public: Client) -> None:
    response = await public.http.put(public.url)
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, POST"
