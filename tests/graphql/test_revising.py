"""Edits over HTTP: a new revision, checked claim by claim, or nothing at all."""

from typing import Any

import pytest

from navis_api.answers.models import AnswerState
from navis_api.graphql.relay import global_id
from tests.graphql.client import Client
from tests.graphql.reviewing import Reviewing, done, mutation, refused, target
from tests.graphql.staff_operations import on_answer
from tests.review.world import (
    ABLATION,
    COMES_BACK,
    EDITOR,
    LIVER_REVIEWER,
    OTHER_LIVER_REVIEWER,
    SURGERY,
    Given,
)

CLAIMS = """query ($id: ID!, $revision: Int!) { answerRevision(answerId: $id, revision: $revision) {
  author title sections { heading claims { text citations { quote source { id } } } } } }"""
DIFFERENCE = """query ($id: ID!) { answerDifference(answerId: $id, before: 1, after: 2) {
  isEmpty title { kind pieces { kind text } } summary { kind }
  sections { kind before after heading { kind text } }
  claims { kind moved before { section claim } after { section claim } pieces { kind text }
    citationsAdded { quote } citationsDropped { quote } }
  doctorQuestions { kind } nextSteps { kind } gaps { kind } } }"""


async def claims(reviewing: Reviewing, given: Given, revision: int) -> list[str]:
    """Return the texts of a revision's claims."""
    found = await reviewing.ask(EDITOR, CLAIMS, {**on_answer(given), "revision": revision})
    sections = found["answerRevision"]["sections"]
    return [claim["text"] for section in sections for claim in section["claims"]]


def source(reviewing: Reviewing) -> str:
    return global_id("Source", reviewing.world.source.version_id)


async def revise(
    reviewing: Reviewing, given: Given, *edits: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return await reviewing.on(
        LIVER_REVIEWER, "reviseAnswer", given, **{"claims": edits, "reason": "Clearer.", **more}
    )


async def nothing_changed(reviewing: Reviewing, given: Given) -> bool:
    revision = await reviewing.world.newest(given)
    return (revision.number, revision.lock_version) == (given.number, given.version)


async def test_edits_make_a_new_revision_with_its_own_author(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    quote = {"sourceId": source(reviewing), "text": COMES_BACK}
    payload = await revise(
        reviewing,
        given,
        {"drop": {"section": 0, "claim": 1}},
        {"add": {"section": 0, "after": 0, "text": COMES_BACK, "quotes": [quote]}},
        headings=[{"section": 0, "heading": "What is done"}],
        title="Treating liver cancer",
        gaps=["What it costs."],
    )
    assert (done(payload)["revision"], done(payload)["state"]) == (2, "IN_REVIEW")
    assert await claims(reviewing, given, 2) == [ABLATION, COMES_BACK]
    assert await claims(reviewing, given, 1) == [ABLATION, SURGERY]
    found = await reviewing.ask(EDITOR, CLAIMS, {**on_answer(given), "revision": 2})
    written = found["answerRevision"]
    assert (written["author"], written["title"]) == ("Lea Ahmed", "Treating liver cancer")
    assert written["sections"][0]["heading"] == "What is done"
    added = written["sections"][0]["claims"][1]["citations"]
    assert added == [{"quote": COMES_BACK, "source": {"id": source(reviewing)}}]


async def test_what_is_live_stays_so_while_it_is_revised(reviewing: Reviewing) -> None:
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    done(await revise(reviewing, live, title="Treating liver cancer"))
    served = "query ($id: ID!) { node(id: $id) { ... on Answer { revision state } } }"
    found = await reviewing.ask(None, served, on_answer(live))
    assert found["node"] == {"revision": 1, "state": "PUBLISHED"}


async def test_a_claim_can_be_moved(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    done(
        await revise(
            reviewing, given, {"move": {"section": 0, "claim": 1, "toSection": 0, "after": None}}
        )
    )
    assert await claims(reviewing, given, 2) == [SURGERY, ABLATION]
    found = (await reviewing.ask(EDITOR, DIFFERENCE, on_answer(given)))["answerDifference"]
    assert {claim["kind"] for claim in found["claims"]} == {"SAME", "MOVED"}
    assert found["isEmpty"] is False


async def test_an_unsupported_claim_is_named_and_nothing_changed(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    untrue = "Ablation cures 95% of large liver tumors within 3 weeks."
    error = refused(
        await revise(reviewing, given, {"change": {"section": 0, "claim": 0, "text": untrue}})
    )
    assert error["__typename"] == "ClaimsNotSupported"
    (claim,) = error["claims"]
    assert (claim["section"], claim["claim"], claim["text"]) == (0, 0, untrue)
    assert claim["reasons"]
    assert await nothing_changed(reviewing, given)


@pytest.mark.parametrize(
    ("text", "other_source"),
    [("Ablation always works.", False), (ABLATION, True), ("", False), ("  ", False)],
)
async def test_a_quote_that_does_not_stand_in_its_source_is_refused(
    reviewing: Reviewing, text: str, *, other_source: bool
) -> None:
    given = await reviewing.world.given()
    id_ = global_id("Source", given.answer_id) if other_source else source(reviewing)
    quotes = [{"sourceId": id_, "text": text}]
    error = refused(
        await revise(reviewing, given, {"change": {"section": 0, "claim": 0, "quotes": quotes}})
    )
    assert error["__typename"] == "ClaimsNotSupported"
    assert (error["claims"][0]["section"], error["claims"][0]["claim"]) == (0, 0)
    assert await nothing_changed(reviewing, given)


async def test_a_claim_without_a_quote_is_refused(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    error = refused(
        await revise(reviewing, given, {"add": {"section": 0, "text": "It is so.", "quotes": []}})
    )
    assert error["__typename"] == "ClaimsNotSupported"
    assert await nothing_changed(reviewing, given)


PLACE = {"section": 0, "claim": 0}
QUOTED = {"text": ABLATION, "quotes": []}


@pytest.mark.parametrize(
    ("edits", "path"),
    [
        ([{"drop": {"section": 0, "claim": 2}}], "claims"),
        ([{"drop": {"section": 7, "claim": 0}}], "claims"),
        ([{"drop": {"section": -1, "claim": -1}}], "claims"),
        ([{"drop": {"section": 2**31 - 1, "claim": 0}}], "claims"),
        ([{"drop": PLACE}, {"drop": PLACE}], "claims"),
        ([{"drop": PLACE}, {"change": {**PLACE, "text": "x"}}], "claims"),
        ([{"drop": PLACE}, {"drop": {"section": 0, "claim": 1}}], "claims"),
        ([{"move": {**PLACE, "toSection": 3}}], "claims"),
        ([{"move": {**PLACE, "toSection": 0, "after": 9}}], "claims"),
        ([{"add": {"section": 9, **QUOTED}}], "claims"),
        ([{"add": {"section": 0, "after": -1, **QUOTED}}], "claims"),
        ([{"change": {**PLACE, "text": " "}}], "claims"),
        ([{"change": {**PLACE, "text": "x" * 2_001}}], "claims"),
    ],
)
async def test_an_edit_of_what_is_not_there_is_refused(
    reviewing: Reviewing, edits: list[dict[str, Any]], path: str
) -> None:
    given = await reviewing.world.given()
    error = refused(await revise(reviewing, given, *edits))
    assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", path])
    assert await nothing_changed(reviewing, given)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"summary": "x" * 4_001}, "summary"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"gaps": ["x"] * 31}, "gaps"),
        ({"nextSteps": [""]}, "nextSteps"),
        ({"doctorQuestions": ["x" * 1_001]}, "doctorQuestions"),
        ({"headings": [{"section": 0, "heading": " "}]}, "headings"),
        ({"headings": [{"section": 5, "heading": "Options"}]}, "headings"),
    ],
)
async def test_an_edit_of_the_frame_is_checked(
    reviewing: Reviewing, more: dict[str, Any], path: str
) -> None:
    given = await reviewing.world.given()
    error = refused(await revise(reviewing, given, **more))
    assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", path])
    assert await nothing_changed(reviewing, given)


async def test_edits_that_change_nothing_are_refused(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    for edits in ([], [{"change": {**PLACE, "text": ABLATION}}]):
        error = refused(await revise(reviewing, given, *edits))
        assert "change nothing" in error["message"]
    assert await nothing_changed(reviewing, given)


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"drop": None},
        {"drop": PLACE, "move": {**PLACE, "toSection": 0}},
        {"drop": PLACE, "change": None},
    ],
)
async def test_an_edit_is_exactly_one_of_its_kinds(
    reviewing: Reviewing, client: Client, edit: dict[str, Any]
) -> None:
    given = await reviewing.world.given()
    code = await client.code(
        mutation("reviseAnswer"),
        {"input": {**target(given), "reason": "Clearer.", "claims": [edit]}},
        authorization=reviewing.header(LIVER_REVIEWER),
    )
    assert code == "BAD_USER_INPUT"
    assert await nothing_changed(reviewing, given)


async def test_who_edits_the_older_of_two_is_told_of_the_newer(reviewing: Reviewing) -> None:
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    newer = done(
        await reviewing.on(
            OTHER_LIVER_REVIEWER, "reviseAnswer", live, title="Newer", reason="Clearer."
        )
    )
    error = refused(await revise(reviewing, live, title="Mine"))
    assert error["__typename"] == "RevisionConflict"
    assert (error["revision"], error["version"]) == (2, newer["version"])
    assert "Ida Berg wrote revision 2" in error["message"]


async def test_the_difference_names_each_claim_and_its_words(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    shorter = "Ablation destroys small liver tumors."
    done(
        await revise(
            reviewing,
            given,
            {"change": {"section": 0, "claim": 0, "text": shorter}},
            {"drop": {"section": 0, "claim": 1}},
            title="Treating liver cancer",
        )
    )
    found = (await reviewing.ask(EDITOR, DIFFERENCE, on_answer(given)))["answerDifference"]
    assert found["isEmpty"] is False
    assert (found["title"]["kind"], found["summary"]["kind"]) == ("CHANGED", "SAME")
    changed, dropped = found["claims"]
    assert (changed["kind"], dropped["kind"]) == ("CHANGED", "DROPPED")
    assert dropped["after"] is None
    kept = [piece["text"] for piece in changed["pieces"] if piece["kind"] != "DROPPED"]
    was = [piece["text"] for piece in changed["pieces"] if piece["kind"] != "ADDED"]
    assert ("".join(kept), "".join(was)) == (shorter, ABLATION)
    assert [each["quote"] for each in dropped["citationsDropped"]] == [SURGERY]

    missing = (
        "query ($id: ID!) { answerDifference(answerId: $id, before: 1, after: 9) { isEmpty } }"
    )
    assert (await reviewing.ask(EDITOR, missing, on_answer(given)))["answerDifference"] is None


async def test_readers_see_what_was_live_in_the_history_and_the_staff_all(
    reviewing: Reviewing,
) -> None:
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    done(await revise(reviewing, live, title="Treating liver cancer"))
    query = (
        "query ($id: ID!) { node(id: $id) { ... on Answer { history {"
        " revision state reviewer credentials } } } }"
    )
    for_readers = (await reviewing.ask(None, query, on_answer(live)))["node"]["history"]
    for_staff = (await reviewing.ask(EDITOR, query, on_answer(live)))["node"]["history"]
    assert {each["revision"] for each in for_readers} == {1}
    assert {each["revision"] for each in for_staff} == {1, 2}
    assert for_readers[-1]["reviewer"] == "Dr Outside"
