from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.review.queue import claim
from navis_api.review.stuck import StuckKind, list_stuck
from tests.review.world import EDITOR, LIVER_REVIEWER, NOON, World


async def stuck(world: World, *, now: datetime = NOON) -> list[tuple[UUID, StuckKind]]:
    async with world.database.reading(world.rows(EDITOR)) as session:
        found = await list_stuck(session, now=now)
    return [(each.entry.revision.id, each.kind) for each in found]


async def test_what_waits_too_long_is_named_longest_first(world: World) -> None:
    await world.given(now=NOON - timedelta(days=6))
    old = await world.given(now=NOON - timedelta(days=8))
    urgent = await world.given(priority=2, now=NOON - timedelta(days=2))
    sent_back = await world.given(AnswerState.CHANGES_REQUESTED, now=NOON - timedelta(days=15))
    assert await stuck(world) == [
        (sent_back.revision_id, StuckKind.WAITING),
        (old.revision_id, StuckKind.WAITING),
        (urgent.revision_id, StuckKind.WAITING),
    ]


async def test_what_is_approved_and_not_published_is_named(world: World) -> None:
    approved = await world.given(AnswerState.APPROVED, now=NOON - timedelta(days=4))
    scheduled = await world.given(AnswerState.APPROVED, now=NOON - timedelta(days=5))
    due = NOON - timedelta(hours=1)
    await world.publish(scheduled, at=due, now=due - timedelta(hours=1))

    assert await stuck(world, now=due) == [(approved.revision_id, StuckKind.NOT_PUBLISHED)]
    assert await stuck(world) == [
        (approved.revision_id, StuckKind.NOT_PUBLISHED),
        (scheduled.revision_id, StuckKind.MISSED),
    ]


async def test_what_was_claimed_and_left_is_named(world: World) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(LIVER_REVIEWER)) as session:
        await claim(
            session,
            given.revision_id,
            acting=world.acting(LIVER_REVIEWER),
            catalogue=world.catalogue,
            lease_s=60,
        )
    assert await stuck(world, now=NOON + timedelta(seconds=59)) == []
    assert await stuck(world, now=NOON + timedelta(seconds=60)) == [
        (given.revision_id, StuckKind.LEFT)
    ]


async def test_a_harm_report_that_nobody_looks_at_is_named_after_a_day(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    async with world.database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            text("INSERT INTO review_items (revision_id, rank, queued_at) VALUES (:id, 0, :at)"),
            {"id": given.revision_id, "at": NOON},
        )
    assert await stuck(world, now=NOON + timedelta(hours=23)) == []
    assert await stuck(world, now=NOON + timedelta(hours=25)) == [
        (given.revision_id, StuckKind.WAITING)
    ]
