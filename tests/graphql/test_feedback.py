"""What readers say of answers, over HTTP; and what the staff make of it."""

from typing import Any

import pytest
from sqlalchemy import select

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.graphql.relay import global_id
from navis_api.review.models import AnswerFeedback
from tests.graphql.reviewing import Reviewing, done, refused
from tests.graphql.staff_operations import answer, on_answer
from tests.graphql.world import ASKER, OTHER
from tests.review.world import EDITOR, LIVER_REVIEWER, Given

OPEN = """query ($after: String) { openFeedback(first: 2, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { id kind section claim text resolvedAt answer { id } } } }"""
OWN_WORDS = "My mother was told to stop eating."


async def give(reviewing: Reviewing, who: str | None, given: Given, **said: Any) -> dict[str, Any]:
    return await reviewing.do(who, "giveFeedback", **{"answerId": answer(given), **said})


async def kept(reviewing: Reviewing) -> list[AnswerFeedback]:
    async with reviewing.world.database.reading(SYSTEM_ROWS) as session:
        return list(await session.scalars(select(AnswerFeedback).order_by(AnswerFeedback.id)))


@pytest.mark.parametrize("who", [None, ASKER, LIVER_REVIEWER])
async def test_anybody_may_say_something_of_what_they_read(
    reviewing: Reviewing, who: str | None
) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    said = done(
        await give(
            reviewing, who, given, kind="PROBLEM", section=0, claim=1, revision=1, text=OWN_WORDS
        )
    )
    assert (said["kind"], said["section"], said["claim"]) == ("PROBLEM", 0, 1)
    assert said["text"] == OWN_WORDS
    (stored,) = await kept(reviewing)
    assert (stored.subject, stored.text) == (who, OWN_WORDS)


async def test_harm_goes_to_the_top_of_the_queue_until_it_is_dealt_with(
    reviewing: Reviewing,
) -> None:
    urgent = await reviewing.world.given(priority=1)
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    harm = done(await give(reviewing, None, live, kind="HARM", text=OWN_WORDS))
    queue = "{ reviewQueue { nodes { id state reviewItem { urgency reasons } } } }"
    first, second = (await reviewing.ask(LIVER_REVIEWER, queue))["reviewQueue"]["nodes"]
    assert (first["id"], first["state"]) == (answer(live), "PUBLISHED")
    assert first["reviewItem"]["urgency"] == "HARM"
    assert OWN_WORDS not in str(first["reviewItem"]["reasons"])
    assert second["id"] == answer(urgent)

    resolved = done(
        await reviewing.do(
            LIVER_REVIEWER, "resolveFeedback", feedbackId=harm["id"], resolution="Reworded."
        )
    )
    assert resolved["resolvedAt"]
    nodes = (await reviewing.ask(LIVER_REVIEWER, queue))["reviewQueue"]["nodes"]
    assert [node["id"] for node in nodes] == [answer(urgent)]
    again = refused(
        await reviewing.do(EDITOR, "resolveFeedback", feedbackId=harm["id"], resolution="Seen.")
    )
    assert "already" in again["message"]


async def test_the_same_key_gives_the_first_and_another_input_is_a_conflict(
    reviewing: Reviewing,
) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    said = {"kind": "HARM", "text": OWN_WORDS, "idempotencyKey": "key-1"}
    first = done(await give(reviewing, ASKER, given, **said))
    assert done(await give(reviewing, ASKER, given, **said)) == first
    assert len(await kept(reviewing)) == 1
    error = refused(await give(reviewing, ASKER, given, **{**said, "text": "Something else."}))
    assert error["__typename"] == "IdempotencyConflict"
    # A key is its sender's own.
    other = done(await give(reviewing, OTHER, given, **{**said, "text": "Something else."}))
    assert other["id"] != first["id"]
    assert len(await kept(reviewing)) == 2


async def test_the_words_are_for_whoever_said_them_and_the_staff(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    said = done(await give(reviewing, ASKER, given, kind="PROBLEM", text=OWN_WORDS))
    everything = (
        "query ($id: ID!, $said: ID!) { node(id: $id) { ... on Answer { title body"
        " feedback { helpful notHelpful problem harm openReports } } } said: node(id: $said) { id }"
        " changes { nodes { reason } } }"
    )
    for who in (None, ASKER, OTHER):
        header = reviewing.header(who)
        found = await reviewing.client.send(
            everything, {**on_answer(given), "said": said["id"]}, authorization=header
        )
        assert OWN_WORDS not in found.text
        assert found.json()["data"]["node"]["feedback"] is None
        assert await reviewing.client.code(OPEN, authorization=header) == "FORBIDDEN"
    shown = (await reviewing.ask(LIVER_REVIEWER, OPEN))["openFeedback"]["nodes"]
    assert [(each["text"], each["answer"]["id"]) for each in shown] == [(OWN_WORDS, answer(given))]
    counts = (
        "query ($id: ID!) { node(id: $id) { ... on Answer { feedback { problem openReports } } } }"
    )
    found = await reviewing.ask(EDITOR, counts, on_answer(given))
    assert found["node"]["feedback"] == {"problem": 1, "openReports": 1}


async def test_open_reports_come_in_pages_with_harm_first(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    for kind in ("PROBLEM", "HELPFUL", "HARM", "NOT_HELPFUL", "PROBLEM"):
        done(await give(reviewing, None, given, kind=kind))
    first = (await reviewing.ask(EDITOR, OPEN))["openFeedback"]
    assert first["pageInfo"]["hasNextPage"] is True
    after = {"after": first["pageInfo"]["endCursor"]}
    second = (await reviewing.ask(EDITOR, OPEN, after))["openFeedback"]
    nodes = [*first["nodes"], *second["nodes"]]
    assert [node["kind"] for node in nodes] == ["HARM", "PROBLEM", "PROBLEM"]
    assert len({node["id"] for node in nodes}) == 3


@pytest.mark.parametrize(
    "state", [AnswerState.RETRACTED, AnswerState.REJECTED, AnswerState.SUPERSEDED]
)
async def test_nothing_is_said_of_what_is_not_served(
    reviewing: Reviewing, state: AnswerState
) -> None:
    given = await reviewing.world.given(state)
    error = refused(await give(reviewing, None, given, kind="HELPFUL"))
    assert error["__typename"] == "NotThere"
    assert await kept(reviewing) == []


async def test_a_revision_nobody_was_served_can_not_be_spoken_of(reviewing: Reviewing) -> None:
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    await reviewing.world.next_given(live)
    for revision in (2, 3, 0, -1, 2**31 - 1):
        error = refused(await give(reviewing, ASKER, live, kind="HELPFUL", revision=revision))
        assert error["__typename"] == "NotThere"
    # One that was served may still be before somebody's eyes.
    newer = await reviewing.world.next_given(live, AnswerState.PUBLISHED)
    assert newer.number == 3
    assert done(await give(reviewing, ASKER, live, kind="HELPFUL", revision=1))


@pytest.mark.parametrize(
    "said",
    [
        {"section": 0},
        {"claim": 0},
        {"section": 0, "claim": 2},
        {"section": -1, "claim": -1},
        {"section": 2**31 - 1, "claim": 0},
        {"text": "x" * 2_001},
        {"idempotencyKey": ""},
        {"idempotencyKey": "x" * 201},
    ],
)
async def test_feedback_that_makes_no_sense_is_refused(
    reviewing: Reviewing, said: dict[str, Any]
) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    error = refused(await give(reviewing, ASKER, given, kind="PROBLEM", **said))
    assert (error["__typename"], error["path"][0]) == ("InvalidInput", "input")
    assert await kept(reviewing) == []


async def test_a_resolution_is_said_of_feedback_that_is_there(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    said = done(await give(reviewing, None, given, kind="PROBLEM"))
    for resolution in ("", " ", "x" * 2_001):
        error = refused(
            await reviewing.do(
                EDITOR, "resolveFeedback", feedbackId=said["id"], resolution=resolution
            )
        )
        assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", "resolution"])
    for id_, kind in (
        (global_id("Feedback", given.answer_id), "NotThere"),
        (answer(given), "InvalidInput"),
    ):
        error = refused(
            await reviewing.do(EDITOR, "resolveFeedback", feedbackId=id_, resolution="Seen.")
        )
        assert error["__typename"] == kind
