"""Hostile input over HTTP: typed refusals, and a server that goes on serving."""

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.graphql.client import Client
from tests.graphql.test_limits import bomb

NUL, SURROGATE = "a\0b", "a\ud800b"
SEARCH = "query ($v: String!) { searchQuestions(text: $v) { nodes { id } } }"
ASK = "mutation ($v: AskQuestionInput!) { askQuestion(input: $v) { outcome } }"


def body(query: str, variables: Any = None) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "BAD_REQUEST"),
    "empty": (b"", "BAD_REQUEST"),
    "scalar": (b"5", "BAD_REQUEST"),
    "string": (b'"query"', "BAD_REQUEST"),
    "null": (b"null", "BAD_REQUEST"),
    "batch": (b'[{"query": "{ viewer { kind } }"}]', "BATCHING_REFUSED"),
    "invalid UTF-8": (b'{"query": "{ viewer \xff }"}', "BAD_REQUEST"),
    "UTF-16": ('{"query": "{ viewer { kind } }"}'.encode("utf-16"), "BAD_REQUEST"),
    "deep JSON": (
        b'{"query": "{ viewer { kind } }", "variables": ' + b"[" * 5_000,
        "BAD_REQUEST",
    ),
    "deep closed JSON": (
        b'{"query": "{ viewer { kind } }", "variables": {"a": '
        + b"[" * 5_000
        + b"]" * 5_000
        + b"}}",
        "BAD_REQUEST",
    ),
    "very deep JSON": (
        b'{"query": "{ viewer { kind } }", "variables": ' + b"[" * 400_000,
        "QUERY_LIMIT_EXCEEDED",
    ),
    "huge integer": (
        b'{"query": "{ viewer { kind } }", "variables": {"a": ' + b"9" * 5_000 + b"}}",
        "BAD_REQUEST",
    ),
    "not a number": (b'{"query": "{ viewer { kind } }", "variables": {"a": NaN}}', "BAD_REQUEST"),
    "NUL in a variable": (body(SEARCH, {"v": NUL}), "BAD_USER_INPUT"),
    "NUL in an input": (body(ASK, {"v": {"text": NUL}}), "BAD_USER_INPUT"),
    "NUL in a key": (body(ASK, {"v": {NUL: 1}}), "BAD_USER_INPUT"),
    "NUL in an id": (body("query ($v: ID!) { node(id: $v) { id } }", {"v": NUL}), "BAD_USER_INPUT"),
    "NUL in a literal": (
        body('{ searchQuestions(text: "a\\u0000b") { nodes { id } } }'),
        "BAD_USER_INPUT",
    ),
    "NUL as it is in a literal": (
        body(f'{{ question(slug: "{NUL}") {{ id }} }}'),
        "BAD_USER_INPUT",
    ),
    "NUL as it is in a block of text": (
        body(f'mutation {{ askQuestion(input: {{text: """{NUL}"""}}) {{ outcome }} }}'),
        "BAD_USER_INPUT",
    ),
    "NUL as it is in a default value": (
        body(f'query ($v: String! = "{NUL}") {{ question(slug: $v) {{ id }} }}'),
        "BAD_USER_INPUT",
    ),
    "NUL as it is in a fragment": (
        body(f'{{ ...f }} fragment f on Query {{ answer(slug: "{NUL}") {{ id }} }}'),
        "BAD_USER_INPUT",
    ),
    "surrogate as it is in a literal": (
        body(f'{{ question(slug: "{SURROGATE}") {{ id }} }}'),
        "GRAPHQL_PARSE_FAILED",
    ),
    "surrogate as it is in a default value": (
        body(f'query ($v: String! = """{SURROGATE}""") {{ question(slug: $v) {{ id }} }}'),
        "GRAPHQL_PARSE_FAILED",
    ),
    "surrogate in a variable": (body(SEARCH, {"v": SURROGATE}), "BAD_USER_INPUT"),
    "surrogate in an unused variable": (
        body("{ viewer { kind } }", {"x": [SURROGATE]}),
        "BAD_USER_INPUT",
    ),
    "surrogate in a literal": (
        body('{ searchQuestions(text: "a\\ud800b") { nodes { id } } }'),
        "GRAPHQL_PARSE_FAILED",
    ),
    "surrogate in the document": (
        body("{ viewer { kind } } # " + SURROGATE),
        "GRAPHQL_PARSE_FAILED",
    ),
    "surrogate in a name": (body("{ viewer" + SURROGATE + " }"), "GRAPHQL_PARSE_FAILED"),
    "NUL in the document": (body("{ viewer \0 }"), "GRAPHQL_PARSE_FAILED"),
    "very many values": (
        body("{ viewer { kind } }", {"v": [[]] * 200_000}),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "very many keys, deep down": (
        b'{"query": "{ viewer { kind } }", "variables": {"a":'
        + b'{"a":' * 400
        + b"{"
        + b",".join(b'"%d":""' % number for number in range(60_000))
        + b"}" * 403,
        "QUERY_LIMIT_EXCEEDED",
    ),
    "fragment bomb": (body(bomb(40)), "QUERY_LIMIT_EXCEEDED"),
    "deep document": (body("{ a" * 3_000), "GRAPHQL_PARSE_FAILED"),
    "deep list literal": (
        body("{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }"),
        "GRAPHQL_PARSE_FAILED",
    ),
    "huge literal": (
        body("{ questions(first: " + "9" * 5_000 + ") { nodes { id } } }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "integer out of range": (
        body("query ($v: Int) { questions(first: $v) { nodes { id } } }", {"v": 2**40}),
        "BAD_USER_INPUT",
    ),
    "long document": (body("{ viewer { kind } } #" + "x" * 200_000), "QUERY_LIMIT_EXCEEDED"),
    "an alias flood": (
        body("{ " + " ".join(f"a{n}: viewer {{ kind }}" for n in range(40)) + " }"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "a directive flood": (
        body("{ viewer { kind " + "@include(if: true) " * 60 + "} }"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "directives that nobody knows": (
        body("{ viewer { kind " + "@a " * 40 + "} }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a batch of thousands": (
        b"[" + b",".join([b'{"query":"{a}"}'] * 2_000) + b"]",
        "BATCHING_REFUSED",
    ),
    "a circle through connections": (
        body(
            "{ questions(first: 100) { nodes { related(first: 100) { cancer { questions(first: 100)"
            " { nodes { related(first: 100) { id } } } } } } } }"
        ),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "a circle of parents": (
        body('{ cancer(slug: "x") { ' + "parent { " * 30 + "id" + " }" * 30 + " } }"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "a circle through introspection": (
        body("{ __schema { types { " + "fields { type { " * 12 + "name" + " } }" * 12 + " } } }"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "a circle of fragments": (
        body("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "very many variables": (
        body("query (" + " ".join(f"$v{n}: Int" for n in range(10_000)) + ") { viewer { kind } }"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "deep variables": (
        body(ASK, {"v": {"text": json.loads("[" * 400 + "]" * 400)}}),
        "BAD_USER_INPUT",
    ),
    "a long operation name": (
        json.dumps({"query": "{ viewer { kind } }", "operationName": "x" * 900_000}).encode(),
        "BAD_REQUEST",
    ),
    "one field very often": (
        body("{ viewer { kind } " * 1 + "kind " * 1_900 + "}"),
        "QUERY_LIMIT_EXCEEDED",
    ),
    "a definition that can't be executed": (
        body("type Query { a: Int } { viewer { kind } }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_is_refused_with_a_code(client: Client, name: str) -> None:
    content, code = BODIES[name]
    response = await client.http.post(
        client.url, content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in {200, 400}
    result = response.json()
    assert "data" not in result
    assert result["errors"][0]["extensions"]["code"] == code
    assert len(response.content) < 2_000


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"v": {"text": NUL}}, "`$v`, at `text`,"),
        ({"v": {"text": "a", "patient's own words": SURROGATE}}, "`$v`, at `…`,"),
        ({"v": {"text": {"own words " + SURROGATE: 1}}}, "`$v`, at `text`,"),
        ({"v": SURROGATE}, "`$v` "),
        ({"my own words": NUL}, "`$…` "),
    ],
)
async def test_a_refused_text_is_named_and_not_shown(
    client: Client, variables: dict[str, Any], named: str
) -> None:
    response = await client.http.post(
        client.url, content=body(ASK, variables), headers={"Content-Type": "application/json"}
    )
    message = response.json()["errors"][0]["message"]
    assert named in message
    assert "words" not in message


async def test_a_refused_literal_is_named_by_its_argument(client: Client) -> None:
    query = r'mutation { askQuestion(input: {text: "a\u0000b"}) { outcome } }'
    message = (await client.run(query))["errors"][0]["message"]
    assert "`input.text`" in message


async def test_a_literal_of_an_address_is_refused_as_one_of_a_body(client: Client) -> None:
    query = f'{{ question(slug: "{NUL}") {{ id }} }}'
    response = await client.http.get(client.url, params={"query": query})
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "`slug`" in error["message"]


async def test_a_compressed_body_is_refused(client: Client) -> None:
    response = await client.http.post(
        client.url,
        content=gzip.compress(body("{ viewer { kind } }")),
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"


async def raw(url: str, *pieces: bytes, wait_s: float = 10) -> bytes:
    """Send bytes as they are, and return what comes back until the server closes."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        for piece in pieces:
            writer.write(piece)
            try:
                await writer.drain()
            except ConnectionError:
                break
        async with asyncio.timeout(wait_s):
            return await reader.read()
    finally:
        writer.close()


def head(length: str, *more: str) -> bytes:
    lines = (
        "POST /graphql HTTP/1.1",
        "Host: test",
        "Content-Type: application/json",
        length,
        *more,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def still_serves(url: str) -> bool:
    async with httpx.AsyncClient() as http:
        return await Client(http, url).data("{ viewer { kind } }") == {
            "viewer": {"kind": "ANONYMOUS"}
        }


async def test_an_announced_huge_body_is_refused_before_it_comes(url: str) -> None:
    answer = await raw(url, head("Content-Length: 99999999999"))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"PAYLOAD_TOO_LARGE" in answer
    assert await still_serves(url)


async def test_a_huge_body_is_counted_while_it_comes(url: str) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = await raw(url, head("Transfer-Encoding: chunked"), *[chunk] * 17)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert await still_serves(url)


async def test_a_slow_body_is_given_up(serve: Callable[..., Any]) -> None:
    url = await serve(body_timeout_s=0.3)
    answer = await raw(url, head("Content-Length: 100"), b'{"query": ')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"REQUEST_TIMEOUT" in answer
    assert await still_serves(url)


async def test_a_client_that_goes_away_in_mid_body_harms_nobody(url: str) -> None:
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(head("Content-Length: 100") + b'{"query": ')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await still_serves(url)


async def test_bad_parameters_of_a_get_are_refused(client: Client) -> None:
    for parameters in (
        {},
        {"query": "{ viewer { kind } }", "variables": "{"},
        {"query": "{ viewer { kind } }", "variables": "5"},
        {"query": "{ viewer { kind } }", "extensions": "[]"},
        {"query": "{ viewer { kind } }", "variables": "[" * 5_000},
    ):
        response = await client.http.get(client.url, params=parameters)
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_client_that_sends_all_of_a_long_body_reads_why_it_was_refused(url: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.post(
            url, content=b" " * 3_000_000, headers={"Content-Type": "application/json"}
        )
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"
