from datetime import timedelta

import pytest
from sqlalchemy import text

from navis_api.answers.document import content_from_json
from navis_api.answers.models import AnswerRevision, AnswerState, ClaimStyle
from navis_api.answers.repository import get_published_by_slug
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.review.edits import AddClaim, ChangeClaim, DropClaim, Edits, MoveClaim, Quote
from navis_api.review.errors import (
    ClaimNotSupported,
    NewerRevision,
    NothingChanged,
    NotYourCancer,
    OwnWork,
    ReasonRequired,
)
from navis_api.review.models import Decision
from tests.review.world import (
    ABLATION,
    BREAST_REVIEWER,
    COMES_BACK,
    EDITOR,
    LIVER_REVIEWER,
    NOON,
    OTHER_EDITOR,
    OTHER_LIVER_REVIEWER,
    SURGERY,
    Given,
    World,
)

REWORDED = "Heat destroys small liver tumors in ablation."


def claims(revision: AnswerRevision) -> list[str]:
    return content_from_json(revision.content).claim_texts


def quotes(revision: AnswerRevision) -> list[str]:
    return [each.quote for each in content_from_json(revision.content).citations]


async def test_an_edit_makes_a_new_revision_that_waits_in_place_of_the_old_one(
    world: World,
) -> None:
    given = await world.given(priority=2)
    written = await world.revise(
        given, Edits(claims=(ChangeClaim(0, 0, text=REWORDED),)), reason=" In plainer  words. "
    )
    assert (written.number, written.state) == (2, AnswerState.IN_REVIEW)
    assert (written.author, written.author_subject) == ("Ida Berg", OTHER_LIVER_REVIEWER)
    assert (written.edit_reason, written.priority) == ("In plainer words.", 2)
    assert claims(written) == [REWORDED, SURGERY]
    assert quotes(written) == [ABLATION, SURGERY]
    old = await world.revision(given)
    assert old.state is AnswerState.SUPERSEDED
    assert claims(old) == [ABLATION, SURGERY]


async def test_whoever_revised_it_cant_approve_it(world: World) -> None:
    given = await world.given()
    await world.revise(given, Edits(title="Another title"), by=LIVER_REVIEWER)
    revised = await world.reread(await newest(world, given))
    with pytest.raises(OwnWork):
        await world.decide(revised, by=LIVER_REVIEWER)
    await world.decide(revised, by=OTHER_LIVER_REVIEWER)
    assert (await world.revision(revised)).state is AnswerState.APPROVED


async def newest(world: World, given: Given) -> Given:
    revision = await world.newest(given)
    return Given(
        given.question_id,
        given.answer_id,
        revision.id,
        revision.number,
        revision.lock_version,
    )


async def test_claims_are_added_dropped_moved_and_rest_on_other_quotes(world: World) -> None:
    given = await world.given(sections=world.sections(ABLATION, SURGERY, COMES_BACK))
    here = world.source.version_id
    written = await world.revise(
        given,
        Edits(
            claims=(
                DropClaim(0, 0),
                MoveClaim(0, 2, to_section=0, after=None),
                AddClaim(0, after=1, text=REWORDED, quotes=(Quote(here, ABLATION),)),
            )
        ),
    )
    assert claims(written) == [COMES_BACK, SURGERY, REWORDED]
    content = content_from_json(written.content)
    added = content.sections[0].claims[2]
    assert [each.quote for each in content.citations_of(added)] == [ABLATION]
    assert content.citations_of(added)[0].locator == "Treatment"


async def test_the_live_revision_stays_live_while_its_successor_waits(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED, text="Is it painful?")
    await world.revise(given, Edits(claims=(DropClaim(0, 1),)))
    async with world.database.reading() as session:
        view = await get_published_by_slug(session, "is-it-painful")
    assert view is not None
    assert view.revision.id == given.revision_id

    revised = await newest(world, given)
    await world.decide(revised, by=LIVER_REVIEWER)
    await world.publish(await world.reread(revised))
    async with world.database.reading() as session:
        view = await get_published_by_slug(session, "is-it-painful")
        reason = await session.scalar(text("SELECT reason FROM published_changes"))
    assert view is not None
    assert claims(view.revision) == [ABLATION]
    assert reason == "It was unclear."


async def test_what_its_quotes_dont_support_is_refused_and_named(world: World) -> None:
    given = await world.given()
    with pytest.raises(ClaimNotSupported) as refused:
        await world.revise(
            given,
            Edits(
                claims=(
                    ChangeClaim(0, 0, text="Ablation cures large liver tumors with heat."),
                    AddClaim(
                        0,
                        after=0,
                        text="Ablation destroys small liver tumors with heat in 90% of people.",
                        quotes=(Quote(world.source.version_id, ABLATION),),
                    ),
                )
            ),
        )
    assert [(each.section, each.claim) for each in refused.value.claims] == [(0, 0), (0, 1)]
    assert all(each.reasons for each in refused.value.claims)
    assert "section 1, claim 2" in refused.value.message
    assert "90%" not in refused.value.message
    assert (await world.newest(given)).number == 1
    assert (await world.revision(given)).state is AnswerState.IN_REVIEW


async def test_a_quote_stands_to_the_letter_in_a_source_that_is_here(world: World) -> None:
    given = await world.given()
    here = world.source.version_id
    for bad, reason in (
        ((Quote(here, "Ablation destroys small liver tumours with heat."),), "to the letter"),
        ((Quote(new_id(), ABLATION),), "isn't here"),
        ((), "cites nothing"),
        ((Quote(here, " "),), "to the letter"),
    ):
        with pytest.raises(ClaimNotSupported, match=reason):
            await world.revise(given, Edits(claims=(ChangeClaim(0, 0, quotes=bad),)))
    assert (await world.newest(given)).number == 1


async def test_quotes_are_found_in_the_version_that_is_current(world: World) -> None:
    given = await world.given()
    current = await world.source_becomes(f"# Liver\n\n{SURGERY} {ABLATION} {COMES_BACK}\n")
    written = await world.revise(
        given,
        Edits(
            claims=(
                AddClaim(
                    0,
                    after=1,
                    text=COMES_BACK,
                    quotes=(Quote(world.source.version_id, COMES_BACK),),
                ),
            )
        ),
    )
    content = content_from_json(written.content)
    assert {each.source.version_id for each in content.citations} == {current.version_id}


async def test_an_untouched_claim_whose_quote_is_gone_is_named_too(world: World) -> None:
    given = await world.given(AnswerState.STALE)
    await world.source_becomes(f"# Liver cancer treatment\n\n## Treatment\n\n{ABLATION}\n")
    with pytest.raises(ClaimNotSupported) as refused:
        await world.revise(given, Edits(title="Another title"))
    (claim,) = refused.value.claims
    assert (claim.section, claim.claim, claim.text) == (0, 1, SURGERY)

    written = await world.revise(given, Edits(claims=(DropClaim(0, 1),)))
    assert claims(written) == [ABLATION]


async def test_a_lead_in_needs_its_bullet(world: World) -> None:
    given = await world.given()
    with pytest.raises(ClaimNotSupported, match="no bullet follows"):
        await world.revise(given, Edits(claims=(ChangeClaim(0, 1, style=ClaimStyle.LEAD_IN),)))


async def test_edits_that_change_nothing_are_refused(world: World) -> None:
    given = await world.given()
    same = Edits(
        claims=(ChangeClaim(0, 0, text=f"  {ABLATION} "), MoveClaim(0, 0, 0, None)),
        doctor_questions=("Am I a candidate?",),
    )
    for edits in (Edits(), same):
        with pytest.raises(NothingChanged):
            await world.revise(given, edits)
    await world.source_becomes(f"# Liver\n\n{SURGERY} {ABLATION}\n")
    with pytest.raises(NothingChanged):
        await world.revise(given, same)
    assert (await world.newest(given)).number == 1


async def test_the_frame_is_edited_too(world: World) -> None:
    given = await world.given()
    written = await world.revise(
        given,
        Edits(
            title="What can be done",
            summary="In short.",
            doctor_questions=(),
            next_steps=("Rest.", "Ask again."),
            gaps=("Nothing is said of costs.",),
        ),
    )
    assert (written.title, written.summary) == ("What can be done", "In short.")
    assert (written.doctor_questions, written.next_steps) == ([], ["Rest.", "Ask again."])
    assert written.gaps == ["Nothing is said of costs."]


@pytest.mark.parametrize(
    "edits",
    [
        Edits(title=" "),
        Edits(title="t" * 301),
        Edits(summary=""),
        Edits(next_steps=("",)),
        Edits(next_steps=("Rest.",) * 31),
    ],
    ids=["no title", "long title", "no summary", "empty step", "many steps"],
)
async def test_a_frame_out_of_bounds_is_refused(world: World, edits: Edits) -> None:
    given = await world.given()
    with pytest.raises(InvalidInput):
        await world.revise(given, edits)
    assert (await world.newest(given)).number == 1


async def test_a_revision_says_why_it_was_made(world: World) -> None:
    given = await world.given()
    with pytest.raises(ReasonRequired):
        await world.revise(given, Edits(title="Another title"), reason=" ")


async def test_who_edits_the_live_one_while_a_newer_one_waits_is_told_whose_it_is(
    world: World,
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    first = await world.revise(
        given, Edits(title="One title"), by=EDITOR, now=NOON + timedelta(hours=1)
    )
    with pytest.raises(NewerRevision) as refused:
        await world.revise(given, Edits(title="Another title"), by=OTHER_EDITOR)
    conflict = refused.value
    assert (conflict.author, conflict.revision) == ("Eve Gray", 2)
    assert conflict.version == first.lock_version
    assert (await world.revision(await newest(world, given))).title == "One title"


async def test_what_was_sent_back_is_revised_and_comes_back_to_the_queue(world: World) -> None:
    given = await world.given()
    await world.decide(given, Decision.REQUEST_CHANGES)
    await world.revise(await world.reread(given), Edits(title="A better title"), by=EDITOR)
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.execute(
            text(
                "SELECT r.number, r.state FROM review_items i"
                " JOIN answer_revisions r ON r.id = i.revision_id"
            )
        )
        assert [tuple(row) for row in rows] == [(2, "IN_REVIEW")]


async def test_a_revision_of_an_answer_that_is_said_to_harm_is_as_urgent(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    async with world.database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            text("INSERT INTO review_items (revision_id, rank, queued_at) VALUES (:id, 0, now())"),
            {"id": given.revision_id},
        )
    written = await world.revise(given, Edits(claims=(DropClaim(0, 1),)))
    assert written.priority == 0


async def test_a_reviewer_doesnt_revise_what_isnt_theirs(world: World) -> None:
    given = await world.given()
    with pytest.raises(NotYourCancer):
        await world.revise(given, Edits(title="Another title"), by=BREAST_REVIEWER)
