import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.paging import PageRequest
from navis_api.review.errors import ClaimedByAnother, NotWaiting, NotYourCancer
from navis_api.review.people import cancers_of
from navis_api.review.queue import QueueEntry, QueueFilter, claim, counts, list_waiting, release
from tests.review.world import (
    ADMINISTRATOR,
    ANY_REVIEWER,
    BREAST_REVIEWER,
    CARCINOMA_REVIEWER,
    EDITOR,
    LIVER_REVIEWER,
    NOON,
    OTHER_LIVER_REVIEWER,
    Given,
    World,
)

LEASE_S = 600
EVERYTHING = QueueFilter()


async def waiting(
    world: World,
    chosen: QueueFilter = EVERYTHING,
    *,
    size: int = 50,
    now: datetime = NOON,
) -> list[UUID]:
    """Return the ids of the revisions that wait, in order."""
    async with world.database.reading(world.rows(EDITOR)) as session:
        page = await list_waiting(session, PageRequest(size), chosen, now=now)
    return [entry.revision.id for entry in page.rows]


async def take(world: World, given: Given, by: str, *, now: datetime = NOON) -> QueueEntry:
    async with world.database.writing(world.rows(by)) as session:
        return await claim(
            session,
            given.revision_id,
            acting=world.acting(by, now=now),
            catalogue=world.catalogue,
            lease_s=LEASE_S,
        )


async def put_back(world: World, given: Given, by: str, *, now: datetime = NOON) -> QueueEntry:
    async with world.database.writing(world.rows(by)) as session:
        return await release(session, given.revision_id, acting=world.acting(by, now=now))


async def test_the_most_urgent_comes_first_and_then_the_oldest(world: World) -> None:
    ordinary = await world.given(now=NOON - timedelta(days=3))
    newer = await world.given(now=NOON - timedelta(days=1))
    outdated = await world.given(AnswerState.STALE, now=NOON)
    urgent = await world.given(priority=2, now=NOON)
    approved = await world.given(AnswerState.APPROVED, now=NOON - timedelta(days=2))
    for over in (AnswerState.PUBLISHED, AnswerState.REJECTED, AnswerState.DRAFT):
        await world.given(over)
    order = [urgent, outdated, ordinary, approved, newer]
    assert await waiting(world) == [each.revision_id for each in order]


async def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    for number in range(7):
        await world.given(priority=5 - number % 2 * 3, now=NOON - timedelta(hours=number % 3))
    everything = await waiting(world)
    read: list[object] = []
    cursor: str | None = None
    async with world.database.reading(world.rows(EDITOR)) as session:
        while True:
            page = await list_waiting(session, PageRequest(2, cursor=cursor), EVERYTHING, now=NOON)
            read += [entry.revision.id for entry in page.rows]
            if not page.has_next:
                break
            cursor = page.cursors[-1]
    assert read == everything
    assert len(read) == 7


async def test_the_queue_is_narrowed_by_cancer_state_rank_and_claim(world: World) -> None:
    liver = await world.given()
    carcinoma = await world.given(cancer="hepatocellular-carcinoma", priority=2)
    breast = await world.given(AnswerState.APPROVED, cancer="breast-cancer")
    own = cancers_of(world.staff[LIVER_REVIEWER], world.catalogue)
    assert await waiting(world, QueueFilter(cancer_ids=own)) == [
        carcinoma.revision_id,
        liver.revision_id,
    ]
    assert await waiting(world, QueueFilter(states=[AnswerState.APPROVED])) == [breast.revision_id]
    assert await waiting(world, QueueFilter(most_rank=2)) == [carcinoma.revision_id]
    assert await waiting(world, QueueFilter(cancer_ids=[])) == []

    await take(world, liver, LIVER_REVIEWER)
    others = [carcinoma.revision_id, breast.revision_id]
    assert await waiting(world, QueueFilter(free_for=OTHER_LIVER_REVIEWER)) == others
    assert len(await waiting(world, QueueFilter(free_for=LIVER_REVIEWER))) == 3
    assert await waiting(world, QueueFilter(claimed_by=LIVER_REVIEWER)) == [liver.revision_id]
    later = NOON + timedelta(seconds=LEASE_S)
    assert await waiting(world, QueueFilter(claimed_by=LIVER_REVIEWER), now=later) == []
    assert len(await waiting(world, QueueFilter(free_for=OTHER_LIVER_REVIEWER), now=later)) == 3


async def test_whose_cancers_are_whose(world: World) -> None:
    found = {
        subject: cancers_of(world.staff[subject], world.catalogue)
        for subject in (LIVER_REVIEWER, CARCINOMA_REVIEWER, ANY_REVIEWER, EDITOR)
    }
    liver, carcinoma = world.cancer_id("liver-cancer"), world.cancer_id("hepatocellular-carcinoma")
    assert found == {
        LIVER_REVIEWER: sorted([liver, carcinoma]),
        CARCINOMA_REVIEWER: [carcinoma],
        ANY_REVIEWER: None,
        EDITOR: None,
    }


async def test_counts_say_how_much_waits_for_whom(world: World) -> None:
    await world.given()
    await world.given(priority=2)
    await world.given(AnswerState.APPROVED, cancer="breast-cancer")
    await world.given(cancer=None)
    liver, breast = world.cancer_id("liver-cancer"), world.cancer_id("breast-cancer")
    async with world.database.reading(world.rows(EDITOR)) as session:
        found = await counts(session)
        of_breast = await counts(session, cancer_ids=[breast])
    assert found.total == 4
    assert found.by_state == {AnswerState.IN_REVIEW: 3, AnswerState.APPROVED: 1}
    assert found.by_rank == {5: 3, 2: 1}
    assert found.by_cancer == {liver: 2, breast: 1, None: 1}
    assert of_breast.total == 1


async def test_readers_see_nothing_of_the_queue(world: World) -> None:
    await world.given()
    async with world.database.reading() as session:
        assert (await list_waiting(session, PageRequest(5), EVERYTHING, now=NOON)).rows == []
        assert (await counts(session)).total == 0


async def test_of_two_who_claim_at_the_same_moment_one_gets_it(world: World) -> None:
    for _ in range(10):
        given = await world.given()
        outcomes = await asyncio.gather(
            take(world, given, LIVER_REVIEWER),
            take(world, given, OTHER_LIVER_REVIEWER),
            return_exceptions=True,
        )
        got = [each for each in outcomes if isinstance(each, QueueEntry)]
        refused = [each for each in outcomes if isinstance(each, ClaimedByAnother)]
        assert (len(got), len(refused)) == (1, 1)
        assert got[0].claimed_by == refused[0].name


async def test_a_claim_is_renewed_by_claiming_again_and_ends_by_itself(world: World) -> None:
    given = await world.given()
    await take(world, given, LIVER_REVIEWER)
    later = NOON + timedelta(seconds=LEASE_S / 2)
    entry = await take(world, given, LIVER_REVIEWER, now=later)
    assert entry.claimed_until == later + timedelta(seconds=LEASE_S)

    with pytest.raises(ClaimedByAnother, match="Lea Ahmed") as refused:
        await take(world, given, OTHER_LIVER_REVIEWER, now=NOON + timedelta(seconds=LEASE_S))
    assert refused.value.until == entry.claimed_until
    taken_over = await take(world, given, OTHER_LIVER_REVIEWER, now=refused.value.until)
    assert taken_over.claimed_by == "Ida Berg"


async def test_what_is_released_is_free_at_once(world: World) -> None:
    given = await world.given()
    await take(world, given, LIVER_REVIEWER)
    with pytest.raises(ClaimedByAnother):
        await put_back(world, given, OTHER_LIVER_REVIEWER)
    assert (await put_back(world, given, LIVER_REVIEWER)).claimed_by is None
    assert (await take(world, given, OTHER_LIVER_REVIEWER)).claimed_by == "Ida Berg"


async def test_an_administrator_releases_what_somebody_left(world: World) -> None:
    given = await world.given()
    await take(world, given, LIVER_REVIEWER)
    assert (await put_back(world, given, ADMINISTRATOR)).claimed_by is None


async def test_a_reviewer_doesnt_claim_what_they_cant_decide_on(world: World) -> None:
    given = await world.given()
    with pytest.raises(NotYourCancer, match="Liver cancer"):
        await take(world, given, BREAST_REVIEWER)


async def test_what_doesnt_wait_cant_be_claimed(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(NotWaiting):
        await take(world, given, LIVER_REVIEWER)
    with pytest.raises(NotWaiting):
        await put_back(world, given, LIVER_REVIEWER)


async def test_a_decision_ends_the_claim(world: World) -> None:
    given = await world.given()
    await take(world, given, LIVER_REVIEWER)
    await world.decide(given)
    assert await waiting(world, QueueFilter(claimed_by=LIVER_REVIEWER)) == []
    assert await waiting(world, QueueFilter(free_for=EDITOR)) == [given.revision_id]
