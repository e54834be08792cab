"""askQuestion and cancelGeneration through the API."""

from typing import Any

from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id
from tests.graphql.client import Client
from tests.graphql.world import World, start_generation

ASK = """
mutation ($input: AskQuestionInput!) {
  askQuestion(input: $input) {
    outcome
    question { id text status cancer { slug } }
    answer { title reviewed }
    generation { id status engine events { sequence } }
    safetyNotices { kind message contacts }
    suggestions { text status }
    errors { __typename ... on UserError { message path } }
  }
}
"""
CANCEL = """
mutation ($id: ID!) {
  cancelGeneration(input: {generationId: $id}) {
    generation { status finishedAt events { ... on GenerationFailed { code retryable } } }
    errors { __typename ... on UserError { message path } }
  }
}
"""


async def ask(client: Client, *, by: str | None = None, **given: Any) -> dict[str, Any]:
    return (await client.data(ASK, {"input": given}, authorization=by))["askQuestion"]


async def test_the_same_question_is_served_with_its_reviewed_answer(client: Client) -> None:
    found = await ask(client, text="  WHAT is   Ablation ??", cancer="hepatocellular-carcinoma")
    assert found["outcome"] == "REVIEWED_ANSWER"
    assert found["answer"] == {"title": "What is ablation?", "reviewed": True}
    assert found["generation"] is None
    assert found["errors"] == []


async def test_a_new_question_begins_a_generation(client: Client) -> None:
    found = await ask(client, text="How long is recovery after liver cancer surgery?")
    assert found["outcome"] == "GENERATING"
    assert found["question"]["cancer"]["slug"] == "liver-cancer"
    assert found["question"]["status"] == "GENERATING"
    assert found["generation"]["status"] == "QUEUED"
    assert found["generation"]["events"] == [{"sequence": 1}]
    assert found["answer"] is None
    assert all(near["status"] == "ANSWERED" for near in found["suggestions"])


async def test_a_signed_in_asker_sees_what_they_asked_and_others_do_not(
    client: Client, tokens: dict[str, str]
) -> None:
    found = await ask(client, text="What is stage 2 liver cancer?", by=tokens["asker"])
    id_ = found["question"]["id"]
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for viewer, seen in (("asker", {"id": id_}), ("other", None), ("nobody", None)):
        got = await client.data(query, {"id": id_}, authorization=tokens.get(viewer))
        assert got["node"] == seen


async def test_errors_are_typed_and_say_which_input(client: Client) -> None:
    for given, kind, path in (
        ({"text": "   "}, "InvalidInput", ["input", "text"]),
        ({"text": "x" * 5_000}, "InvalidInput", ["input", "text"]),
        ({"text": "What helps?"}, "UnknownCancer", ["input", "cancer"]),
        ({"text": "What helps?", "cancer": "x"}, "UnknownCancer", ["input", "cancer"]),
        (
            {"text": "What helps in liver cancer?", "personal": True},
            "ConsentRequired",
            ["input", "personal"],
        ),
        (
            {"text": "What helps in liver cancer?", "locale": "xx"},
            "InvalidInput",
            ["input", "locale"],
        ),
        (
            {"text": "What helps in liver cancer?", "idempotencyKey": ""},
            "InvalidInput",
            ["input", "idempotencyKey"],
        ),
    ):
        found = await ask(client, **given)
        assert [error["__typename"] for error in found["errors"]] == [kind]
        assert found["errors"][0]["path"] == path
        assert found["outcome"] is found["question"] is found["generation"] is None


async def test_a_key_gives_its_first_result_and_no_other(client: Client) -> None:
    text = "Can liver cancer be prevented?"
    first = await ask(client, text=text, idempotencyKey="k1")
    again = await ask(client, text=text, idempotencyKey="k1")
    assert again["generation"]["id"] == first["generation"]["id"]
    other = await ask(client, text="Is liver cancer rare?", idempotencyKey="k1")
    assert [error["__typename"] for error in other["errors"]] == ["IdempotencyConflict"]


async def test_null_stands_for_the_default(client: Client) -> None:
    found = await ask(
        client,
        text="Does liver cancer hurt?",
        cancer=None,
        locale=None,
        personal=None,
        idempotencyKey=None,
    )
    assert found["errors"] == []


async def test_a_generation_can_be_cancelled_and_stays_so(
    client: Client, world: World, database: Database
) -> None:
    id_ = global_id("Generation", await start_generation(database, world, "Is it stopped?"))
    for _ in range(2):
        found = (await client.data(CANCEL, {"id": id_}))["cancelGeneration"]
        assert found["errors"] == []
        assert found["generation"]["status"] == "CANCELLED"
        assert found["generation"]["events"] == [{"code": "CANCELLED", "retryable": True}]


async def test_a_second_mutation_in_one_operation_shows_what_the_first_changed(
    client: Client, world: World, database: Database
) -> None:
    id_ = global_id("Generation", await start_generation(database, world, "Is it fresh?"))
    shown = "{ generation { question { status } } }"
    query = f"""mutation ($ask: AskQuestionInput!, $id: ID!) {{
      before: askQuestion(input: $ask) {{ question {{ status }} {shown[1:-1]} }}
      cancelGeneration(input: {{generationId: $id}}) {shown}
      after: askQuestion(input: $ask) {{ outcome question {{ status }} }}
    }}"""
    given = {"text": "Is it fresh?", "cancer": "liver-cancer"}
    found = await client.data(query, {"ask": given, "id": id_})
    assert found["before"]["question"]["status"] == "GENERATING"
    assert found["cancelGeneration"]["generation"]["question"]["status"] == "FAILED"
    assert found["after"] == {"outcome": "GENERATING", "question": {"status": "GENERATING"}}


async def test_one_that_has_ended_stays_as_it_was(client: Client, world: World) -> None:
    id_ = global_id("Generation", world.anonymous.generation_id)
    found = (await client.data(CANCEL, {"id": id_}))["cancelGeneration"]
    assert found["generation"]["status"] == "COMPLETED"


async def test_what_cannot_be_cancelled_is_a_typed_error(client: Client, world: World) -> None:
    for id_, kind in (
        ("garbage", "InvalidInput"),
        (global_id("Question", world.anonymous.question_id), "InvalidInput"),
        (global_id("Generation", world.published[0]), "UnknownGeneration"),
        (global_id("Generation", world.own.generation_id), "UnknownGeneration"),
    ):
        found = (await client.data(CANCEL, {"id": id_}))["cancelGeneration"]
        assert [error["__typename"] for error in found["errors"]] == [kind]
        assert found["errors"][0]["path"] == ["input", "generationId"]
        assert found["generation"] is None
