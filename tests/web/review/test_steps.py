"""The forms of the review's pages: what they do, and what becomes of words that were typed."""

from datetime import timedelta
from typing import NoReturn

import httpx
import pytest
from sqlalchemy import func, select

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.identity.viewer import ANONYMOUS
from navis_api.review import feedback, queue
from navis_api.review.edits import Edits
from navis_api.review.feedback import FeedbackDraft
from navis_api.review.models import (
    AnswerFeedback,
    ClaimComment,
    Decision,
    FeedbackKind,
    ReviewDecision,
)
from tests.review.world import (
    ABLATION,
    BREAST_REVIEWER,
    EDITOR,
    LIVER_REVIEWER,
    NOON,
    OTHER_LIVER_REVIEWER,
    Given,
    World,
)
from tests.web.review.person import (
    Person,
    TestClock,
    hidden_fields,
    page_of,
    signed_in,
    text_of,
    token_for,
)

TYPED = "The heat is <what> destroys it & more."
ESCAPED = "The heat is &lt;what&gt; destroys it &amp; more."


@pytest.fixture
async def lea(world: World, clock: TestClock) -> Person:
    return await signed_in(world, clock, "reviewer", LIVER_REVIEWER)


@pytest.fixture
async def eve(world: World, clock: TestClock) -> Person:
    return await signed_in(world, clock, "editor", EDITOR)


async def count(world: World, model: type) -> int:
    async with world.database.reading(SYSTEM_ROWS) as session:
        return (await session.scalar(select(func.count()).select_from(model))) or 0


def leads_to(reply: httpx.Response, given: Given, code: str, *, number: int = 0) -> None:
    assert reply.status_code == 303, text_of(reply.text)
    address = f"/review/answers/{given.answer_id}/{number or given.number}?done={code}#"
    assert reply.headers["location"].startswith(address)


async def test_claiming_and_releasing(world: World, lea: Person) -> None:
    given = await world.given()
    leads_to(await lea.send(given, "claim"), given, "claimed")
    assert "You, until 21 November 2026, 12:30 UTC" in text_of(await lea.read(page_of(given)))
    leads_to(await lea.send(given, "release"), given, "released")
    assert "Who is at it Nobody" in text_of(await lea.read(page_of(given)))


async def test_a_comment_is_shown_at_its_claim_and_dealt_with(world: World, lea: Person) -> None:
    given = await world.given()
    reply = await lea.send(given, "comment", text=TYPED, section="0", claim="1")
    leads_to(reply, given, "commented")
    page = await lea.read(reply.headers["location"])
    assert "Your comment is there." in page
    assert ESCAPED in page.split('id="claim-1-2"')[1].split("</ol>")[0]
    comment_id = reply.headers["location"].partition("#comment-")[2]
    leads_to(
        await lea.send(given, "resolve-comment", comment=comment_id), given, "comment-resolved"
    )
    assert "dealt with by Lea Ahmed" in await lea.read(page_of(given))


@pytest.mark.parametrize(
    ("decision", "code", "state"),
    [
        ("APPROVE", "approved", AnswerState.APPROVED),
        ("REQUEST_CHANGES", "changes-requested", AnswerState.CHANGES_REQUESTED),
        ("REJECT", "rejected", AnswerState.REJECTED),
    ],
)
async def test_deciding(
    world: World, lea: Person, decision: str, code: str, state: AnswerState
) -> None:
    given = await world.given()
    reply = await lea.send(given, "decide", decision=decision, comment=TYPED)
    leads_to(reply, given, code)
    assert (await world.revision(given)).state is state


async def test_a_stale_answer_is_approved_again(world: World, lea: Person) -> None:
    given = await world.given(AnswerState.STALE)
    assert "Approve it again" in await lea.read(page_of(given))
    leads_to(await lea.send(given, "decide", decision="APPROVE"), given, "approved")
    assert (await world.revision(given)).state is AnswerState.PUBLISHED


async def test_a_draft_is_sent_to_review(world: World, lea: Person) -> None:
    given = await world.given(AnswerState.DRAFT)
    leads_to(await lea.send(given, "submit"), given, "submitted")
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW


async def test_editing_writes_a_new_revision(world: World, lea: Person) -> None:
    given = await world.given()
    reply = await lea.send(
        given,
        "revise",
        reason="To be plainer.",
        summary=" What heat\r\ncan do. ",
        **{
            "claim-0-0": ABLATION,
            "drop-0-1": "1",
            "heading-0": "Heat",
            "gaps": "One thing.\r\n\r\n  Another. ",
            "next_steps": "",
            "doctor_questions": "Am I a candidate?",
        },
    )
    leads_to(reply, given, "revised", number=2)
    new = await world.newest(given)
    assert (new.number, new.state, new.author) == (2, AnswerState.IN_REVIEW, "Lea Ahmed")
    assert new.summary == "What heat can do."
    assert (new.gaps, new.next_steps) == (["One thing.", "Another."], [])
    assert new.doctor_questions == ["Am I a candidate?"]
    [section] = new.content["sections"]
    assert section["heading"] == "Heat"
    assert [claim["text"] for claim in section["claims"]] == [ABLATION]


async def test_a_claim_that_isnt_supported_is_named_where_it_stands(
    world: World, lea: Person
) -> None:
    given = await world.given()
    unsupported = "Surgery cures every <liver> cancer."
    reply = await lea.send(
        given,
        "revise",
        reason="To be plainer.",
        **{"drop-0-0": "1", "claim-0-1": unsupported},
    )
    assert reply.status_code == 422
    assert (await world.newest(given)).number == 1
    page = reply.text
    assert 'href="#claim-0-1">Claim 1.2</a>' in page
    assert 'id="claim-0-1-wrong"' in page
    assert 'id="claim-0-0-wrong"' not in page
    assert "Surgery cures every &lt;liver&gt; cancer.</textarea>" in page
    assert ">To be plainer.</textarea>" in page
    assert 'name="drop-0-0" value="1" checked' in page
    assert 'name="drop-0-1" value="1" checked' not in page


async def test_publishing_now_later_and_not_after_all(world: World, eve: Person) -> None:
    given = await world.given(AnswerState.APPROVED)
    leads_to(await eve.send(given, "schedule", at="2026-11-22T09:30"), given, "scheduled")
    page = text_of(await eve.read(page_of(given)))
    assert "Approved, to be published on 22 November 2026, 09:30 UTC" in page.replace(" ,", ",")
    leads_to(await eve.send(given, "cancel"), given, "unscheduled")
    assert (await world.revision(given)).publish_at is None
    leads_to(await eve.send(given, "publish", slug="heat-against-tumors"), given, "published")
    assert (await world.revision(given)).state is AnswerState.PUBLISHED
    assert 'href="/answers/heat-against-tumors"' in await eve.read(page_of(given))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-21T11:59", "This time is over."),
        ("", "Give a day and a time."),
        ("tomorrow", "Give a day and a time."),
    ],
)
async def test_a_time_that_is_none_publishes_nothing(
    world: World, eve: Person, at: str, said: str
) -> None:
    given = await world.given(AnswerState.APPROVED)
    reply = await eve.send(given, "schedule", at=at)
    assert reply.status_code == 422
    assert said in text_of(reply.text)
    assert f'name="at" required value="{at}"' in reply.text
    revision = await world.revision(given)
    assert (revision.state, revision.publish_at) == (AnswerState.APPROVED, None)


async def test_taking_an_answer_back_needs_a_reason(world: World, eve: Person) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    reply = await eve.send(given, "retract", reason=" ")
    assert reply.status_code == 422
    assert "Give the reason in a sentence." in text_of(reply.text)
    leads_to(await eve.send(given, "retract", reason="It was wrong."), given, "retracted")
    assert (await world.revision(given)).state is AnswerState.RETRACTED


async def test_a_report_is_dealt_with(world: World, lea: Person) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    async with world.database.writing(SYSTEM_ROWS) as session:
        draft = FeedbackDraft(given.answer_id, FeedbackKind.PROBLEM, text="Which heat?")
        report = await feedback.give(session, draft, viewer=ANONYMOUS, now=NOON)
    reply = await lea.send(given, "resolve", feedback=str(report.id), resolution="Explained.")
    leads_to(reply, given, "resolved")
    assert "Which heat?" not in await lea.read(page_of(given))
    async with world.database.reading(SYSTEM_ROWS) as session:
        assert (await session.get_one(AnswerFeedback, report.id)).resolution == "Explained."
    again = await lea.send(given, "resolve", feedback=str(report.id), resolution=TYPED)
    assert again.status_code == 409
    assert "This was dealt with already" in text_of(again.text)
    assert ESCAPED in again.text


async def test_who_changed_what_is_said_and_nothing_typed_is_lost(
    world: World, lea: Person
) -> None:
    given = await world.given()
    read = hidden_fields(await lea.read(page_of(given)))
    await world.decide(given, Decision.APPROVE, by=OTHER_LIVER_REVIEWER)

    reply = await lea.http.post(
        f"{page_of(given)}/decide",
        data=read | {"form": "decide", "decision": "REQUEST_CHANGES", "comment": TYPED},
    )

    assert reply.status_code == 409
    said = "Ida Berg approved it on 21 November 2026, 12:00 UTC, after you had opened this page"
    assert said in text_of(reply.text)
    assert f"{ESCAPED}</textarea>" in reply.text
    assert await count(world, ReviewDecision) == 1
    # The page shows how it is now, so that it can be decided anew.
    now = hidden_fields(reply.text) | {"form": "decide", "decision": "REQUEST_CHANGES"}
    again = await lea.http.post(f"{page_of(given)}/decide", data=now | {"comment": TYPED})
    leads_to(again, given, "changes-requested")


async def test_an_edit_of_what_was_revised_since_is_kept_and_leads_to_the_newer_one(
    world: World, lea: Person
) -> None:
    given = await world.given()
    read = hidden_fields(await lea.read(f"{page_of(given)}/edit"))
    await world.revise(given, Edits(summary="Another summary."))
    reply = await lea.http.post(
        f"{page_of(given)}/revise",
        data=read | {"form": "revise", "claim-0-0": TYPED, "reason": "To be plainer."},
    )
    assert reply.status_code == 409
    assert "Ida Berg replaced it by a later revision on 21 November 2026" in text_of(reply.text)
    assert f'href="/review/answers/{given.answer_id}/2/edit"' in reply.text
    assert f"{ESCAPED}</textarea>" in reply.text
    assert ">To be plainer.</textarea>" in reply.text
    assert (await world.newest(given)).number == 2


async def test_what_was_typed_is_kept_where_its_form_is_gone(world: World, lea: Person) -> None:
    given = await world.given()
    read = hidden_fields(await lea.read(page_of(given)))
    await world.decide(given, Decision.REJECT, by=OTHER_LIVER_REVIEWER)
    reply = await lea.http.post(
        f"{page_of(given)}/decide",
        data=read | {"form": "decide", "decision": "APPROVE", "comment": TYPED},
    )
    assert reply.status_code == 409
    assert "Ida Berg rejected it" in text_of(reply.text)
    assert "</textarea>" in reply.text
    assert 'name="decision"' not in reply.text
    assert ESCAPED in reply.text


async def test_what_another_is_at_cant_be_decided(world: World, lea: Person) -> None:
    given = await world.given()
    read = hidden_fields(await lea.read(page_of(given)))
    async with world.database.writing(world.rows(OTHER_LIVER_REVIEWER)) as session:
        await queue.claim(
            session,
            given.revision_id,
            acting=world.acting(OTHER_LIVER_REVIEWER),
            catalogue=world.catalogue,
            lease_s=1800,
        )
    for step, fields in (("decide", {"decision": "APPROVE"}), ("claim", {})):
        reply = await lea.http.post(f"{page_of(given)}/{step}", data=read | {"form": step} | fields)
        assert reply.status_code == 409
        said = "Ida Berg is at this revision until 21 November 2026, 12:30 UTC"
        assert said in text_of(reply.text)
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW


async def test_services_check_again_what_the_page_doesnt_offer(
    world: World, clock: TestClock
) -> None:
    given = await world.given()
    ana = await signed_in(world, clock, "reviewer", BREAST_REVIEWER)
    reply = await ana.send(given, "decide", decision="APPROVE")
    assert reply.status_code == 403
    assert "You don't decide on answers on Liver cancer." in text_of(reply.text)
    own = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER)
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    reply = await lea.send(own, "decide", decision="APPROVE")
    assert reply.status_code == 403
    assert "somebody else has to approve it" in text_of(reply.text)
    approved = await world.given(AnswerState.APPROVED)
    reply = await lea.send(approved, "publish")
    assert reply.status_code == 403
    assert {(await world.revision(each)).state for each in (given, own)} == {AnswerState.IN_REVIEW}
    assert (await world.revision(approved)).state is AnswerState.APPROVED


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["elsewhere", "null", "none", "cross-site", "same-site"],
)
async def test_forms_of_other_sites_do_nothing(
    world: World, lea: Person, headers: dict[str, str]
) -> None:
    given = await world.given()
    fields = hidden_fields(await lea.read(page_of(given)))
    reply = await lea.http.post(
        f"{page_of(given)}/comment", data=fields | {"text": TYPED}, headers=headers
    )
    assert reply.status_code == 403
    assert "sent from elsewhere" in text_of(reply.text)
    assert await count(world, ClaimComment) == 0


async def test_a_form_without_this_sessions_key_does_nothing_and_is_shown_again(
    world: World, lea: Person
) -> None:
    given = await world.given()
    fields = hidden_fields(await lea.read(page_of(given))) | {"form": "comment-on-claim-1-1"}
    sent = fields | {"text": TYPED, "section": "0", "claim": "0", "key": "of another session"}
    reply = await lea.http.post(f"{page_of(given)}/comment", data=sent)
    assert reply.status_code == 403
    assert await count(world, ClaimComment) == 0
    assert f"{ESCAPED}</textarea>" in reply.text.split('id="claim-1-1"')[1]
    leads_to(
        await lea.http.post(f"{page_of(given)}/comment", data=sent | hidden_fields(reply.text)),
        given,
        "commented",
    )


async def test_a_comment_outlives_the_session_it_was_typed_in(
    world: World, lea: Person, clock: TestClock
) -> None:
    given = await world.given()
    fields = hidden_fields(await lea.read(page_of(given))) | {"form": "comment-on-all"}
    clock.now = NOON + timedelta(hours=2)
    reply = await lea.http.post(f"{page_of(given)}/comment", data=fields | {"text": TYPED})
    assert reply.status_code == 401
    assert "what you typed is not lost" in text_of(reply.text)
    assert f"{ESCAPED}</textarea>" in reply.text
    assert 'name="text" value="The heat' in reply.text

    # They sign in anew, as told, and go on from the page that kept it.
    await lea.http.post("/sign-in", data={"token": _token(clock)})
    again = await lea.http.post(f"{page_of(given)}/comment", data=fields | {"text": TYPED})

    assert again.status_code == 403
    assert "You have signed in anew" in text_of(again.text)
    assert f"{ESCAPED}</textarea>" in again.text
    assert await count(world, ClaimComment) == 0
    sent = fields | {"text": TYPED} | hidden_fields(again.text)
    leads_to(await lea.http.post(f"{page_of(given)}/comment", data=sent), given, "commented")


def _token(clock: TestClock) -> str:
    return token_for("reviewer", LIVER_REVIEWER, now=clock.now)


async def test_words_outlive_a_database_that_is_busy(
    world: World, lea: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await world.given()
    fields = hidden_fields(await lea.read(page_of(given))) | {"form": "comment-on-all"}

    def busy(*_: object) -> NoReturn:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", busy)
        reply = await lea.http.post(f"{page_of(given)}/comment", data=fields | {"text": TYPED})
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "2"
    assert f"{ESCAPED}</textarea>" in reply.text
    again = await lea.http.post(f"{page_of(given)}/comment", data=fields | {"text": TYPED})
    leads_to(again, given, "commented")


async def test_forms_that_are_none_are_refused(world: World, lea: Person) -> None:
    given = await world.given()
    key = hidden_fields(await lea.read(page_of(given)))
    address = f"{page_of(given)}/comment"
    assert (await lea.http.post(address, json={})).status_code == 415
    long = await lea.http.post(address, data=key | {"text": "x" * 2_000_000})
    assert long.status_code == 413
    many = await lea.http.post(address, data=key | {f"field-{at}": "" for at in range(3_000)})
    assert many.status_code == 400
    unknown = await lea.http.post(f"{page_of(given)}/unknown", data=key)
    assert unknown.status_code == 404
    no_version = await lea.http.post(
        f"{page_of(given)}/decide", data={"key": key["key"], "decision": "APPROVE"}
    )
    assert no_version.status_code == 404
    nothing_chosen = await lea.send(given, "decide", decision="PERHAPS")
    assert nothing_chosen.status_code == 422
    nul = await lea.send(given, "comment", text="a\0b")
    leads_to(nul, given, "commented")
