"""Throttling over the wire: what operations say they cost, who pays, and what is refused."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from navis_api.audit.service import Origin
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.throttle.payer import payer_of
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from tests.graphql.client import RESPONSE_JSON, Client
from tests.graphql.conftest import Build
from tests.graphql.socket_client import open_socket
from tests.graphql.world import World

VIEWER = "{ viewer { kind } }"
CANCERS = "query ($n: Int) { cancers(first: $n) { nodes { slug } } }"
ASK = """mutation ($text: String!) { askQuestion(input: {text: $text}) {
  outcome safetyNotices { kind }
  errors { __typename ... on UserError { message } ... on RateLimited { retryAfterSeconds } } } }"""
FEEDBACK = """mutation ($id: ID!) { giveFeedback(input: {answerId: $id, kind: HELPFUL}) {
  feedback { id }
  errors { __typename ... on RateLimited { retryAfterSeconds } } } }"""
CRISIS = "I have liver cancer and I want to kill myself tonight."
EMERGENCY = "I have liver cancer, my chest hurts badly and I can't breathe."


@asynccontextmanager
async def client_of(endpoint: GraphQLEndpoint, address: str = "192.0.2.1") -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(endpoint, client=(address, 5_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http)


@pytest.fixture
def small(build: Build, world: World) -> GraphQLEndpoint:
    """An endpoint with small buckets that are hardly given back."""
    return build(
        throttle_points=40,
        throttle_restore_per_s=1,
        throttle_address_points=100,
        throttle_address_restore_per_s=1,
    )


async def test_a_response_says_what_it_cost_and_what_is_left(client: Client) -> None:
    result = await client.run(CANCERS, {"n": 50})
    found = len(result["data"]["cancers"]["nodes"])
    cost = result["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (50, found)
    status = cost["throttleStatus"]
    assert status["maximumAvailable"] == 20_000
    assert status["restoreRate"] == 2_000
    assert 19_000 < status["currentlyAvailable"] <= 20_000


async def test_only_what_was_used_is_kept(small: GraphQLEndpoint) -> None:
    async with client_of(small) as client:
        costs = [(await client.run(CANCERS, {"n": 60}))["extensions"]["cost"] for _ in range(3)]
        # Three times 60 would have been too much.
        used = sum(cost["actualQueryCost"] for cost in costs)
        assert costs[-1]["throttleStatus"]["currentlyAvailable"] == pytest.approx(100 - used, abs=2)


@pytest.mark.parametrize("accept", ["application/json", RESPONSE_JSON])
async def test_who_asks_for_too_much_waits(small: GraphQLEndpoint, accept: str) -> None:
    async with client_of(small) as client:
        while (response := await client.send(CANCERS, {"n": 90}, accept=accept)).is_success:
            pass
    assert response.status_code == 429
    assert response.headers["content-type"].startswith(accept)
    result = response.json()
    assert "data" not in result
    error = result["errors"][0]
    assert error["extensions"]["code"] == "THROTTLED"
    wait_s = error["extensions"]["retryAfterSeconds"]
    assert response.headers["retry-after"] == str(wait_s)
    assert 0 < wait_s <= 90
    cost = result["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (90, None)
    assert cost["throttleStatus"]["maximumAvailable"] == 100


async def test_each_pays_for_themselves(small: GraphQLEndpoint, tokens: dict[str, str]) -> None:
    async with client_of(small) as client, client_of(small, "192.0.2.2") as neighbour:
        while (await client.send(CANCERS, {"n": 90})).is_success:
            pass
        assert (await neighbour.send(VIEWER)).status_code == 200
        assert (await client.send(VIEWER, authorization=tokens["asker"])).status_code == 200
        result = await client.run(VIEWER, authorization=tokens["other"])
        assert result["extensions"]["cost"]["throttleStatus"]["maximumAvailable"] == 40


async def test_what_is_refused_is_paid_for_and_then_not_even_read(small: GraphQLEndpoint) -> None:
    async with client_of(small) as client:
        codes = [await client.code("{ nothing }") for _ in range(12)]
    assert set(codes) == {"GRAPHQL_VALIDATION_FAILED", "THROTTLED"}
    assert codes.index("THROTTLED") == 10


async def test_variables_of_a_wrong_type_are_paid_for_as_refused(small: GraphQLEndpoint) -> None:
    async with client_of(small) as client:
        codes = [await client.code(CANCERS, {"n": "many"}) for _ in range(12)]
    assert codes[0] == "BAD_USER_INPUT"
    assert codes[-1] == "THROTTLED"


async def test_a_get_is_charged_and_says_nothing_of_it(small: GraphQLEndpoint) -> None:
    """Others may keep what a GET gives."""
    async with client_of(small) as client:
        first = await client.http.get(client.url, params={"query": "{ cancers { nodes { id } } }"})
        assert first.status_code == 200
        assert "extensions" not in first.json()
        left = (await client.run(VIEWER))["extensions"]["cost"]["throttleStatus"]
        assert left["currentlyAvailable"] < 98
        while (
            response := await client.http.get(
                client.url, params={"query": "{ cancers { nodes { id } } }"}
            )
        ).is_success:
            pass
    assert response.status_code == 429
    assert "cost" not in response.json().get("extensions", {})


async def test_without_a_limit_costs_are_told_all_the_same(build: Build, world: World) -> None:
    async with client_of(build(throttle_address_points=0)) as client:
        costs = [(await client.run(CANCERS, {"n": 100}))["extensions"]["cost"] for _ in range(5)]
    assert {cost["requestedQueryCost"] for cost in costs} == {100}
    assert {cost["throttleStatus"] for cost in costs} == {None}


async def test_operations_over_a_websocket_pay_too(serve: Callable[..., Any]) -> None:
    url = await serve(throttle_address_points=100, throttle_address_restore_per_s=1)
    async with open_socket(url) as socket:
        await socket.introduce()
        await socket.subscribe(VIEWER)
        answer = await socket.receive()
        cost = answer["payload"]["extensions"]["cost"]
        assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (1, 1)
        assert (await socket.receive())["type"] == "complete"
        codes: list[str] = []
        for number in range(12):
            await socket.subscribe("{ nothing }", id_=f"{number}")
            refused = await socket.receive()
            assert refused["type"] == "error"
            codes.append(refused["payload"][0]["extensions"]["code"])
        assert codes[-1] == "THROTTLED"


async def test_asking_very_often_is_refused_with_the_time_to_wait(
    build: Build,
    world: World,
) -> None:
    async with client_of(build(address_asks_per_hour=2)) as client:
        for _ in range(2):
            asked = (await client.data(ASK, {"text": "What is ablation of the liver?"}))[
                "askQuestion"
            ]
            assert all(error["__typename"] != "RateLimited" for error in asked["errors"])
        refused = (await client.data(ASK, {"text": "What is ablation?"}))["askQuestion"]
        assert refused["outcome"] is None
        (error,) = refused["errors"]
        assert error["__typename"] == "RateLimited"
        assert 0 < error["retryAfterSeconds"] <= 1_800


async def test_whoever_is_in_need_is_heard_however_often_they_ask(
    build: Build,
    world: World,
) -> None:
    async with client_of(build(address_asks_per_hour=1)) as client:
        await client.data(ASK, {"text": "What is ablation?"})
        for _ in range(3):
            crisis = (await client.data(ASK, {"text": CRISIS}))["askQuestion"]
            assert crisis["outcome"] == "DECLINED"
            assert crisis["errors"] == []
            assert [notice["kind"] for notice in crisis["safetyNotices"]] == ["CRISIS"]
        emergency = (await client.data(ASK, {"text": EMERGENCY}))["askQuestion"]
        assert emergency["errors"][0]["__typename"] == "RateLimited"
        assert emergency["safetyNotices"][0]["kind"] == "EMERGENCY"


async def test_a_book_of_a_question_is_refused_and_its_ends_are_heard(client: Client) -> None:
    """Recognition reads both ends: all of it would hold up everybody else."""
    for text in (CRISIS + " word" * 20_000, "word " * 20_000 + CRISIS):
        asked = (await client.data(ASK, {"text": text}))["askQuestion"]
        assert asked["errors"][0]["__typename"] == "InvalidInput"
        assert "CRISIS" in {notice["kind"] for notice in asked["safetyNotices"]}


async def test_giving_feedback_very_often_is_refused_and_changes_nothing(
    build: Build, world: World, tokens: dict[str, str]
) -> None:
    async with client_of(build(feedback_per_hour=1)) as client:
        found = await client.data("{ questions(first: 1) { nodes { answer { id } } } }")
        answer = found["questions"]["nodes"][0]["answer"]["id"]
        for expected in (None, "RateLimited"):
            given = (await client.data(FEEDBACK, {"id": answer}, authorization=tokens["asker"]))[
                "giveFeedback"
            ]
            kinds = [error["__typename"] for error in given["errors"]]
            assert kinds == ([expected] if expected else [])
            assert (given["feedback"] is None) is (expected is not None)


def address(host: str | None) -> Origin:
    return Origin(address=host, request_id=None)


def test_who_pays_is_who_is_signed_in_or_where_they_come_from() -> None:
    patient = Viewer(ViewerKind.PATIENT, "p1")
    assert payer_of(patient, address("192.0.2.1")) == payer_of(patient, address("192.0.2.9"))
    assert not payer_of(patient, address(None)).is_many
    assert payer_of(Viewer(ViewerKind.PARTNER, "p"), address(None)).is_many
    assert payer_of(ANONYMOUS, address("192.0.2.1")) != payer_of(ANONYMOUS, address("192.0.2.2"))
    assert payer_of(ANONYMOUS, address("192.0.2.1")).is_many


def test_a_household_has_one_bucket_however_many_addresses_it_has() -> None:
    def payer(host: str) -> object:
        return payer_of(ANONYMOUS, address(host))

    assert payer("2001:db8::1") == payer("2001:db8::2:ffff")
    assert payer("2001:db8::1") != payer("2001:db8:0:1::1")
    assert payer("::ffff:192.0.2.1") == payer("192.0.2.1")
    assert payer("fe80::1%eth0") == payer("fe80::2")
    assert payer("no address") == payer("no address")
