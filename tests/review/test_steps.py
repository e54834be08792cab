"""Every pair of states, by every role: by SQL as the app role, and through the services."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import AnswerState
from navis_api.answers.states import ENDS, LIVE, TRANSITIONS, transition
from navis_api.db.sessions import SYSTEM_ROWS, RowViewer
from navis_api.errors import UserFault
from navis_api.review.edits import Edits
from navis_api.review.errors import RevisionOver, RoleNotAllowed
from navis_api.review.models import Decision
from navis_api.review.revising import submit_for_review
from tests.review.world import (
    ADMINISTRATOR,
    ANY_REVIEWER,
    BREAST_REVIEWER,
    EDITOR,
    FORMER_REVIEWER,
    LONG_AGO,
    NOON,
    Given,
    World,
)

_VIEWERS = {
    "system": None,
    "reviewer": ANY_REVIEWER,
    "editor": EDITOR,
    "administrator": ADMINISTRATOR,
}
_STAFF = (ANY_REVIEWER, EDITOR, ADMINISTRATOR)

_OUTCOMES = {
    Decision.APPROVE: AnswerState.APPROVED,
    Decision.REQUEST_CHANGES: AnswerState.CHANGES_REQUESTED,
    Decision.REJECT: AnswerState.REJECTED,
}


def _columns(before: AnswerState, after: AnswerState, world: World) -> dict[str, Any]:
    """Return what goes with a step, so that nothing but the step itself can be refused."""
    approves = after is AnswerState.APPROVED or (before, after) == (
        AnswerState.STALE,
        AnswerState.PUBLISHED,
    )
    changed: dict[str, Any] = {"state": after.value, "updated_at": NOON}
    if approves:
        member = world.staff[ANY_REVIEWER]
        changed |= {
            "approved_by": member.name,
            "approver_credentials": member.credentials,
            "approver_subject": member.subject,
            "approved_at": NOON,
            "next_review_on": NOON.date(),
        }
    elif after is AnswerState.PUBLISHED:
        changed["published_at"] = NOON
    return changed


async def _by_sql(world: World, given: Given, viewer: RowViewer, changed: dict[str, Any]) -> bool:
    """Try an update as the app role; say whether it was let through. It isn't kept."""
    places = ", ".join(f"{name} = :{name}" for name in changed)
    async with world.database.writing(viewer) as session:
        try:
            # As publications do: whoever becomes live has an address.
            await session.execute(
                text("UPDATE answers SET slug = coalesce(slug, 'a-slug') WHERE id = :id"),
                {"id": given.answer_id},
            )
            done = await session.execute(
                text(f"UPDATE answer_revisions SET {places} WHERE id = :id RETURNING id"),
                {"id": given.revision_id, **changed},
            )
            return done.first() is not None
        except DBAPIError:
            return False
        finally:
            await session.rollback()


@pytest.mark.parametrize("before", list(AnswerState))
async def test_by_sql_only_the_steps_of_the_table_are_taken_by_those_it_names(
    world: World, before: AnswerState
) -> None:
    given = await world.given(before, now=LONG_AGO)
    taken: set[tuple[AnswerState, str]] = set()
    for role, subject in _VIEWERS.items():
        viewer = SYSTEM_ROWS if subject is None else world.rows(subject)
        for after in AnswerState:
            if after is not before and await _by_sql(
                world, given, viewer, _columns(before, after, world)
            ):
                taken.add((after, role))
    expected = {
        (step.after, role) for step in TRANSITIONS if step.before is before for role in step.roles
    }
    assert taken == expected


_OTHERS = {
    "anonymous": RowViewer(),
    "patient": RowViewer("patient", "patient-1"),
    "partner": RowViewer("partner", "partner-1"),
    "reviewer of another cancer": RowViewer("reviewer", BREAST_REVIEWER),
    "former reviewer": RowViewer("reviewer", FORMER_REVIEWER),
    "reviewer on no staff": RowViewer("reviewer", "stranger"),
    "reviewer who says to be an editor": RowViewer("editor", ANY_REVIEWER),
}


@pytest.mark.parametrize("before", list(AnswerState))
async def test_by_sql_nobody_else_takes_any_step(world: World, before: AnswerState) -> None:
    given = await world.given(before, now=LONG_AGO)
    for name, viewer in _OTHERS.items():
        for after in AnswerState:
            if after is not before:
                changed = _columns(before, after, world)
                assert not await _by_sql(world, given, viewer, changed), (name, after)


@pytest.mark.parametrize("before", list(AnswerState))
async def test_the_services_decide_as_the_table_says(world: World, before: AnswerState) -> None:
    for by, (decision, after) in product(_STAFF, _OUTCOMES.items()):
        renews = before is AnswerState.STALE and decision is Decision.APPROVE
        wanted = AnswerState.PUBLISHED if renews else after
        given = await world.given(before, now=LONG_AGO)
        try:
            await world.decide(given, decision, by=by)
        except (StepNotAllowed, RoleNotAllowed) as fault:
            outcome: UserFault | None = fault
        else:
            outcome = None
        await _expect(world, given, by, before, wanted, outcome)


@pytest.mark.parametrize("before", list(AnswerState))
async def test_the_services_publish_and_retract_as_the_table_says(
    world: World, before: AnswerState
) -> None:
    for by, after in product(_STAFF, (AnswerState.PUBLISHED, AnswerState.RETRACTED)):
        given = await world.given(before, now=LONG_AGO)
        try:
            if after is AnswerState.PUBLISHED:
                await world.publish(given, by=by)
            else:
                await world.retract(given, by=by)
        except (StepNotAllowed, RoleNotAllowed) as fault:
            outcome: UserFault | None = fault
        else:
            outcome = None
        # What is stale comes back by a decision, which is another service's.
        renews = (before, after) == (AnswerState.STALE, AnswerState.PUBLISHED)
        if renews:
            assert isinstance(outcome, StepNotAllowed)
            continue
        await _expect(world, given, by, before, after, outcome)


async def _expect(
    world: World,
    given: Given,
    by: str,
    before: AnswerState,
    after: AnswerState,
    outcome: UserFault | None,
) -> None:
    step = transition(before, after)
    may = step is not None and world.staff[by].role.lower() in step.roles
    assert (outcome is None) is may, (before, after, by)
    if outcome is not None:
        assert isinstance(outcome, StepNotAllowed if step is None else RoleNotAllowed)
    assert (await world.revision(given)).state is (after if may else before)


@pytest.mark.parametrize("before", list(AnswerState))
async def test_the_services_revise_what_is_no_end(world: World, before: AnswerState) -> None:
    for by in _STAFF:
        given = await world.given(before, now=LONG_AGO)
        if by == ADMINISTRATOR or before in ENDS:
            with pytest.raises(RoleNotAllowed if by == ADMINISTRATOR else RevisionOver):
                await world.revise(given, Edits(title="Another title"), by=by)
            assert (await world.newest(given)).number == 1
            continue
        written = await world.revise(given, Edits(title="Another title"), by=by)

        assert written.state is AnswerState.IN_REVIEW
        left = before if before in LIVE else AnswerState.SUPERSEDED
        assert (await world.revision(given)).state is left


@pytest.mark.parametrize("before", list(AnswerState))
async def test_only_a_draft_is_submitted(world: World, before: AnswerState) -> None:
    given = await world.given(before, now=LONG_AGO)
    async with world.database.writing(world.rows(EDITOR)) as session:
        if before is AnswerState.DRAFT:
            revision = await submit_for_review(
                session, given.target, acting=world.acting(EDITOR), catalogue=world.catalogue
            )
            assert revision.state is AnswerState.IN_REVIEW
            return
        with pytest.raises(StepNotAllowed):
            await submit_for_review(
                session, given.target, acting=world.acting(EDITOR), catalogue=world.catalogue
            )
    assert (await world.revision(given)).state is before


async def test_by_sql_only_an_editor_schedules_and_in_their_own_name(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    own = {"publish_at": NOON, "publish_by": EDITOR}
    assert await _by_sql(world, given, world.rows(EDITOR), own)
    for by in (ANY_REVIEWER, ADMINISTRATOR):
        assert not await _by_sql(world, given, world.rows(by), own)
    foreign = {"publish_at": NOON, "publish_by": "editor-2"}
    assert not await _by_sql(world, given, world.rows(EDITOR), foreign)


async def test_by_sql_an_approval_brings_no_schedule_with_it(world: World) -> None:
    given = await world.given()
    approval = _columns(AnswerState.IN_REVIEW, AnswerState.APPROVED, world)
    assert await _by_sql(world, given, world.rows(ANY_REVIEWER), approval)
    scheduled = approval | {"publish_at": NOON, "publish_by": EDITOR}
    assert not await _by_sql(world, given, world.rows(ANY_REVIEWER), scheduled)


async def test_by_sql_the_reason_of_a_state_isnt_rewritten(world: World) -> None:
    given = await world.given(AnswerState.RETRACTED, now=LONG_AGO)
    for by in _STAFF:
        assert not await _by_sql(world, given, world.rows(by), {"state_reason": "Nothing."})
    assert (await world.revision(given)).state_reason == "It was wrong."
