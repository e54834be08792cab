"""The page of a revision: what a reviewer reads there, and which forms they are shown."""

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import ANONYMOUS
from navis_api.kit.ids import new_id
from navis_api.review import comments, feedback, queue
from navis_api.review.comments import ClaimPlace
from navis_api.review.edits import ChangeClaim, DropClaim, Edits
from navis_api.review.feedback import FeedbackDraft
from navis_api.review.models import Decision, FeedbackKind
from tests.review.world import (
    ABLATION,
    ADMINISTRATOR,
    BREAST_REVIEWER,
    COMES_BACK,
    EDITOR,
    LIVER_REVIEWER,
    OTHER_LIVER_REVIEWER,
    SURGERY,
    Given,
    World,
)
from tests.web.review.person import TestClock, page_of, signed_in, text_of


async def test_each_claim_stands_beside_its_quote_and_source(
    world: World, clock: TestClock
) -> None:
    given = await world.given(text="What is ablation?")
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(given))
    text = text_of(page)
    assert "The question What is ablation? About Liver cancer State Revision 1: In review" in text
    assert "Written by Navis AI on 21 November 2026, 12:00 UTC" in text
    assert "Reading grade 6.3" in text
    claim = page.split('id="claim-1-1"')[1].split('id="claim-1-2"')[0]
    assert text_of("<li" + claim).startswith(f"Claim 1.1 {ABLATION} [1]")
    assert f"<mark>{ABLATION}</mark>" in claim
    assert f'<span class="around"> {SURGERY}</span>' in claim
    assert (
        '<a href="https://example.org/liver" rel="noreferrer">Liver cancer treatment</a>,'
        " A public institute, last reviewed on 2 January 2026, under “Treatment”"
    ) in claim


async def test_a_claim_whose_quote_no_longer_stands_is_marked(
    world: World, clock: TestClock
) -> None:
    given = await world.given(sections=world.sections(COMES_BACK, SURGERY))
    await world.source_becomes(f"# Liver cancer treatment\n\n## Treatment\n\n{SURGERY}\n")
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(given))
    first, second = page.split('id="claim-1-1"')[1].split('id="claim-1-2"')
    assert "This quote may no longer stand." in first
    assert "has changed, and the words that this claim quotes" in first
    assert "This quote may no longer stand." not in second.split("</ol>")[0]


async def test_comments_stand_at_their_claims_and_decisions_below(
    world: World, clock: TestClock
) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(OTHER_LIVER_REVIEWER)) as session:
        for place, said in ((ClaimPlace(0, 1), "Which part?"), (None, "<b>Well written.</b>")):
            await comments.add(
                session, given.revision_id, place, said, acting=world.acting(OTHER_LIVER_REVIEWER)
            )
    await world.decide(given, Decision.REQUEST_CHANGES, comment="Say which part.")
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(given))
    assert "Which part?" in page.split('id="claim-1-2"')[1].split("</ol>")[0]
    assert "<b>" not in page
    text = text_of(page)
    assert "Comments on all of it (1)" in text
    assert "Ida Berg , 21 November 2026, 12:00 UTC <b>Well written.</b>" in text
    assert "Asked for changes by Lea Ahmed, MD, 21 November 2026, 12:00 UTC Say which part." in text


async def test_what_changed_is_shown_at_the_claim_and_at_the_top(
    world: World, clock: TestClock
) -> None:
    given = await world.given(sections=world.sections(COMES_BACK, ABLATION, SURGERY))
    reworded = "Surgery removes the part of the liver with the tumor."
    edits = (DropClaim(0, 0), ChangeClaim(0, 2, text=reworded))
    written = await world.revise(given, Edits(claims=edits))
    new = Given(given.question_id, given.answer_id, written.id, 2, written.lock_version)
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(new))
    text = text_of(page)
    assert "What changed since revision 1" in text
    assert f"Claim 1.1 of revision 1, dropped: [dropped:] {COMES_BACK}" in text
    assert "[dropped:] that holds [end] [added:] with [end] the tumor." in text
    assert "Changed since revision 1" in page.split('id="claim-1-2"')[1]
    assert "since revision 1" not in page.split('id="claim-1-1"')[1].split('id="claim-1-2"')[0]
    assert "What was said of revision 1" not in text
    # The other way round, and against itself.
    assert "There is a newer revision, by Ida Berg" in text_of(await lea.read(page_of(given)))
    assert "What changed since revision 2" in await lea.read(f"{page_of(given)}?against=2")
    assert "What changed since" not in await lea.read(f"{page_of(new)}?against=2")


async def test_what_readers_report_is_shown_to_be_dealt_with(
    world: World, clock: TestClock
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    async with world.database.writing(SYSTEM_ROWS) as session:
        draft = FeedbackDraft(given.answer_id, FeedbackKind.HARM, None, 0, 1, "It hurt somebody.")
        await feedback.give(session, draft, viewer=ANONYMOUS, now=clock.now)
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    text = text_of(await lea.read(page_of(given)))
    assert "Urgency Harm reported" in text
    assert "Harm , 21 November 2026, 12:00 UTC , about claim 1.2 It hurt somebody." in text


_BUTTONS = {
    "claim": ">Claim it</button>",
    "approve": 'value="APPROVE"',
    "request": 'value="REQUEST_CHANGES"',
    "reject": 'value="REJECT"',
    "edit": "/edit",
    "submit": "/submit#",
    "publish": "/publish#",
    "schedule": "/schedule#",
    "retract": "/retract#",
}

_SHOWN = {
    ("reviewer", AnswerState.DRAFT): "reject edit submit",
    ("reviewer", AnswerState.IN_REVIEW): "claim approve request reject edit",
    ("reviewer", AnswerState.CHANGES_REQUESTED): "claim reject edit",
    ("reviewer", AnswerState.APPROVED): "claim request reject edit",
    ("reviewer", AnswerState.PUBLISHED): "edit",
    ("reviewer", AnswerState.STALE): "claim approve edit",
    ("reviewer", AnswerState.RETRACTED): "",
    ("reviewer", AnswerState.REJECTED): "",
    ("editor", AnswerState.DRAFT): "edit submit",
    ("editor", AnswerState.IN_REVIEW): "claim edit",
    ("editor", AnswerState.CHANGES_REQUESTED): "claim edit",
    ("editor", AnswerState.APPROVED): "claim edit publish schedule",
    ("editor", AnswerState.PUBLISHED): "edit retract",
    ("editor", AnswerState.STALE): "claim edit retract",
    ("editor", AnswerState.RETRACTED): "",
    ("editor", AnswerState.REJECTED): "",
    ("admin", AnswerState.IN_REVIEW): "claim",
    ("admin", AnswerState.PUBLISHED): "retract",
    ("other", AnswerState.IN_REVIEW): "",
    ("other", AnswerState.APPROVED): "",
}
_SUBJECTS = {
    "reviewer": LIVER_REVIEWER,
    "editor": EDITOR,
    "admin": ADMINISTRATOR,
    "other": BREAST_REVIEWER,
}


def shown(page: str) -> str:
    return " ".join(name for name, mark in _BUTTONS.items() if mark in page)


@pytest.mark.parametrize(
    ("who", "state"), _SHOWN, ids=[f"{who}-{state.value}" for who, state in _SHOWN]
)
async def test_everybody_sees_what_they_may_do_and_nothing_else(
    world: World, clock: TestClock, who: str, state: AnswerState
) -> None:
    given = await world.given(state)
    role = "reviewer" if who == "other" else who
    person = await signed_in(world, clock, role, _SUBJECTS[who])
    page = await person.read(page_of(given))
    assert shown(page) == _SHOWN[who, state]
    assert "Comment on claim 1.1" in page
    edit = await person.http.get(f"{page_of(given)}/edit")
    assert edit.status_code == (200 if "edit" in _SHOWN[who, state] else 303)


async def test_nobody_is_offered_to_approve_their_own_revision(
    world: World, clock: TestClock
) -> None:
    given = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER)
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(given))
    assert shown(page) == "claim request reject edit"
    assert "You wrote this revision, so somebody else has to approve it." in page


async def test_what_another_has_claimed_is_theirs_alone(world: World, clock: TestClock) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(OTHER_LIVER_REVIEWER)) as session:
        await queue.claim(
            session,
            given.revision_id,
            acting=world.acting(OTHER_LIVER_REVIEWER),
            catalogue=world.catalogue,
            lease_s=1800,
        )
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    page = await lea.read(page_of(given))
    assert "Ida Berg, until 21 November 2026, 12:30 UTC" in text_of(page).replace(" ,", ",")
    assert shown(page) == ""
    assert "Release it" not in page
    ali = await signed_in(world, clock, "admin", ADMINISTRATOR)
    assert "Release it" in await ali.read(page_of(given))


async def test_addresses_that_lead_nowhere_say_so(world: World, clock: TestClock) -> None:
    given = await world.given()
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    for path in (
        f"/review/answers/{given.answer_id}/2",
        f"/review/answers/{given.answer_id}/-1",
        f"/review/answers/{given.answer_id}/99999999999",
        f"/review/answers/{new_id()}/1",
        "/review/answers/nonsense/1",
        f"{page_of(given)}?against=nonsense",
    ):
        reply = await lea.http.get(path)
        assert reply.status_code == 404, path
        assert "There is no such revision" in reply.text
    # Where a form was sent to, and its page is loaded anew.
    reply = await lea.http.get(f"{page_of(given)}/decide")
    assert (reply.status_code, reply.headers["location"]) == (303, page_of(given))


async def test_what_was_said_of_the_revision_before_is_read_again(
    world: World, clock: TestClock
) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(LIVER_REVIEWER)) as session:
        acting = world.acting(LIVER_REVIEWER)
        await comments.add(session, given.revision_id, ClaimPlace(0, 1), "Why?", acting=acting)
    await world.decide(given, Decision.REQUEST_CHANGES, comment="Say which part.")
    again = await world.reread(given)
    written = await world.revise(again, Edits(summary="Another summary."))
    new = Given(given.question_id, given.answer_id, written.id, 2, written.lock_version)
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    text = text_of(await lea.read(page_of(new)))
    assert "What was said of revision 1 Asked for changes by Lea Ahmed, MD" in text
    assert "Say which part." in text
    assert "on its claim 1.2" in text
    assert "Decisions so far" not in text
