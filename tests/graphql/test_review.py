"""The review over HTTP: the queue, who is at what, comments, decisions, publications."""

from datetime import timedelta

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.graphql.relay import global_id
from navis_api.questions import repository as questions
from navis_api.review.scheduling import publish_due
from tests.graphql.reviewing import Reviewing, done, place, refused
from tests.graphql.staff_operations import answer, on_answer
from tests.graphql.world import ASKER
from tests.review.world import (
    ADMINISTRATOR,
    BREAST_REVIEWER,
    CARCINOMA_REVIEWER,
    EDITOR,
    LIVER_REVIEWER,
    NOON,
    OTHER_EDITOR,
    OTHER_LIVER_REVIEWER,
    SOURCE_TEXT,
    SURGERY,
    Given,
)

QUEUE = """query ($first: Int, $after: String, $cancer: String, $state: AnswerState,
  $mine: Boolean) {
    reviewQueue(first: $first, after: $after, cancer: $cancer, state: $state, mine: $mine) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id revision state reviewItem { urgency queuedAt reasons claimedBy claimedUntil } }
    } }"""
SERVED = "query ($id: ID!) { node(id: $id) { ... on Answer { revision state staleNotice body } } }"


async def queue(reviewing: Reviewing, subject: str = LIVER_REVIEWER, **chosen: object) -> list[str]:
    """Return the ids of a page of the queue."""
    found = await reviewing.ask(subject, QUEUE, chosen)
    return [node["id"] for node in found["reviewQueue"]["nodes"]]


async def in_review(reviewing: Reviewing, count: int) -> list[Given]:
    return [
        await reviewing.world.given(now=NOON - timedelta(days=count - number))
        for number in range(count)
    ]


async def test_the_queue_is_by_urgency_and_then_by_age(reviewing: Reviewing) -> None:
    world = reviewing.world
    young = await world.given(now=NOON)
    old = await world.given(now=NOON - timedelta(days=3))
    urgent = await world.given(priority=2)
    outdated = await world.given(AnswerState.STALE)
    waiting = [urgent, outdated, old, young]
    assert await queue(reviewing) == [answer(each) for each in waiting]
    found = await reviewing.ask(LIVER_REVIEWER, QUEUE)
    items = [node["reviewItem"] for node in found["reviewQueue"]["nodes"]]
    assert [item["urgency"] for item in items] == ["URGENT", "OUTDATED", "ORDINARY", "ORDINARY"]
    assert found["reviewQueue"]["totalCount"] == 4


async def test_the_queue_comes_in_pages_that_miss_nothing(reviewing: Reviewing) -> None:
    given = await in_review(reviewing, 5)
    seen: list[str] = []
    after = None
    while True:
        found = (await reviewing.ask(EDITOR, QUEUE, {"first": 2, "after": after}))["reviewQueue"]
        seen += [node["id"] for node in found["nodes"]]
        assert found["totalCount"] == 5
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == [answer(each) for each in given]


async def test_the_queue_is_narrowed_by_cancer_state_and_claim(reviewing: Reviewing) -> None:
    world = reviewing.world
    liver = await world.given()
    carcinoma = await world.given(AnswerState.APPROVED, cancer="hepatocellular-carcinoma")
    breast = await world.given(cancer="breast-cancer")
    await reviewing.do(LIVER_REVIEWER, "claimReview", **place(liver))

    assert set(await queue(reviewing, cancer="liver-cancer")) == {answer(liver), answer(carcinoma)}
    assert await queue(reviewing, cancer="hepatocellular-carcinoma") == [answer(carcinoma)]
    assert await queue(reviewing, cancer="breast-cancer", state="APPROVED") == []
    assert await queue(reviewing, state="APPROVED") == [answer(carcinoma)]
    assert await queue(reviewing, mine=True) == [answer(liver)]
    assert await queue(reviewing, BREAST_REVIEWER, mine=True) == []
    assert await queue(reviewing, cancer="breast-cancer") == [answer(breast)]
    code = await reviewing.client.code(
        QUEUE, {"cancer": "no-such"}, authorization=reviewing.header(EDITOR)
    )
    assert code != "INTERNAL_SERVER_ERROR"


async def test_the_counts_are_of_what_waits(reviewing: Reviewing) -> None:
    world = reviewing.world
    await world.given()
    await world.given(priority=2)
    await world.given(AnswerState.APPROVED, cancer="breast-cancer")
    await world.given(cancer=None)
    await world.given(AnswerState.PUBLISHED)
    found = await reviewing.ask(
        EDITOR,
        "{ reviewCounts { total byState { state count } byUrgency { urgency count }"
        " byCancer { cancer { slug } count } } }",
    )
    counts = found["reviewCounts"]
    assert counts["total"] == 4
    assert counts["byState"] == [
        {"state": "IN_REVIEW", "count": 3},
        {"state": "APPROVED", "count": 1},
    ]
    assert counts["byUrgency"] == [
        {"urgency": "URGENT", "count": 1},
        {"urgency": "ORDINARY", "count": 3},
    ]
    assert counts["byCancer"][0] == {"cancer": {"slug": "liver-cancer"}, "count": 2}
    assert {"cancer": None, "count": 1} in counts["byCancer"]


async def test_one_at_a_time_has_a_revision(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    first = done(await reviewing.do(LIVER_REVIEWER, "claimReview", **place(given)))
    assert first["reviewItem"]["claimedBy"] == "Lea Ahmed"
    again = done(await reviewing.do(LIVER_REVIEWER, "claimReview", **place(given)))
    assert again["reviewItem"]["claimedUntil"] == first["reviewItem"]["claimedUntil"]

    error = refused(await reviewing.do(OTHER_LIVER_REVIEWER, "claimReview", **place(given)))
    assert (error["__typename"], error["name"]) == ("ClaimedByAnother", "Lea Ahmed")
    assert error["until"] == first["reviewItem"]["claimedUntil"]
    for name, more in (
        ("reviewAnswer", {"decision": "APPROVE"}),
        ("reviseAnswer", {"title": "Another", "reason": "Unclear."}),
    ):
        error = refused(await reviewing.on(OTHER_LIVER_REVIEWER, name, given, **more))
        assert error["__typename"] == "ClaimedByAnother"
    error = refused(await reviewing.do(OTHER_LIVER_REVIEWER, "releaseReview", **place(given)))
    assert error["__typename"] == "ClaimedByAnother"

    freed = done(await reviewing.do(LIVER_REVIEWER, "releaseReview", **place(given)))
    assert freed["reviewItem"] == {"claimedBy": None, "claimedUntil": None}
    assert done(await reviewing.do(OTHER_LIVER_REVIEWER, "claimReview", **place(given)))
    # An administrator may take it from anybody.
    assert done(await reviewing.do(ADMINISTRATOR, "releaseReview", **place(given)))


async def test_what_does_not_wait_is_not_claimed(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.PUBLISHED)
    error = refused(await reviewing.do(LIVER_REVIEWER, "claimReview", **place(given)))
    assert error["__typename"] == "NotThere"
    missing = {"answerId": answer(given), "revision": 99}
    error = refused(await reviewing.do(LIVER_REVIEWER, "claimReview", **missing))
    assert error["__typename"] == "NotThere"


async def test_a_comment_stands_with_its_claim_until_it_is_dealt_with(
    reviewing: Reviewing,
) -> None:
    given = await reviewing.world.given()
    whole = done(await reviewing.comment(EDITOR, given, text="A good one."))
    on_claim = done(
        await reviewing.comment(LIVER_REVIEWER, given, text="How small?", section=0, claim=1)
    )
    assert (whole["section"], whole["claim"], whole["author"]) == (None, None, "Eve Gray")
    resolved = done(await reviewing.do(EDITOR, "resolveComment", commentId=on_claim["id"]))
    assert resolved["resolvedBy"] == "Eve Gray"
    again = done(await reviewing.do(LIVER_REVIEWER, "resolveComment", commentId=on_claim["id"]))
    assert again == resolved

    shown = await reviewing.ask(
        BREAST_REVIEWER,
        "query ($id: ID!) { answerRevision(answerId: $id, revision: 1) {"
        " comments { text section claim resolvedBy } } }",
        on_answer(given),
    )
    assert shown["answerRevision"]["comments"] == [
        {"text": "A good one.", "section": None, "claim": None, "resolvedBy": None},
        {"text": "How small?", "section": 0, "claim": 1, "resolvedBy": "Eve Gray"},
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"text": " "},
        {"text": "x" * 4_001},
        {"text": "Here.", "section": 0},
        {"text": "Here.", "claim": 0},
        {"text": "Here.", "section": 0, "claim": 2},
        {"text": "Here.", "section": 1, "claim": 0},
        {"text": "Here.", "section": -1, "claim": 0},
    ],
)
async def test_a_comment_on_nothing_is_refused(
    reviewing: Reviewing, more: dict[str, object]
) -> None:
    given = await reviewing.world.given()
    error = refused(await reviewing.comment(LIVER_REVIEWER, given, **more))
    assert error["__typename"] == "InvalidInput"
    assert error["path"][0] == "input"


async def test_an_answer_goes_from_draft_to_readers(reviewing: Reviewing) -> None:
    world = reviewing.world
    draft = await world.given(AnswerState.DRAFT)
    assert done(await reviewing.on(EDITOR, "submitForReview", draft))["state"] == "IN_REVIEW"
    given = await world.reread(draft)
    asked = await reviewing.on(
        LIVER_REVIEWER, "reviewAnswer", given, decision="REQUEST_CHANGES", comment="How small?"
    )
    assert done(asked)["state"] == "CHANGES_REQUESTED"
    given = await world.reread(draft)
    revised = done(
        await reviewing.on(
            OTHER_LIVER_REVIEWER, "reviseAnswer", given, summary="In short.", reason="Clearer."
        )
    )
    assert (revised["state"], revised["revision"]) == ("IN_REVIEW", 2)
    step = {"answerId": answer(given), "revision": 2, "expectedVersion": revised["version"]}
    own = refused(
        await reviewing.do(OTHER_LIVER_REVIEWER, "reviewAnswer", **step, decision="APPROVE")
    )
    assert own["__typename"] == "NotAllowed"
    assert "You wrote this revision" in own["message"]
    approved = done(await reviewing.do(LIVER_REVIEWER, "reviewAnswer", **step, decision="APPROVE"))
    assert approved["state"] == "APPROVED"
    step["expectedVersion"] = approved["version"]
    published = done(await reviewing.do(EDITOR, "publishAnswer", **step, slug="how-small-a-tumor"))
    assert published["state"] == "PUBLISHED"

    read = await reviewing.ask(
        None,
        '{ answer(slug: "how-small-a-tumor") { revision summary author reviewed'
        " review { reviewer credentials nextReviewOn } } }",
    )
    assert read["answer"] == {
        "revision": 2,
        "summary": "In short.",
        "author": "Ida Berg",
        "reviewed": True,
        "review": {
            "reviewer": "Lea Ahmed",
            "credentials": "MD",
            "nextReviewOn": "2027-11-21",
        },
    }
    decided = await reviewing.ask(
        EDITOR,
        "query ($id: ID!) { answerRevision(answerId: $id, revision: 1) { state"
        " decisions { decision reviewer comment } } }",
        on_answer(given),
    )
    assert decided["answerRevision"] == {
        "state": "SUPERSEDED",
        "decisions": [
            {"decision": "REQUEST_CHANGES", "reviewer": "Lea Ahmed", "comment": "How small?"}
        ],
    }


async def test_a_reviewer_decides_on_their_own_cancers_alone(reviewing: Reviewing) -> None:
    liver = await reviewing.world.given()
    approve = {"decision": "APPROVE"}
    for subject in (BREAST_REVIEWER, CARCINOMA_REVIEWER):
        error = refused(await reviewing.on(subject, "reviewAnswer", liver, **approve))
        assert error["__typename"] == "NotAllowed"
        assert "Liver cancer" in error["message"]
    below = await reviewing.world.given(cancer="hepatocellular-carcinoma")
    assert done(await reviewing.on(LIVER_REVIEWER, "reviewAnswer", below, **approve))
    nameless = await reviewing.world.given(cancer=None)
    error = refused(await reviewing.on(LIVER_REVIEWER, "reviewAnswer", nameless, **approve))
    assert error["__typename"] == "NotAllowed"


async def test_a_decision_against_a_revision_says_why(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    for comment in (None, "  ", "x" * 4_001):
        error = refused(
            await reviewing.on(
                LIVER_REVIEWER, "reviewAnswer", given, decision="REJECT", comment=comment
            )
        )
        assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", "comment"])
    assert (await reviewing.world.revision(given)).lock_version == given.version


async def test_a_conflict_says_who_changed_what_and_the_version_to_read(
    reviewing: Reviewing,
) -> None:
    given = await reviewing.world.given()
    approved = done(
        await reviewing.on(OTHER_LIVER_REVIEWER, "reviewAnswer", given, decision="APPROVE")
    )
    for subject, name, more in (
        (LIVER_REVIEWER, "reviewAnswer", {"decision": "REJECT", "comment": "It is wrong."}),
        (LIVER_REVIEWER, "reviseAnswer", {"title": "Another", "reason": "Unclear."}),
        (EDITOR, "publishAnswer", {}),
    ):
        error = refused(await reviewing.on(subject, name, given, **more))
        assert error["__typename"] == "RevisionConflict"
        assert (error["changedBy"], error["state"]) == ("Ida Berg", "APPROVED")
        assert (error["revision"], error["version"]) == (1, approved["version"])
        assert error["changedAt"] == NOON.isoformat()
        assert "Ida Berg made it APPROVED" in error["message"]


async def test_a_publication_is_scheduled_cancelled_and_made(reviewing: Reviewing) -> None:
    world = reviewing.world
    given = await world.given(AnswerState.APPROVED)
    later = (NOON + timedelta(hours=2)).isoformat()
    scheduled = done(await reviewing.on(EDITOR, "publishAnswer", given, at=later))
    assert (scheduled["state"], scheduled["publishAt"]) == ("APPROVED", later)
    given = await world.reread(given)
    cancelled = done(await reviewing.on(EDITOR, "cancelScheduledPublication", given))
    assert (cancelled["state"], cancelled["publishAt"]) == ("APPROVED", None)
    given = await world.reread(given)
    error = refused(await reviewing.on(EDITOR, "cancelScheduledPublication", given))
    assert error["__typename"] == "RevisionOutdated"

    done(await reviewing.on(OTHER_EDITOR, "publishAnswer", given, at=later))
    for moment, made in ((NOON + timedelta(hours=1), 0), (NOON + timedelta(hours=2), 1)):
        due = await publish_due(world.database, reviewing.keeper, now=moment)
        assert len(due.published) == made
    assert (await world.revision(given)).state is AnswerState.PUBLISHED


async def test_the_time_of_a_publication_shows_to_the_staff_alone(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.APPROVED)
    later = (NOON + timedelta(hours=2)).isoformat()
    done(await reviewing.on(EDITOR, "publishAnswer", given, at=later))
    async with reviewing.world.database.writing(SYSTEM_ROWS) as session:
        # So that whoever asked sees it before it is published.
        await questions.add_asking(session, given.question_id, ASKER)
    query = "query ($id: ID!) { node(id: $id) { ... on Answer { state publishAt } } }"
    for subject, shown in ((ASKER, None), (BREAST_REVIEWER, later)):
        found = await reviewing.ask(subject, query, on_answer(given))
        assert found["node"] == {"state": "APPROVED", "publishAt": shown}


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-22T08:00:00",
        "2031-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999-14:00",
        "9999-12-31T23:59:59.999999Z",
    ],
)
async def test_a_publication_is_at_a_time_that_can_be_meant(reviewing: Reviewing, at: str) -> None:
    given = await reviewing.world.given(AnswerState.APPROVED)
    error = refused(await reviewing.on(EDITOR, "publishAnswer", given, at=at))
    assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", "at"])
    assert (await reviewing.world.revision(given)).lock_version == given.version


async def test_an_address_is_readable_unique_and_kept(reviewing: Reviewing) -> None:
    world = reviewing.world
    first = await world.given(AnswerState.APPROVED)
    assert done(await reviewing.on(EDITOR, "publishAnswer", first, slug="about-ablation"))
    second = await world.given(AnswerState.APPROVED)
    for slug in ("about-ablation", "About Ablation", "-", "", "a" * 121):
        error = refused(await reviewing.on(EDITOR, "publishAnswer", second, slug=slug))
        assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", "slug"])
    newer = await world.next_given(first, AnswerState.APPROVED)
    error = refused(await reviewing.on(EDITOR, "publishAnswer", newer, slug="another"))
    assert "about-ablation" in error["message"]
    assert done(await reviewing.on(EDITOR, "publishAnswer", newer))


async def test_what_is_retracted_is_served_nowhere(reviewing: Reviewing) -> None:
    world = reviewing.world
    given = await world.given(AnswerState.PUBLISHED, text="Is ablation of case 77 of use?")
    slug = (await world.question_of(given)).slug
    assert slug
    everywhere = """query ($id: ID!, $slug: String!, $text: String!) {
      node(id: $id) { ... on Answer { title } }
      answer(slug: $slug) { title }
      question(slug: $slug) { answer { title } }
      searchQuestions(text: $text) { nodes { id } }
      cancer(slug: "liver-cancer") { questions { nodes { slug } } }
      retraction(slug: $slug) { reason }
      changes { nodes { kind slug reason answer { title } } }
    }"""
    named = {**on_answer(given), "slug": slug, "text": "ablation of case 77 of use"}
    id_ = global_id("Question", given.question_id)
    before = await reviewing.ask(None, everywhere, named)
    assert id_ in [each["id"] for each in before["searchQuestions"]["nodes"]]
    assert before["answer"]
    assert before["retraction"] is None
    assert {"slug": slug} in before["cancer"]["questions"]["nodes"]

    empty = refused(await reviewing.on(EDITOR, "retractAnswer", given, reason=" "))
    assert empty["path"] == ["input", "reason"]
    reason = "The trial it rests on was withdrawn."
    taken = done(await reviewing.on(ADMINISTRATOR, "retractAnswer", given, reason=reason))
    assert taken["state"] == "RETRACTED"
    after = await reviewing.ask(None, everywhere, named)
    assert (after["node"], after["answer"]) == (None, None)
    assert (after["question"] or {"answer": None})["answer"] is None
    assert id_ not in [each["id"] for each in after["searchQuestions"]["nodes"]]
    assert {"slug": slug} not in after["cancer"]["questions"]["nodes"]
    assert after["retraction"]["reason"] == reason
    last = after["changes"]["nodes"][-1]
    assert (last["kind"], last["slug"], last["reason"]) == ("RETRACTED", slug, reason)
    assert last["answer"] is None


async def test_a_stale_answer_says_so_until_it_is_approved_again(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.STALE)
    stale = (await reviewing.ask(None, SERVED, on_answer(given)))["node"]
    assert stale["state"] == "STALE"
    assert stale["staleNotice"].startswith("This answer has been waiting to be checked again")
    assert "Its time is over." in stale["staleNotice"]
    assert stale["staleNotice"][:40] in stale["body"]

    renewed = done(await reviewing.on(LIVER_REVIEWER, "reviewAnswer", given, decision="APPROVE"))
    assert (renewed["state"], renewed["reviewItem"]) == ("PUBLISHED", None)
    fresh = (await reviewing.ask(None, SERVED, on_answer(given)))["node"]
    assert (fresh["revision"], fresh["staleNotice"]) == (1, None)
    assert stale["staleNotice"][:40] not in fresh["body"]


async def test_what_lost_its_quote_is_not_approved_again(reviewing: Reviewing) -> None:
    given = await reviewing.world.given(AnswerState.STALE)
    await reviewing.world.source_becomes(SOURCE_TEXT.replace(SURGERY, "Surgery is rare."))
    error = refused(await reviewing.on(LIVER_REVIEWER, "reviewAnswer", given, decision="APPROVE"))
    assert error["__typename"] == "RevisionOutdated"
    assert "section 1, claim 2" in error["message"]


async def test_what_is_stuck_is_reported_longest_first(reviewing: Reviewing) -> None:
    old = await reviewing.world.given(now=NOON - timedelta(days=30))
    older = await reviewing.world.given(AnswerState.APPROVED, now=NOON - timedelta(days=60))
    await reviewing.world.given()
    found = await reviewing.ask(EDITOR, "{ stuckReviews { kind since answer { id } } }")
    assert [(each["kind"], each["answer"]["id"]) for each in found["stuckReviews"]] == [
        ("NOT_PUBLISHED", answer(older)),
        ("WAITING", answer(old)),
    ]


STAFF_DRAFT = {
    "subject": "new|person",
    "role": "REVIEWER",
    "name": "Nia Jones",
    "credentials": "Oncologist",
    "cancers": ["liver-cancer"],
}


async def test_an_administrator_keeps_the_staff(reviewing: Reviewing) -> None:
    saved = done(await reviewing.do(ADMINISTRATOR, "saveStaffMember", **STAFF_DRAFT))
    assert saved["cancers"] == [{"slug": "liver-cancer"}]
    changed = done(
        await reviewing.do(ADMINISTRATOR, "saveStaffMember", **{**STAFF_DRAFT, "active": False})
    )
    assert (changed["id"], changed["active"]) == (saved["id"], False)
    listed = (await reviewing.ask(EDITOR, "{ staff { id subject active } }"))["staff"]
    assert {"id": saved["id"], "subject": "new|person", "active": False} in listed


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": " "}, "subject"),
        ({"subject": "s" * 201}, "subject"),
        ({"name": " "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"credentials": ""}, "credentials"),
        ({"credentials": "c" * 501}, "credentials"),
        ({"cancers": ["no-such-cancer"]}, "cancers"),
    ],
)
async def test_a_member_who_is_incomplete_is_refused(
    reviewing: Reviewing, wrong: dict[str, object], path: str
) -> None:
    error = refused(
        await reviewing.do(ADMINISTRATOR, "saveStaffMember", **{**STAFF_DRAFT, **wrong})
    )
    assert (error["__typename"], error["path"]) == ("InvalidInput", ["input", path])
    listed = (await reviewing.ask(EDITOR, "{ staff { name } }"))["staff"]
    assert "Nia Jones" not in {each["name"] for each in listed}


async def test_a_period_holds_for_the_next_approval(reviewing: Reviewing) -> None:
    world = reviewing.world
    period = {"cancer": "liver-cancer", "months": 6}
    assert done(await reviewing.do(ADMINISTRATOR, "setReviewPeriod", **period)) == 6
    for months in (0, -1, 61, 2**31 - 1):
        error = refused(
            await reviewing.do(ADMINISTRATOR, "setReviewPeriod", **{**period, "months": months})
        )
        assert error["path"] == ["input", "months"]
    error = refused(
        await reviewing.do(ADMINISTRATOR, "setReviewPeriod", cancer="no-such", months=6)
    )
    assert error["path"] == ["input", "cancer"]

    given = await world.given(cancer="hepatocellular-carcinoma")
    done(await reviewing.on(LIVER_REVIEWER, "reviewAnswer", given, decision="APPROVE"))
    assert str((await world.revision(given)).next_review_on) == "2027-05-21"
    unset = await reviewing.do(ADMINISTRATOR, "setReviewPeriod", cancer="liver-cancer", months=None)
    assert unset == {"months": None, "errors": []}


async def test_an_id_of_something_else_is_refused(reviewing: Reviewing) -> None:
    given = await reviewing.world.given()
    for id_ in ("", "x", global_id("Question", given.question_id), str(given.answer_id)):
        more = {**place(given), "answerId": id_}
        error = refused(await reviewing.do(LIVER_REVIEWER, "claimReview", **more))
        assert error["__typename"] == "InvalidInput"
        error = refused(await reviewing.do(EDITOR, "resolveComment", commentId=id_))
        assert error["__typename"] == "InvalidInput"
