"""What several people do at the same moment, as seen by somebody who reads throughout."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.review.edits import Edits
from navis_api.review.errors import RevisionConflict
from navis_api.review.models import Decision
from tests.review.publication_race import race
from tests.review.world import (
    EDITOR,
    LIVER_REVIEWER,
    OTHER_EDITOR,
    OTHER_LIVER_REVIEWER,
    World,
)

ROUNDS = 15


def kinds(done: Sequence[AnswerRevision | BaseException]) -> Counter[type]:
    return Counter(type(each) for each in done)


ONE_AND_ONE = Counter[type]({AnswerRevision: 1, RevisionConflict: 1})


async def test_of_two_revisions_published_at_once_just_one_is_live_at_every_instant(
    world: World,
) -> None:
    seen = await race(world, rounds=ROUNDS)
    assert set(seen.live) == {1}
    assert seen.reads > ROUNDS
    assert set(seen.outcomes) <= {"published", "NewerRevision"}
    assert seen.outcomes["published"] >= ROUNDS


async def test_one_revision_is_published_once(world: World) -> None:
    for _ in range(8):
        given = await world.given(AnswerState.APPROVED)
        done = await asyncio.gather(
            world.publish(given, by=EDITOR),
            world.publish(given, by=OTHER_EDITOR),
            return_exceptions=True,
        )
        assert kinds(done) == ONE_AND_ONE


async def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(world: World) -> None:
    for _ in range(8):
        given = await world.given()
        done = await asyncio.gather(
            world.decide(given, by=LIVER_REVIEWER),
            world.decide(given, Decision.REJECT, by=OTHER_LIVER_REVIEWER),
            return_exceptions=True,
        )
        assert kinds(done) == ONE_AND_ONE


async def test_of_two_who_revise_the_live_one_at_once_nobody_overwrites_the_other(
    world: World,
) -> None:
    for _ in range(5):
        given = await world.given(AnswerState.PUBLISHED)
        done = await asyncio.gather(
            world.revise(given, Edits(title="One title"), by=EDITOR),
            world.revise(given, Edits(title="Another title"), by=OTHER_EDITOR),
            return_exceptions=True,
        )
        assert sum(isinstance(each, AnswerRevision) for each in done) == 1
        assert sum(isinstance(each, RevisionConflict) for each in done) == 1
        assert (await world.newest(given)).number == 2


async def test_a_retraction_and_a_publication_at_once_leave_a_question_in_order(
    world: World,
) -> None:
    for _ in range(5):
        live = await world.given(AnswerState.PUBLISHED)
        newer = await world.next_given(live, AnswerState.APPROVED)
        await asyncio.gather(
            world.retract(live, by=EDITOR),
            world.publish(newer, by=OTHER_EDITOR),
            return_exceptions=True,
        )
        # Whichever was first, what is public at the end is what was approved and not retracted.
        assert (await world.revision(newer)).state is AnswerState.PUBLISHED
        assert (await world.revision(live)).state in (
            AnswerState.RETRACTED,
            AnswerState.SUPERSEDED,
        )
