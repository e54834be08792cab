"""`@defer` and `@stream` over HTTP: in the form that was asked for, or refused with what to do."""

import json
from typing import Any

import httpx
import pytest

from navis_api.graphql.incremental.formats import IncrementalFormat
from tests.graphql.client import Client
from tests.graphql.incremental.test_formats import MERGED

QUERY = """
query Deferred($later: Boolean = true) {
  cancers(first: 2) {
    nodes {
      slug
      ... @defer(if: $later, label: "questions") { questions(first: 2) { nodes { text } } }
    }
  }
}
"""
STREAMED = '{ cancer(slug: "liver-cancer") { aliases @stream(initialCount: 1) } }'
PLAIN = {
    QUERY: "{ cancers(first: 2) { nodes { slug questions(first: 2) { nodes { text } } } } }",
    STREAMED: '{ cancer(slug: "liver-cancer") { aliases } }',
}


def frames(response: httpx.Response) -> list[dict[str, Any]]:
    """Read a response as RFC 2046 has it."""
    boundary = '"-"'
    assert f"boundary={boundary}" in response.headers["content-type"]
    text = response.text
    assert text.endswith("\r\n-----\r\n")
    parts = text.removesuffix("\r\n-----\r\n").split("\r\n---\r\n")
    assert parts[0] == ""
    found: list[dict[str, Any]] = []
    for part in parts[1:]:
        head, _, body = part.partition("\r\n\r\n")
        assert head == "Content-Type: application/json; charset=utf-8"
        found.append(json.loads(body))
    return found


@pytest.mark.parametrize("query", [QUERY, STREAMED])
@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("multipart/mixed", IncrementalFormat.BY_PATH),
        (
            (
                "multipart/mixed;deferSpec=20220824,application/graphql-response+json,"
                "application/json;q=0.9"
            ),
            IncrementalFormat.BY_PATH,
        ),
        ("application/json, multipart/mixed;incrementalSpec=v0.2", IncrementalFormat.BY_ID),
    ],
)
async def test_the_parts_come_in_the_form_that_was_asked_for(
    client: Client, query: str, accept: str, format_: IncrementalFormat
) -> None:
    response = await client.send(query, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"].endswith(format_.value)
    assert response.headers["cache-control"].startswith("no-store")
    assert "accept" in response.headers["vary"].lower()
    merged = MERGED[format_](frames(response))
    assert merged.errors == []
    assert merged.data == await client.data(PLAIN[query])


async def test_what_is_not_deferred_comes_as_json(client: Client) -> None:
    accept = "multipart/mixed, application/json"
    response = await client.send(QUERY, {"later": False}, accept=accept)
    assert response.headers["content-type"].startswith("application/json")
    assert response.json()["data"] == await client.data(PLAIN[QUERY])


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/graphql-response+json",
        "application/json, multipart/mixed;incrementalSpec=v9",
        "application/json, multipart/mixed;q=0",
        "*/*",
    ],
)
async def test_who_takes_no_parts_is_told_what_to_send(client: Client, accept: str) -> None:
    response = await client.send(QUERY, accept=accept)
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    assert error["extensions"]["code"] == "INCREMENTAL_DELIVERY_NOT_ACCEPTED"
    assert "Accept: multipart/mixed" in error["message"]


@pytest.mark.parametrize(
    "query",
    [
        "mutation { cancelGeneration(input: {generationId: 1}) @defer { __typename } }",
        'subscription { generationEvents(generationId: "x") { ... @defer { sequence } } }',
        "{ cancers { nodes @stream(initialCount: -1) { slug } } }",
        "{ cancers @stream { nodes { slug } } }",
        (
            '{ cancers { ... @defer(label: "a") { nodes { slug } } ... @defer(label: "a") '
            "{ pageInfo { hasNextPage } } } }"
        ),
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    client: Client, query: str
) -> None:
    response = await client.send(query, accept="multipart/mixed, application/json")
    assert response.headers["content-type"].startswith("application/json")
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes <= {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
    assert not response.json().get("data")


async def test_an_error_in_a_deferred_part_is_the_reader_s(client: Client) -> None:
    query = """{ cancers(first: 1) { nodes { slug
      ... @defer { questions(first: 0) { nodes { text } } } } } }"""
    response = await client.send(query, accept="multipart/mixed", accept_language="es")
    merged = MERGED[IncrementalFormat.BY_PATH](frames(response))
    (error,) = merged.errors
    assert error["message"] == "`first` debe estar entre 1 y 100."
    assert list(merged.data["cancers"]["nodes"][0]) == ["slug"]
