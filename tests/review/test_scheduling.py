import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import text

from navis_api.answers.models import AnswerState
from navis_api.answers.repository import get_published_by_slug
from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.review.edits import Edits
from navis_api.review.errors import NothingScheduled, RevisionConflict
from navis_api.review.holding import hold_due
from navis_api.review.models import StaffRole
from navis_api.review.people import StaffDraft, save_member
from navis_api.review.publishing import cancel_schedule
from navis_api.review.scheduling import Due, publish_due
from tests.review.world import ABLATION, ADMINISTRATOR, EDITOR, NOON, OTHER_EDITOR, Given, World

TOMORROW = NOON + timedelta(days=1)


async def when_due(world: World, now: datetime = TOMORROW) -> Due:
    return await publish_due(world.database, CatalogueKeeper(world.database), now=now)


async def cancel(world: World, given: Given, *, by: str = EDITOR) -> None:
    async with world.database.writing(world.rows(by)) as session:
        await cancel_schedule(
            session, given.target, acting=world.acting(by), catalogue=world.catalogue
        )


async def test_what_is_scheduled_is_published_when_it_is_due_and_not_before(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    revision = await world.publish(given, at=TOMORROW, slug="on-the-day")
    assert revision.state is AnswerState.APPROVED
    assert (revision.publish_at, revision.publish_by) == (TOMORROW, EDITOR)

    assert await when_due(world, TOMORROW - timedelta(seconds=1)) == Due()
    async with world.database.reading() as session:
        assert await get_published_by_slug(session, "on-the-day") is None

    assert await when_due(world) == Due(published=(given.revision_id,))
    async with world.database.reading() as session:
        view = await get_published_by_slug(session, "on-the-day")
    assert view is not None
    assert view.revision.published_at == TOMORROW
    assert view.revision.publish_at is None
    assert await when_due(world) == Due()


async def test_the_record_names_who_scheduled_what_our_own_code_published(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    await when_due(world)
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.execute(
            text(
                "SELECT actor_kind, action, detail->>'scheduled_by' FROM audit_events"
                " WHERE object_id = :id ORDER BY sequence"
            ),
            {"id": str(given.revision_id)},
        )
        assert [tuple(row) for row in rows] == [
            ("EDITOR", "answer.schedule", None),
            ("SYSTEM", "answer.publish", str(world.staff[EDITOR].id)),
        ]


async def test_two_workers_publish_each_answer_once(world: World) -> None:
    for _ in range(4):
        await world.publish(await world.given(AnswerState.APPROVED), at=TOMORROW)
    first, second = await asyncio.gather(when_due(world), when_due(world))
    assert len(first.published) + len(second.published) == 4
    assert set(first.published).isdisjoint(second.published)
    assert first.dropped == second.dropped == ()


async def test_a_schedule_is_cancelled_or_put_off(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    await cancel(world, await world.reread(given), by=OTHER_EDITOR)
    assert await when_due(world) == Due()
    with pytest.raises(NothingScheduled):
        await cancel(world, await world.reread(given))

    await world.publish(await world.reread(given), at=TOMORROW)
    await world.publish(await world.reread(given), at=TOMORROW + timedelta(days=1), by=OTHER_EDITOR)
    assert await when_due(world) == Due()
    later = await when_due(world, TOMORROW + timedelta(days=1))
    assert later.published == (given.revision_id,)


async def test_who_doesnt_know_of_a_schedule_is_told_who_set_it(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    set_at = NOON + timedelta(minutes=1)
    await world.publish(given, at=TOMORROW, by=OTHER_EDITOR, now=set_at)
    with pytest.raises(RevisionConflict) as refused:
        await world.publish(given)
    assert (refused.value.last.by, refused.value.last.at) == ("Max Hill", set_at)


async def test_what_is_scheduled_and_whose_source_changes_wants_changes_instead(
    world: World,
) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    await world.source_becomes(f"# Liver cancer treatment\n\n## Treatment\n\n{ABLATION}\n")

    assert await when_due(world) == Due(dropped=(given.revision_id,))
    revision = await world.revision(given)
    assert revision.state is AnswerState.CHANGES_REQUESTED
    assert "sources have changed" in (revision.state_reason or "")
    assert revision.publish_at is None
    assert await when_due(world) == Due()


async def test_what_somebody_scheduled_who_has_left_waits_for_another_editor(
    world: World,
) -> None:
    given = await world.given(AnswerState.APPROVED)
    other = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    await world.publish(other, at=TOMORROW, by=OTHER_EDITOR)
    async with world.database.writing(SYSTEM_ROWS) as session:
        await save_member(
            session,
            StaffDraft(EDITOR, StaffRole.EDITOR, "Eve Gray", active=False),
            actor=SYSTEM_ACTOR,
            catalogue=world.catalogue,
            now=NOON,
        )
    found = await when_due(world)
    assert found == Due(published=(other.revision_id,), dropped=(given.revision_id,))
    revision = await world.revision(given)
    assert (revision.state, revision.publish_at) == (AnswerState.APPROVED, None)


async def test_a_revision_that_was_replaced_is_no_longer_due(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    await world.revise(await world.reread(given), Edits(title="Another title"))
    assert await when_due(world) == Due()
    assert (await world.revision(given)).state is AnswerState.SUPERSEDED


@pytest.mark.parametrize("by", [EDITOR, ADMINISTRATOR])
async def test_a_retraction_takes_what_was_to_follow_from_the_schedule(
    world: World, by: str
) -> None:
    live = await world.given(AnswerState.PUBLISHED)
    newer = await world.next_given(live, AnswerState.APPROVED)
    await world.publish(newer, at=TOMORROW)
    await world.retract(live, by=by)
    assert await when_due(world) == Due()
    revision = await world.revision(newer)
    assert (revision.state, revision.publish_at) == (AnswerState.APPROVED, None)


async def test_one_publication_that_the_database_refuses_holds_up_no_other(
    world: World, owner: asyncpg.Connection
) -> None:
    refused = await world.given(AnswerState.APPROVED)
    other = await world.given(AnswerState.APPROVED)
    for given in (refused, other):
        await world.publish(given, at=TOMORROW)
    await owner.execute(
        "ALTER TABLE answers ADD CONSTRAINT for_this_test"
        f" CHECK (id <> '{refused.answer_id}' OR slug IS NULL)"
    )
    assert await when_due(world) == Due(published=(other.revision_id,))
    assert (await world.revision(refused)).publish_at == TOMORROW


async def test_what_was_put_off_since_somebody_looked_isnt_published(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, at=TOMORROW)
    async with world.database.writing(SYSTEM_ROWS) as session:
        assert await hold_due(session, given.revision_id, now=NOON) is None
        assert await hold_due(session, given.revision_id, now=TOMORROW) is not None
