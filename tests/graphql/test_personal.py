"""Asking personally over HTTP: what a patient's app sees of it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.models import GenerationStatus
from navis_api.graphql.relay import parse_id_of
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.findings.deciding import FindingDecision
from tests.asking.personal.world import PersonalWorld
from tests.graphql.client import Client
from tests.graphql.conftest import Clock
from tests.graphql.socket_client import open_socket
from tests.graphql.test_personal_matrix import CANARY, PRIMARY, UNKNOWN, engine
from tests.graphql.world import ASKER, World
from tests.waiting import PATIENCE_S

PATIENT = Viewer(ViewerKind.PATIENT, ASKER)
TEXT = "Does liver cancer come back?"

ASK = """mutation ($input: AskQuestionInput!) { askQuestion(input: $input) {
    outcome safetyNotices { kind } suggestions { id slug }
    question { id text slug status cancer { slug } answer { id } generation { id status } }
    answer { id } generation { id status question { text } events { sequence } }
    errors { __typename ... on UserError { message path }
        ... on ConsentRequired { purposes } } } }"""
ANSWER = """query ($id: ID!) { node(id: $id) { ... on Answer {
    slug scope state reviewed revision title url embedUrl author publishedAt
    body html: body(format: HTML) disclaimer { id text } callToAction { kind }
    review { reviewer } history { revision }
    factsChanged unknowns { kind name question reason } doctorQuestions gaps
    sections { heading claims { text facts { kind name quote status } citations { number } } }
    question { text status } } } }"""
EVENTS = """subscription ($id: ID!, $after: Int) {
    generationEvents(generationId: $id, after: $after) { sequence __typename
    ... on AnswerTextAdded { text }
    ... on GenerationFailed { code }
    ... on GenerationCompleted { answer { id title factsChanged } } } }"""
DELETE = """mutation ($id: ID!) { deletePersonalQuestion(input: {questionId: $id}) {
    deletedQuestionId errors { __typename } } }"""
CANCEL = """mutation ($id: ID!) { cancelGeneration(input: {generationId: $id}) {
    generation { status finishedAt } errors { __typename } } }"""
OWN = """query ($first: Int, $after: String) { viewer {
    personalQuestions(first: $first, after: $after) {
        nodes { id text status answer { title } generation { status } }
        pageInfo { hasNextPage endCursor } } } }"""


@pytest.fixture
def personal(database: Database, tmp_path: Path) -> PersonalWorld:
    """The rooms that the endpoint keeps personal questions in too."""
    return PersonalWorld(database, tmp_path)


async def ask(client: Client, token: str, **given: object) -> dict[str, Any]:
    asked = {"text": TEXT, "personal": True, **given}
    data = await client.data(ASK, {"input": asked}, authorization=token)
    return data["askQuestion"]


def id_of(type_name: str, given: str) -> UUID:
    return parse_id_of(type_name, given, argument="id")


async def test_an_app_is_told_which_consents_are_missing(
    client: Client, personal: PersonalWorld, tokens: dict[str, str]
) -> None:
    for viewer, purposes in (("asker", ["PERSONAL_ANSWERS"]), ("reviewer", [])):
        found = await ask(client, tokens[viewer])
        (error,) = found["errors"]
        assert (error["__typename"], error["path"]) == ("ConsentRequired", ["input", "personal"])
        assert error["purposes"] == purposes
        assert found["question"] is found["outcome"] is None
    del personal


async def test_what_is_urgent_is_said_with_a_refusal(
    client: Client, tokens: dict[str, str]
) -> None:
    text = "I have liver cancer and cough up a lot of blood, what now?"
    found = await ask(client, tokens["asker"], text=text)
    assert [error["__typename"] for error in found["errors"]] == ["ConsentRequired"]
    assert [notice["kind"] for notice in found["safetyNotices"]] == ["EMERGENCY"]


async def test_a_crisis_is_answered_without_consent_for_everybody(
    client: Client, tokens: dict[str, str]
) -> None:
    text = "I have liver cancer and I want to kill myself"
    for viewer in (None, *tokens):
        if viewer in {"expired", "forged"}:
            continue
        data = await client.data(
            ASK,
            {"input": {"text": text, "personal": True}},
            authorization=tokens.get(viewer) if viewer else None,
        )
        found = data["askQuestion"]
        assert found["outcome"] == "DECLINED"
        assert found["errors"] == []
        assert "CRISIS" in [notice["kind"] for notice in found["safetyNotices"]]


async def test_an_answer_says_what_it_rests_on_and_what_is_unknown(
    client: Client, personal: PersonalWorld, world: World, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    await personal.confirmed(PRIMARY, viewer=PATIENT)
    asked = await ask(client, tokens["asker"])
    assert (asked["outcome"], asked["errors"]) == ("GENERATING", [])
    assert asked["question"]["status"] == "GENERATING"
    assert asked["question"]["cancer"]["slug"] == "liver-cancer"
    assert asked["question"]["slug"] is asked["answer"] is asked["question"]["answer"] is None
    assert asked["question"]["generation"]["id"] == asked["generation"]["id"]
    assert asked["generation"]["question"]["text"] == TEXT
    await personal.task(engine(world)).run(id_of("Question", asked["question"]["id"]).bytes)

    query = "query ($id: ID!) { node(id: $id) { ... on Question { status answer { id } } } }"
    data = await client.data(query, {"id": asked["question"]["id"]}, authorization=tokens["asker"])
    assert data["node"]["status"] == "AWAITING_REVIEW"
    id_ = data["node"]["answer"]["id"]
    answer = (await client.data(ANSWER, {"id": id_}, authorization=tokens["asker"]))["node"]
    assert (answer["scope"], answer["state"], answer["reviewed"]) == ("PERSONAL", "DRAFT", False)
    assert [answer[name] for name in ("slug", "url", "embedUrl", "publishedAt", "review")] == [
        None
    ] * 5
    assert answer["callToAction"] is None
    assert answer["history"] == []
    assert answer["disclaimer"]["id"] == "personal-information-1"
    assert "facts that you confirmed" in answer["disclaimer"]["text"]
    for body in (answer["body"], answer["html"]):
        assert "What this rests on in your records" in body
        assert f"{CANARY}heading: liver cancer." in body
    assert answer["unknowns"] == [
        {
            "kind": "TUMOR_MARKER",
            "name": UNKNOWN.name,
            "question": UNKNOWN.doctor_question,
            "reason": UNKNOWN.reason,
        }
    ]
    assert answer["doctorQuestions"][0] == UNKNOWN.doctor_question
    expected = {
        "kind": "PRIMARY_CANCER",
        "name": PRIMARY.name,
        "quote": PRIMARY.quote,
        "status": "CONFIRMED",
    }
    for section in answer["sections"]:
        for claim in section["claims"]:
            assert claim["facts"] == [expected]
            assert claim["citations"]
    assert answer["question"]["text"] == TEXT


async def test_the_disclaimer_is_said_in_the_readers_language(
    client: Client, personal: PersonalWorld, world: World, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    question_id = await personal.asked_id(TEXT, PATIENT)
    await personal.task(engine(world)).run(question_id.bytes)
    response = await client.http.post(
        "/graphql",
        json={
            "query": "{ viewer { personalQuestions { nodes { answer {"
            " untranslated language disclaimer { text } } } } } }"
        },
        headers={"Authorization": tokens["asker"], "Accept-Language": "es"},
    )
    (node,) = response.json()["data"]["viewer"]["personalQuestions"]["nodes"]
    assert node["answer"]["language"] == "en"
    assert node["answer"]["disclaimer"]["text"].startswith("Esto se ha reunido para usted")


@pytest.mark.parametrize("decision", [FindingDecision.REJECT, None])
async def test_an_answer_says_that_its_facts_have_changed(
    client: Client,
    personal: PersonalWorld,
    world: World,
    tokens: dict[str, str],
    decision: FindingDecision | None,
) -> None:
    await personal.allow(viewer=PATIENT)
    (finding,) = await personal.confirmed(PRIMARY, viewer=PATIENT)
    question_id = await personal.asked_id(TEXT, PATIENT)
    await personal.task(engine(world)).run(question_id.bytes)
    query = (
        "{ viewer { personalQuestions { nodes { answer {"
        " factsChanged sections { claims { facts { status } } } } } } } }"
    )

    async def shown() -> dict[str, Any]:
        data = await client.data(query, authorization=tokens["asker"])
        (node,) = data["viewer"]["personalQuestions"]["nodes"]
        return node["answer"]

    before = await shown()
    assert before["factsChanged"] is False
    assert before["sections"][0]["claims"][0]["facts"] == [{"status": "CONFIRMED"}]
    if decision is not None:
        await personal.decide(decision, [finding], PATIENT)
    else:
        data = await client.data("{ records { nodes { id } } }", authorization=tokens["asker"])
        (record,) = data["records"]["nodes"]
        await personal.records.delete(id_of("Record", record["id"]), PATIENT)
    after = await shown()
    assert after["factsChanged"] is True
    left = [{"status": "REJECTED"}] if decision is not None else []
    assert after["sections"][0]["claims"][0]["facts"] == left


async def test_the_events_replay_resume_and_follow(
    client: Client,
    personal: PersonalWorld,
    world: World,
    tokens: dict[str, str],
    url: str,
) -> None:
    await personal.allow(viewer=PATIENT)
    await personal.confirmed(PRIMARY, viewer=PATIENT)
    asked = await ask(client, tokens["asker"])
    question_id = id_of("Question", asked["question"]["id"])
    given = {"id": asked["generation"]["id"], "after": 0}
    async with open_socket(url) as socket:
        await socket.introduce({"authorization": tokens["asker"]})
        await socket.subscribe(EVENTS, given)
        first = await socket.receive()
        writing = asyncio.create_task(personal.task(engine(world)).run(question_id.bytes))
        replies = [first]
        while replies[-1]["type"] == "next":
            replies.append(await asyncio.wait_for(socket.receive(), PATIENCE_S))
        await writing
        events = [each["payload"]["data"]["generationEvents"] for each in replies[:-1]]
        assert replies[-1]["type"] == "complete"
        await socket.subscribe(EVENTS, {**given, "after": 2}, id_="2")
        resumed = [await socket.receive() for _ in events[2:]]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["__typename"] == "GenerationCompleted"
    assert events[-1]["answer"]["title"] == f"{CANARY}title"
    assert events[-1]["answer"]["factsChanged"] is False
    assert [each["payload"]["data"]["generationEvents"] for each in resumed] == events[2:]
    polled = await client.data(
        "query ($id: ID!) { node(id: $id) { ... on Generation {"
        " events(after: 2) { sequence __typename } } } }",
        {"id": given["id"]},
        authorization=tokens["asker"],
    )
    assert [each["sequence"] for each in polled["node"]["events"]] == [
        event["sequence"] for event in events[2:]
    ]


async def test_a_stream_ends_when_its_question_is_deleted(
    client: Client, personal: PersonalWorld, world: World, tokens: dict[str, str], url: str
) -> None:
    await personal.allow(viewer=PATIENT)
    asked = await ask(client, tokens["asker"])
    async with open_socket(url) as socket:
        await socket.introduce({"authorization": tokens["asker"]})
        await socket.subscribe(EVENTS, {"id": asked["generation"]["id"], "after": 0})
        await socket.receive()
        deleted = await client.data(
            DELETE, {"id": asked["question"]["id"]}, authorization=tokens["asker"]
        )
        assert deleted["deletePersonalQuestion"] == {
            "deletedQuestionId": asked["question"]["id"],
            "errors": [],
        }
        ended = await asyncio.wait_for(socket.receive(), PATIENCE_S)
    codes = {each["extensions"]["code"] for each in ended["payload"]["errors"]}
    assert codes == {"NOT_FOUND"}
    del world


async def test_stopping_it_tells_its_followers_and_once_is_enough(
    client: Client, personal: PersonalWorld, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    asked = await ask(client, tokens["asker"])
    for _ in range(2):
        done = await client.data(
            CANCEL, {"id": asked["generation"]["id"]}, authorization=tokens["asker"]
        )
        assert done["cancelGeneration"]["errors"] == []
        assert done["cancelGeneration"]["generation"]["status"] == "CANCELLED"
    row = await personal.row(id_of("Question", asked["question"]["id"]))
    assert row is not None
    assert row.status is GenerationStatus.CANCELLED


async def test_a_list_of_ones_own_is_paged_newest_first(
    client: Client, personal: PersonalWorld, clock: Clock, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    for number in range(3):
        clock.now += timedelta(seconds=1)
        await ask(client, tokens["asker"], text=f"{TEXT} {number}")
    first = await client.data(OWN, {"first": 2}, authorization=tokens["asker"])
    page = first["viewer"]["personalQuestions"]
    assert [node["text"][-1] for node in page["nodes"]] == ["2", "1"]
    assert page["pageInfo"]["hasNextPage"]
    after = page["pageInfo"]["endCursor"]
    rest = await client.data(OWN, {"first": 2, "after": after}, authorization=tokens["asker"])
    assert [each["text"][-1] for each in rest["viewer"]["personalQuestions"]["nodes"]] == ["0"]


async def test_a_key_gives_its_first_question_and_no_other(
    client: Client, personal: PersonalWorld, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    first = await ask(client, tokens["asker"], idempotencyKey="k")
    again = await ask(client, tokens["asker"], idempotencyKey="k")
    assert again["question"]["id"] == first["question"]["id"]
    other = await ask(client, tokens["asker"], text="Is liver cancer rare?", idempotencyKey="k")
    general = await ask(client, tokens["asker"], personal=False, idempotencyKey="k")
    for refused in (other, general):
        assert [error["__typename"] for error in refused["errors"]] == ["IdempotencyConflict"]


async def test_a_key_of_a_general_question_is_not_for_a_personal_one(
    client: Client, personal: PersonalWorld, tokens: dict[str, str]
) -> None:
    await personal.allow(viewer=PATIENT)
    await ask(client, tokens["asker"], personal=False, idempotencyKey="k")
    refused = await ask(client, tokens["asker"], idempotencyKey="k")
    assert [error["__typename"] for error in refused["errors"]] == ["IdempotencyConflict"]
    # Somebody else's key is another key.
    other = await ask(client, tokens["other"], personal=False, idempotencyKey="k")
    assert other["errors"] == []


@pytest.mark.parametrize(
    ("query", "given"),
    [
        (DELETE, {"id": "nonsense"}),
        (DELETE, {"id": "R2VuZXJhdGlvbjow"}),
        (DELETE, {"id": "\0"}),
        (DELETE, {"id": "x" * 5_000}),
    ],
)
async def test_deleting_nonsense_is_a_typed_error(
    client: Client, tokens: dict[str, str], query: str, given: dict[str, str]
) -> None:
    result = await client.run(query, given, authorization=tokens["asker"])
    if result.get("data"):
        (error,) = result["data"]["deletePersonalQuestion"]["errors"]
        assert error["__typename"] == "InvalidInput"
    else:
        codes = {each["extensions"]["code"] for each in result["errors"]}
        assert "INTERNAL" not in str(codes)


@pytest.mark.parametrize("text", ["\0liver cancer?", "liver cancer \ud800?"])
async def test_a_text_that_is_none_changes_nothing(
    client: Client, personal: PersonalWorld, tokens: dict[str, str], text: str
) -> None:
    await personal.allow(viewer=PATIENT)
    body = {"query": ASK, "variables": {"input": {"text": text, "personal": True}}}
    response = await client.http.post(
        "/graphql",
        content=json.dumps(body),
        headers={"Authorization": tokens["asker"], "Content-Type": "application/json"},
    )
    codes = {each["extensions"]["code"] for each in response.json()["errors"]}
    assert codes == {"BAD_USER_INPUT"}
    own = await client.data(OWN, authorization=tokens["asker"])
    assert own["viewer"]["personalQuestions"]["nodes"] == []
