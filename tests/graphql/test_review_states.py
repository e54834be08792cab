"""Every state, and every step that somebody might take from it: the table of steps holds."""

from typing import Any

import pytest

from navis_api.answers.models import AnswerState
from navis_api.answers.states import TRANSITIONS, transition
from tests.graphql.reviewing import Reviewing, done, refused
from tests.review.world import EDITOR, LIVER_REVIEWER

# By the person who may take such a step, what it gives, and what the table calls it.
STEPS: dict[str, tuple[str, str, dict[str, Any], frozenset[str]]] = {
    "submit": (LIVER_REVIEWER, "submitForReview", {}, frozenset({"submit"})),
    "approve": (
        LIVER_REVIEWER,
        "reviewAnswer",
        {"decision": "APPROVE"},
        frozenset({"approve", "renew"}),
    ),
    "request changes": (
        LIVER_REVIEWER,
        "reviewAnswer",
        {"decision": "REQUEST_CHANGES", "comment": "Say it more plainly."},
        frozenset({"request_changes"}),
    ),
    "reject": (
        LIVER_REVIEWER,
        "reviewAnswer",
        {"decision": "REJECT", "comment": "It is wrong."},
        frozenset({"reject"}),
    ),
    "publish": (EDITOR, "publishAnswer", {}, frozenset({"publish"})),
    "retract": (EDITOR, "retractAnswer", {"reason": "It is wrong."}, frozenset({"retract"})),
}


def after(before: AnswerState, actions: frozenset[str]) -> AnswerState | None:
    """Return where the table says that a step leads; None where there is no such step."""
    found = [each.after for each in TRANSITIONS if each.before is before and each.action in actions]
    return found[0] if found else None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", list(AnswerState))
async def test_only_the_steps_of_the_table_lead_anywhere(
    reviewing: Reviewing, before: AnswerState, step: str
) -> None:
    subject, name, more, actions = STEPS[step]
    given = await reviewing.world.given(before)
    expected = after(before, actions)
    payload = await reviewing.on(subject, name, given, **more)
    revision = await reviewing.world.revision(given)
    if expected is None:
        error = refused(payload)
        assert error["__typename"] == "StepNotAllowed"
        assert error["stepState"] == before.value
        assert (revision.state, revision.lock_version) == (before, given.version)
    else:
        assert done(payload)["state"] == expected.value
        assert revision.state is expected
        assert transition(before, expected) is not None


# What no mutation does by itself, and what shows it.
BESIDE = {"expire": "test_staleness", "supersede": "below", "replace": "below"}


def test_every_step_of_the_table_is_tried_here_or_beside() -> None:
    tried = {action for *_, actions in STEPS.values() for action in actions}
    assert {each.action for each in TRANSITIONS} == tried | set(BESIDE)


@pytest.mark.parametrize("before", [AnswerState.PUBLISHED, AnswerState.STALE])
async def test_what_was_live_is_superseded_by_a_publication(
    reviewing: Reviewing, before: AnswerState
) -> None:
    live = await reviewing.world.given(before)
    new = await reviewing.world.next_given(live, AnswerState.APPROVED)
    assert done(await reviewing.on(EDITOR, "publishAnswer", new))["state"] == "PUBLISHED"
    assert (await reviewing.world.revision(live)).state is AnswerState.SUPERSEDED


@pytest.mark.parametrize(
    "before",
    [
        AnswerState.DRAFT,
        AnswerState.IN_REVIEW,
        AnswerState.CHANGES_REQUESTED,
        AnswerState.APPROVED,
    ],
)
async def test_what_was_never_live_is_replaced_by_a_newer_revision(
    reviewing: Reviewing, before: AnswerState
) -> None:
    old = await reviewing.world.given(before)
    revised = await reviewing.on(EDITOR, "reviseAnswer", old, title="Newer", reason="Unclear.")
    assert done(revised)["state"] == "IN_REVIEW"
    assert (await reviewing.world.revision(old)).state is AnswerState.SUPERSEDED


@pytest.mark.parametrize(
    "before", [AnswerState.SUPERSEDED, AnswerState.RETRACTED, AnswerState.REJECTED]
)
async def test_nothing_is_made_of_what_has_ended(reviewing: Reviewing, before: AnswerState) -> None:
    old = await reviewing.world.given(before)
    payload = await reviewing.on(EDITOR, "reviseAnswer", old, title="Newer", reason="Unclear.")
    assert refused(payload)["__typename"] == "RevisionOutdated"
    assert (await reviewing.world.newest(old)).number == old.number
