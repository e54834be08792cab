"""Every published answer is reviewed again: when its day is over, it goes stale."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.review import staleness, tasks
from navis_api.review.models import Rank
from tests.review.keeping import (
    WITHOUT_ABLATION,
    item,
    jobs,
    keeping,
    save_source,
    steps,
    untouched,
)
from tests.review.world import World

PUBLISHED, STALE = AnswerState.PUBLISHED, AnswerState.STALE
# The day that the world's approvals name.
DAY = date(2027, 11, 21)
OVER = datetime(2027, 11, 22, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (OVER - timedelta(days=1), PUBLISHED),
        (OVER - timedelta(seconds=1), PUBLISHED),
        (OVER, STALE),
        # Half past one in the night of the 22nd in Zurich is still the 21st in UTC.
        (datetime(2027, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=1))), PUBLISHED),
        (datetime(2027, 11, 21, 22, 0, tzinfo=timezone(timedelta(hours=-5))), STALE),
    ],
)
async def test_an_answer_goes_stale_when_its_day_is_over_in_utc(
    world: World, now: datetime, state: AnswerState
) -> None:
    given = await world.given(PUBLISHED)
    await keeping(world, now=now).look_over(b"")
    assert (await world.revision(given)).state is state


async def test_what_goes_stale_by_its_day_says_so_and_waits(world: World) -> None:
    given = await world.given(PUBLISHED)
    waiting_draft = await world.given(AnswerState.APPROVED)
    before = await untouched(world, waiting_draft)
    await keeping(world, now=OVER).look_over(b"")
    revision = await world.revision(given)
    assert revision.state_reason == "Its next review was due by 2027-11-21."
    assert revision.stale_claims is None
    waiting = await item(world, given)
    assert waiting is not None
    assert (waiting.rank, waiting.reasons) == (Rank.OUTDATED, [revision.state_reason])
    assert await untouched(world, waiting_draft) == before

    await keeping(world, now=OVER + timedelta(days=1)).look_over(b"")
    assert (await steps(world, given)).count("STALE") == 1


async def test_a_look_on_its_last_day_leaves_it_as_it_is(world: World) -> None:
    given = await world.given(PUBLISHED)
    before = await untouched(world, given)
    async with world.database.writing(SYSTEM_ROWS) as session:
        state = await staleness.mark(session, given.revision_id, now=OVER - timedelta(seconds=1))
    assert state is PUBLISHED
    assert await untouched(world, given) == before


async def test_an_answer_whose_quotes_are_gone_too_names_its_claims(world: World) -> None:
    given = await world.given(PUBLISHED)
    await save_source(world, WITHOUT_ABLATION)
    await keeping(world, now=OVER).look_over(b"")
    revision = await world.revision(given)
    assert [each["claim"] for each in revision.stale_claims or ()] == [0]
    waiting = await item(world, given)
    assert waiting is not None
    assert waiting.rank == Rank.QUOTE_GONE


async def test_more_than_a_page_of_answers_goes_stale_in_one_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_A_PAGE", 2)
    given = [await world.given(PUBLISHED) for _ in range(5)]
    await keeping(world, now=OVER).look_over(b"")
    for each in given:
        assert (await world.revision(each)).state is STALE


async def test_many_workers_ask_for_one_look_at_a_time(world: World) -> None:
    for _ in range(3):
        async with world.database.writing(SYSTEM_ROWS) as session:
            await tasks.request_look(session)
    assert await jobs(world.database, tasks.KEEP_TRUE) == [b""]
