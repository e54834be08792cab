from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import AnswerState
from navis_api.answers.repository import views_by_question
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.questions.models import Question, QuestionStatus
from navis_api.review.deciding import decisions_on
from navis_api.review.edits import ChangeClaim, Edits
from navis_api.review.errors import (
    ClaimedByAnother,
    CommentRequired,
    NotYourCancer,
    OwnWork,
    QuotesGone,
    RevisionConflict,
    RevisionUnknown,
    RoleNotAllowed,
)
from navis_api.review.models import Decision, StaffMember
from navis_api.review.queue import claim
from tests.review.world import (
    ABLATION,
    ANY_REVIEWER,
    BREAST_REVIEWER,
    CARCINOMA_REVIEWER,
    EDITOR,
    FORMER_REVIEWER,
    LIVER_REVIEWER,
    LONG_AGO,
    NOON,
    OTHER_LIVER_REVIEWER,
    SURGERY,
    Given,
    World,
)


async def test_an_approval_names_the_reviewer_and_the_day_to_look_again(world: World) -> None:
    given = await world.given()
    await world.decide(given)

    revision = await world.revision(given)
    assert revision.state is AnswerState.APPROVED
    assert (revision.approved_by, revision.approver_credentials) == ("Lea Ahmed", "MD")
    assert revision.approver_subject == LIVER_REVIEWER
    assert revision.approved_at == NOON
    assert revision.next_review_on == date(2027, 11, 21)
    assert (await world.question_of(given)).status is QuestionStatus.AWAITING_REVIEW


async def test_whoever_wrote_a_revision_cant_approve_it(world: World) -> None:
    given = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER)
    with pytest.raises(OwnWork):
        await world.decide(given)
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW

    await world.decide(given, by=OTHER_LIVER_REVIEWER)
    assert (await world.revision(given)).state is AnswerState.APPROVED


async def test_whoever_wrote_a_revision_may_still_reject_it(world: World) -> None:
    given = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER)
    await world.decide(given, Decision.REJECT)
    assert (await world.revision(given)).state is AnswerState.REJECTED


async def test_a_namesake_of_the_author_cant_approve(world: World) -> None:
    given = await world.given(author="Lea Ahmed", author_subject="somebody-else")
    with pytest.raises(OwnWork):
        await world.decide(given)


async def test_the_database_refuses_an_author_who_approves(world: World) -> None:
    given = await world.given(author="L. Ahmed", author_subject=LIVER_REVIEWER)
    with pytest.raises(DBAPIError, match="approver_is_not_author"):
        await approve_by_sql(world, given, LIVER_REVIEWER)
    assert (await world.revision(given)).approved_by is None


async def approve_by_sql(
    world: World, given: Given, by: str, *, named: StaffMember | None = None
) -> None:
    member = named or world.staff[by]
    async with world.database.writing(world.rows(by)) as session:
        await session.execute(
            text(
                "UPDATE answer_revisions SET state = 'APPROVED', approved_by = :name,"
                " approver_credentials = :credentials, approver_subject = :subject,"
                " approved_at = :now, next_review_on = '2027-11-21', updated_at = :now"
                " WHERE id = :id"
            ),
            {
                "id": given.revision_id,
                "name": member.name,
                "credentials": member.credentials,
                "subject": member.subject,
                "now": NOON,
            },
        )


@pytest.mark.parametrize(
    ("cancer", "by", "may"),
    [
        ("liver-cancer", LIVER_REVIEWER, True),
        ("hepatocellular-carcinoma", LIVER_REVIEWER, True),
        ("hepatocellular-carcinoma", CARCINOMA_REVIEWER, True),
        ("liver-cancer", CARCINOMA_REVIEWER, False),
        ("liver-cancer", BREAST_REVIEWER, False),
        ("breast-cancer", LIVER_REVIEWER, False),
        ("breast-cancer", ANY_REVIEWER, True),
        (None, ANY_REVIEWER, True),
        (None, LIVER_REVIEWER, False),
        ("liver-cancer", FORMER_REVIEWER, False),
    ],
)
async def test_reviewers_decide_on_their_cancers_and_those_below(
    world: World, cancer: str | None, by: str, *, may: bool
) -> None:
    given = await world.given(cancer=cancer)
    other = await world.given(cancer=cancer)
    if may:
        await world.decide(given, by=by)
        await approve_by_sql(world, other, by)
        assert (await world.revision(other)).approver_subject == by
        return
    with pytest.raises(NotYourCancer):
        await world.decide(given, by=by)
    with pytest.raises(DBAPIError, match="may not approve"):
        await approve_by_sql(world, other, by)
    for each in (given, other):
        assert (await world.revision(each)).state is AnswerState.IN_REVIEW


async def test_the_database_refuses_an_approval_in_the_name_of_a_colleague(world: World) -> None:
    given = await world.given()
    colleague = world.staff[OTHER_LIVER_REVIEWER]
    with pytest.raises(DBAPIError, match="in the name of somebody else"):
        await approve_by_sql(world, given, LIVER_REVIEWER, named=colleague)


async def test_an_editor_doesnt_decide(world: World) -> None:
    given = await world.given()
    for decision in Decision:
        with pytest.raises(RoleNotAllowed, match="reviewer"):
            await world.decide(given, decision, by=EDITOR)
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW


@pytest.mark.parametrize("decision", [Decision.REQUEST_CHANGES, Decision.REJECT])
@pytest.mark.parametrize("comment", ["", " \n "])
async def test_a_decision_against_a_revision_says_why(
    world: World, decision: Decision, comment: str
) -> None:
    given = await world.given()
    with pytest.raises(CommentRequired):
        await world.decide(given, decision, comment=comment)
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW


async def test_what_a_reviewer_says_is_kept_for_the_staff_and_not_with_the_state(
    world: World,
) -> None:
    given = await world.given()
    revision = await world.decide(
        given, Decision.REQUEST_CHANGES, comment="The second claim is too sure."
    )
    assert revision.state is AnswerState.CHANGES_REQUESTED
    assert "too sure" not in (revision.state_reason or "")
    async with world.database.reading(world.rows(EDITOR)) as session:
        (decision,) = (await decisions_on(session, [given.revision_id]))[given.revision_id]
    assert (decision.name, decision.comment) == ("Lea Ahmed", "The second claim is too sure.")
    async with world.database.reading() as session:
        hidden = await decisions_on(session, [given.revision_id])
        assert hidden == {given.revision_id: []}


async def test_a_question_whose_only_answer_is_rejected_is_declined(world: World) -> None:
    given = await world.given()
    await world.decide(given, Decision.REJECT)

    assert (await world.question_of(given)).status is QuestionStatus.DECLINED
    async with world.database.reading() as session:
        assert await views_by_question(session, [given.question_id]) == {}


async def test_a_question_that_is_being_answered_anew_stays_so(world: World) -> None:
    given = await world.given()
    async with world.database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, given.question_id)
        question.status = QuestionStatus.GENERATING
    await world.decide(given, Decision.REJECT)
    assert (await world.question_of(given)).status is QuestionStatus.GENERATING


async def test_a_question_with_a_live_answer_stays_answered_when_a_newer_one_is_rejected(
    world: World,
) -> None:
    live = await world.given(AnswerState.PUBLISHED)
    newer = await world.next_given(live)
    await world.decide(newer, Decision.REJECT)

    assert (await world.question_of(live)).status is QuestionStatus.ANSWERED
    assert (await world.revision(live)).state is AnswerState.PUBLISHED


async def test_a_stale_answer_is_renewed_by_approving_it_again(world: World) -> None:
    given = await world.given(AnswerState.STALE, now=LONG_AGO)
    await world.decide(given)

    revision = await world.revision(given)
    assert revision.state is AnswerState.PUBLISHED
    assert revision.approved_by == "Lea Ahmed"
    assert revision.next_review_on == date(2027, 11, 21)
    assert revision.published_at == LONG_AGO


@pytest.mark.parametrize("state", [AnswerState.STALE, AnswerState.IN_REVIEW])
async def test_what_no_longer_stands_in_its_source_isnt_approved(
    world: World, state: AnswerState
) -> None:
    given = await world.given(state)
    await world.source_becomes(f"# Liver cancer treatment\n\n## Treatment\n\n{ABLATION}\n")
    with pytest.raises(QuotesGone) as refused:
        await world.decide(given)
    assert refused.value.places == ((0, 1),)
    assert "section 1, claim 2" in refused.value.message
    assert (await world.revision(given)).state is state
    assert SURGERY not in refused.value.message


async def test_a_decision_on_what_somebody_has_changed_says_who_changed_what(
    world: World,
) -> None:
    given = await world.given()
    later = NOON + timedelta(minutes=5)
    await world.decide(given, by=OTHER_LIVER_REVIEWER, now=later)
    with pytest.raises(RevisionConflict) as refused:
        await world.decide(given, Decision.REJECT)

    conflict = refused.value
    assert conflict.last.by == "Ida Berg"
    assert (conflict.last.before, conflict.last.after) == (
        AnswerState.IN_REVIEW,
        AnswerState.APPROVED,
    )
    assert conflict.last.at == later
    assert conflict.version == (await world.revision(given)).lock_version
    assert "Ida Berg made it APPROVED" in conflict.message
    assert (await world.revision(given)).state is AnswerState.APPROVED


async def test_a_decision_on_what_was_revised_meanwhile_says_who_did(world: World) -> None:
    given = await world.given()
    await world.revise(given, Edits(title="Another title"), by=EDITOR)
    with pytest.raises(RevisionConflict) as refused:
        await world.decide(given)
    assert refused.value.last.by == "Eve Gray"
    assert refused.value.last.after is AnswerState.SUPERSEDED


async def test_what_a_colleague_is_at_is_left_to_them_until_their_time_is_over(
    world: World,
) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(OTHER_LIVER_REVIEWER)) as session:
        await claim(
            session,
            given.revision_id,
            acting=world.acting(OTHER_LIVER_REVIEWER),
            catalogue=world.catalogue,
            lease_s=60,
        )
    with pytest.raises(ClaimedByAnother, match="Ida Berg"):
        await world.decide(given)
    with pytest.raises(ClaimedByAnother):
        await world.revise(given, Edits(claims=(ChangeClaim(0, 0, text=SURGERY),)), by=EDITOR)

    await world.decide(given, now=NOON + timedelta(seconds=60))
    assert (await world.revision(given)).state is AnswerState.APPROVED


async def test_a_revision_that_isnt_there_is_said_to_be_unknown(world: World) -> None:
    given = await world.given()
    unknown = Given(given.question_id, given.answer_id, given.revision_id, 7, 1)
    with pytest.raises(RevisionUnknown):
        await world.decide(unknown)


async def test_what_is_approved_isnt_approved_again(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    with pytest.raises(StepNotAllowed):
        await world.decide(given)


async def test_a_decision_stands_in_the_audit_record_without_its_words(world: World) -> None:
    given = await world.given()
    await world.decide(given, Decision.REQUEST_CHANGES, comment="Too sure.")
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = (
            await session.execute(
                text("SELECT actor, action, detail::text FROM audit_events WHERE object_id = :id"),
                {"id": str(given.revision_id)},
            )
        ).all()
    assert [(row[0], row[1]) for row in rows] == [(LIVER_REVIEWER, "answer.request_changes")]
    assert "CHANGES_REQUESTED" in rows[0][2]
    assert "sure" not in rows[0][2]


async def test_what_is_refused_leaves_no_trace(world: World) -> None:
    given = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER)
    with pytest.raises(OwnWork):
        await world.decide(given)
    async with world.database.reading(SYSTEM_ROWS) as session:
        acts = await session.scalars(text("SELECT action FROM audit_events"))
        assert "answer.approve" not in set(acts)
        assert (await session.scalar(select(1).select_from(text("review_decisions")))) is None
