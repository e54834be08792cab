"""The public history of an answer, and what is left of one that was taken back."""

from datetime import timedelta
from typing import Any

import pytest

from navis_api.answers.models import AnswerRevision
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.models import Generation
from navis_api.graphql.relay import global_id
from navis_api.questions.models import Question
from tests import publications
from tests.graphql.client import Client
from tests.graphql.socket_client import open_socket
from tests.graphql.world import NOON, QUOTE, Own, World

LATER = NOON + timedelta(days=1)
LAST = NOON + timedelta(days=2)
HISTORY = """
{ answer(slug: "what-is-ablation") { history {
  revision state at reason correction reviewer credentials publishedAt
} } }
"""
SLUG = "what-is-ablation"


async def history(client: Client, authorization: str | None = None) -> list[dict[str, Any]]:
    found = await client.data(HISTORY, authorization=authorization)
    return found["answer"]["history"]


async def test_the_first_publication_is_the_beginning_of_the_history(
    client: Client, world: World
) -> None:
    assert await history(client) == [
        {
            "revision": 1,
            "state": "PUBLISHED",
            "at": NOON.isoformat(),
            "reason": None,
            "correction": None,
            "reviewer": "Dr Sample",
            "credentials": "Sample",
            "publishedAt": NOON.isoformat(),
        }
    ]


async def test_a_correction_says_why_it_was_made_and_who_approved_it(
    client: Client, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.publish(session, world, question, why="A number was wrong.", now=LATER)
    async with database.writing(SYSTEM_ROWS) as session:
        await publications.expire(session, question, reason="A source changed.", now=LAST)

    first, second = await history(client)

    assert (first["state"], first["at"]) == ("SUPERSEDED", LATER.isoformat())
    assert first["publishedAt"] == NOON.isoformat()
    assert first["reviewer"] == "Dr Sample"
    assert (second["state"], second["at"]) == ("STALE", LAST.isoformat())
    assert second["reason"] == "A source changed."
    assert second["correction"] == "A number was wrong."
    assert second["publishedAt"] == LATER.isoformat()
    assert (second["reviewer"], second["credentials"]) == (
        publications.REVIEWER,
        publications.CREDENTIALS,
    )


async def test_an_approval_that_is_renewed_shows_the_later_reviewer(
    client: Client, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.expire(session, question, reason="Its time has come.", now=LATER)
        revision = await publications.live(session, question)
        assert revision is not None
        await publications.approve(session, revision, by="Dr Later", now=LAST)

    (only,) = await history(client)

    assert (only["state"], only["at"], only["reason"]) == ("PUBLISHED", LAST.isoformat(), None)
    assert only["reviewer"] == "Dr Later"
    assert only["publishedAt"] == NOON.isoformat()


@pytest.mark.parametrize("viewer", ["anonymous", "asker", "reviewer", "administrator"])
async def test_only_staff_see_revisions_that_never_were_live(
    client: Client, database: Database, world: World, tokens: dict[str, str], viewer: str
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.draft(session, world, question, why="An idea.", now=LATER)

    found = await history(client, tokens.get(viewer))

    if viewer in {"anonymous", "asker"}:
        assert [each["revision"] for each in found] == [1]
    else:
        assert [(each["revision"], each["state"]) for each in found] == [
            (1, "PUBLISHED"),
            (2, "IN_REVIEW"),
        ]
        assert found[1]["correction"] == "An idea."
        assert found[1]["publishedAt"] is None
        assert found[1]["reviewer"] is None


RETRACTED = """
{
  answer(slug: "what-is-ablation") { title }
  question(slug: "what-is-ablation") { text }
  retraction(slug: "what-is-ablation") { slug title reason retractedAt }
  searchQuestions(text: "ablation") { nodes { text } }
}
"""


async def test_a_retracted_answer_leaves_its_title_and_the_reason(
    client: Client, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was wrong.", now=LATER)

    found = await client.data(RETRACTED)

    assert found["answer"] is None
    assert found["question"] is None
    assert "What is ablation?" not in [each["text"] for each in found["searchQuestions"]["nodes"]]
    assert found["retraction"] == {
        "slug": SLUG,
        "title": "What is ablation?",
        "reason": "It was wrong.",
        "retractedAt": LATER.isoformat(),
    }


async def test_an_erased_answer_leaves_no_words(
    client: Client, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await publications.erase(session, await session.get_one(Question, world.published[2]))

    found = await client.data(RETRACTED)

    assert found["retraction"]["title"] is None
    assert found["retraction"]["reason"] is None


@pytest.mark.parametrize("slug", ["what-is-ablation", "what-is-nothing", "What Is", ""])
async def test_there_is_no_retraction_where_nothing_was_taken_back(
    client: Client, world: World, slug: str
) -> None:
    query = "query ($slug: String!) { retraction(slug: $slug) { reason } }"
    assert await client.data(query, {"slug": slug}) == {"retraction": None}


async def test_a_retraction_ends_with_a_new_publication(
    client: Client, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was wrong.", now=LATER)
        await publications.publish(session, world, question, why="Right now.", now=LAST)

    found = await client.data(RETRACTED)

    assert found["retraction"] is None
    assert found["answer"] is not None
    first, second = await history(client)
    assert (first["state"], first["reason"]) == ("RETRACTED", "It was wrong.")
    assert (second["state"], second["correction"]) == ("PUBLISHED", "Right now.")


async def test_the_page_of_an_answer_has_an_address_while_it_is_public(
    client: Client, world: World
) -> None:
    query = """query ($id: ID!) {
      answer(slug: "what-is-ablation") { url }
      node(id: $id) { ... on Answer { url } }
    }"""
    found = await client.data(query, {"id": global_id("Answer", world.anonymous.answer_id)})
    assert found["answer"]["url"] == "http://127.0.0.1:8000/answers/what-is-ablation"
    assert found["node"]["url"] is None


EVERYWHERE = """
query ($question: ID!, $answer: ID!, $generation: ID!) {
  question: node(id: $question) { ... on Question {
    answer { body }
    generation { answer { body } }
  } }
  answer: node(id: $answer) { ... on Answer { body } }
  generation: node(id: $generation) { ... on Generation {
    status
    answer { body }
    events { sequence __typename ... on AnswerTextAdded { text citations { quote } } }
  } }
}
"""
TEXTS = """
subscription ($id: ID!) {
  generationEvents(generationId: $id) { ... on AnswerTextAdded { text } }
}
"""


def ids(own: Own) -> dict[str, Any]:
    return {
        "question": global_id("Question", own.question_id),
        "answer": global_id("Answer", own.answer_id),
        "generation": global_id("Generation", own.generation_id),
    }


async def end_with(database: Database, world: World, own: Own, ending: str) -> None:
    """Let a reviewer refuse a draft, or an editor publish it and take it back or correct it."""
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, own.question_id)
        generation = await session.get_one(Generation, own.generation_id)
        revision = await session.get_one(AnswerRevision, generation.revision_id)
        if ending == "rejected":
            await publications.reject(session, revision, now=LATER)
            return
        await publications.approve(session, revision, now=LATER)
        await publications.publish_revision(session, world, question, revision, now=LATER)
        if ending == "corrected":
            await publications.publish(session, world, question, title="Correct", now=LAST)
        if ending in {"retracted", "corrected and retracted"}:
            await publications.retract(session, question, reason="It was wrong.", now=LAST)


@pytest.mark.parametrize("viewer", ["anonymous", "asker"])
@pytest.mark.parametrize("ending", ["rejected", "retracted", "corrected and retracted"])
async def test_what_was_taken_back_shows_to_nobody_who_asked(
    client: Client,
    database: Database,
    world: World,
    tokens: dict[str, str],
    url: str,
    ending: str,
    viewer: str,
) -> None:
    own = world.own if viewer == "asker" else world.anonymous
    token = tokens.get(viewer)
    before = await client.data(EVERYWHERE, ids(own), authorization=token)
    assert QUOTE in str(before)
    await end_with(database, world, own, ending)

    after = await client.data(EVERYWHERE, ids(own), authorization=token)

    assert QUOTE not in str(after)
    assert after["answer"] is None
    assert after["question"] == {"answer": None, "generation": {"answer": None}}
    assert [each["sequence"] for each in after["generation"]["events"]] == [1, 2, 5]
    async with open_socket(url) as socket:
        await socket.introduce({"authorization": token} if token else {})
        await socket.subscribe(TEXTS, {"id": ids(own)["generation"]})
        streamed = [await socket.receive() for _ in range(4)]
    assert [each["type"] for each in streamed] == ["next", "next", "next", "complete"]
    assert QUOTE not in str(streamed)


async def test_what_was_corrected_shows_as_it_is_now(
    client: Client, database: Database, world: World
) -> None:
    await end_with(database, world, world.anonymous, "corrected")

    after = await client.data(EVERYWHERE, ids(world.anonymous))

    assert after["generation"]["answer"]["body"] == after["answer"]["body"]
    assert [each["sequence"] for each in after["generation"]["events"]] == [1, 2, 5]


async def test_staff_still_see_what_was_taken_back(
    client: Client, database: Database, world: World, tokens: dict[str, str]
) -> None:
    await end_with(database, world, world.own, "retracted")
    after = await client.data(EVERYWHERE, ids(world.own), authorization=tokens["reviewer"])
    assert len(after["generation"]["events"]) == 5
    assert after["answer"] is not None
