"""Errors: codes for clients, nothing of ours or of a patient's in them, and an id in the log."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import structlog

from navis_api.db.sessions import DatabaseBusy
from navis_api.graphql.errors import without_values
from navis_api.graphql.relay import global_id
from navis_api.questions import published_repository
from tests.graphql.client import RESPONSE_JSON, Client
from tests.graphql.world import World

SECRET = "my wife's melanoma: 'stage 4'"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($v: Int) { questions(first: $v) { nodes { id } } }", {"v": SECRET}),
        ("query ($v: String!) { cancer(slug: $v) { id } }", {"v": [SECRET]}),
        ("query ($v: QuestionOrder) { questions(orderBy: $v) { nodes { id } } }", {"v": SECRET}),
        (
            "mutation ($v: AskQuestionInput!) { askQuestion(input: $v) { outcome } }",
            {"v": {"text": {"x": SECRET}, SECRET: 1}},
        ),
        (
            "mutation ($v: AskQuestionInput!) { askQuestion(input: $v) { outcome } }",
            {"v": {"cancer": SECRET}},
        ),
        ("mutation ($v: AskQuestionInput!) { askQuestion(input: $v) { outcome } }", {"v": SECRET}),
        (f'{{ questions(first: "{SECRET}") {{ nodes {{ id }} }} }}', {}),
        (f'{{ questions(answered: "{SECRET}") {{ nodes {{ id }} }} }}', {}),
        (f'mutation {{ askQuestion(input: {{title: "{SECRET}"}}) {{ outcome }} }}', {}),
        (f'{{ viewer "{SECRET}" }}', {}),
        (f'{{ viewer """{SECRET}""" }}', {}),
        (f'query ($v: Int = "{SECRET}") {{ questions(first: $v) {{ nodes {{ id }} }} }}', {}),
        ("query ($v: String!) { question(slug: $v) { text } node(id: $v) { id } }", {"v": SECRET}),
        ("query ($v: String!) { questions(after: $v) { nodes { id } } }", {"v": SECRET}),
        ("query ($v: String!) { questions(cancer: $v) { nodes { id } } }", {"v": SECRET}),
    ],
)
async def test_no_error_repeats_what_was_sent(
    client: Client, query: str, variables: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    response = await client.send(query, variables)
    assert response.json()["errors"]
    assert all(error["extensions"]["code"] for error in response.json()["errors"])
    for words in ("melanoma", "stage 4", "wife"):
        assert words not in response.text
    captured = capfd.readouterr()
    assert "melanoma" not in captured.out + captured.err


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Variable '$n' has invalid value: Int cannot represent non-integer value: 'x: y'",
            "Variable '$n' has invalid value: Int cannot represent non-integer value.",
        ),
        (
            "Variable '$i' has invalid value at .a: ID cannot represent value: {'a': 'b: c'}",
            "Variable '$i' has invalid value at .a: ID cannot represent value.",
        ),
        (
            "Value 'x' does not exist in 'TextFormat' enum. Did you mean the enum value 'HTML'?",
            "The value is not one of the enum 'TextFormat'.",
        ),
        (
            "Cannot query field 'x' on type 'Query'.",
            "Cannot query field 'x' on type 'Query'.",
        ),
    ],
)
def test_values_are_cut_out_of_messages(said: str, shown: str) -> None:
    assert without_values(said) == shown


async def test_what_is_ours_is_masked_and_logged_under_an_id(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(published_repository, "get_by_slug", fail)
    with structlog.testing.capture_logs() as logs:
        response = await client.send('{ viewer { kind } question(slug: "x") { id } }')
    error = response.json()["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == ["question"]
    assert response.json()["data"] == {"viewer": {"kind": "ANONYMOUS"}, "question": None}
    assert [entry["error_id"] for entry in logs] == [error["extensions"]["errorId"]]
    assert logs[0]["failure"].startswith("RuntimeError at ")
    assert "melanoma" not in response.text + str(logs)


@pytest.mark.parametrize("failure", [DatabaseBusy, TimeoutError])
async def test_a_busy_database_is_503_and_worth_another_try(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    async def busy(*_args: Any) -> None:
        raise failure

    monkeypatch.setattr(published_repository, "get_by_slug", busy)
    response = await client.send('{ question(slug: "x") { id } }', accept=RESPONSE_JSON)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE"}
    assert "data" not in response.json()


async def test_a_pool_without_a_connection_is_503(build: Callable[..., Any], world: World) -> None:
    endpoint = build()
    published = endpoint.services.database.published
    held = [await published._take() for _ in range(published._size)]
    published._wait_s = 0.1
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(endpoint), base_url="http://test"
        ) as http:
            response = await Client(http).send('{ answer(slug: "x") { id } }')
    finally:
        for connection in held:
            published._give_back(connection)
    assert response.status_code == 503


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ("{ questions(first: 0) { nodes { id } } }", "first"),
        ("{ questions(first: 101) { nodes { id } } }", "first"),
        ("{ questions(first: 1, last: 1) { nodes { id } } }", "last"),
        ('{ questions(last: 1, after: "x") { nodes { id } } }', "after"),
        ('{ questions(after: "!!!") { nodes { id } } }', "after"),
        ('{ questions(after: "' + "A" * 3000 + '") { nodes { id } } }', "after"),
        ('{ cancers(after: "W10") { nodes { id } } }', "after"),
        ('{ cancers(last: 2, before: "") { nodes { id } } }', "before"),
        ('{ question(slug: "what-is-ablation") { related(first: -1) { id } } }', "first"),
        ('{ node(id: "garbage") { id } }', "id"),
        ('{ node(id: "") { id } }', "id"),
        ("{ node(id: 5) { id } }", "id"),
        ('{ nodes(ids: ["x"]) { id } }', "ids"),
    ],
)
async def test_an_argument_out_of_its_range_is_named(
    client: Client, query: str, argument: str
) -> None:
    error = (await client.run(query))["errors"][0]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": argument}


async def test_an_id_is_taken_only_as_it_was_given(client: Client, world: World) -> None:
    import base64

    good = global_id("Question", world.published[0])
    plain = base64.b64decode(good).decode()
    others = [
        good + "=",
        good.rstrip("="),
        good + "\n",
        base64.b64encode(plain.upper().replace("QUESTION", "Question").encode()).decode(),
        base64.b64encode(plain.replace("-", "").encode()).decode(),
        base64.b64encode(plain.replace("Question", "Asking").encode()).decode(),
        base64.b64encode(b"Question:" + b"\xff" * 36).decode(),
    ]
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await client.data(query, {"id": good}))["node"] == {"id": good}
    for other in others:
        if other != good:
            assert await client.code(query, {"id": other}) == "BAD_USER_INPUT"


async def test_an_unknown_cancer_is_said_to_be_one(client: Client) -> None:
    error = (await client.run('{ questions(cancer: "x") { nodes { id } } }'))["errors"][0]
    assert error["extensions"] == {"code": "UNKNOWN_CANCER", "argument": "cancer"}
