"""Two editors who publish two revisions of one answer at the same moment, again and again.

`python -m tests.review.publication_race ADDRESS` runs two hundred rounds on an empty,
migrated database and prints what a reader saw.
"""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.publishing import Approval
from navis_api.answers.states import LIVE
from navis_api.db.sessions import SYSTEM_ROWS
from tests.conftest import app_database
from tests.review.world import EDITOR, NOON, OTHER_EDITOR, Given, World, build_world


@dataclass
class Seen:
    """How often a reader saw how many live revisions, and how the publications ended."""

    live: Counter[int] = field(default_factory=Counter[int])
    outcomes: Counter[str] = field(default_factory=Counter[str])

    @property
    def reads(self) -> int:
        return self.live.total()


async def race(world: World, *, rounds: int) -> Seen:
    """Publish two approved revisions at once, `rounds` times, while somebody reads throughout."""
    seen = Seen()
    first = await world.given(AnswerState.PUBLISHED)
    over = asyncio.Event()
    readers = [asyncio.create_task(_read(world, first, seen, over)) for _ in range(2)]
    for _ in range(rounds):
        one, other = [await approved_beside(world, first) for _ in range(2)]
        done = await asyncio.gather(
            world.publish(one, by=EDITOR),
            world.publish(other, by=OTHER_EDITOR),
            return_exceptions=True,
        )
        seen.outcomes.update(
            type(each).__name__ if isinstance(each, BaseException) else "published" for each in done
        )
        # The newer one is live, whoever came first.
        assert (await world.revision(other)).state is AnswerState.PUBLISHED
    over.set()
    await asyncio.gather(*readers)
    return seen


async def approved_beside(world: World, before: Given) -> Given:
    """Store one more approved revision, beside those that wait: the services would replace them."""
    given = await world.next_given(before, AnswerState.DRAFT)
    async with world.database.writing(SYSTEM_ROWS) as session:
        revision = await session.get_one(AnswerRevision, given.revision_id)
        await publishing.move(session, revision, AnswerState.IN_REVIEW, now=NOON)
        approval = Approval("Dr Outside", "MD", NOON, NOON.date(), subject=None)
        await publishing.approve(session, revision, approval, now=NOON)
    return await world.reread(given)


async def _read(world: World, given: Given, seen: Seen, over: asyncio.Event) -> None:
    """Count what is live of an answer, as any reader may, until it is over."""
    live = (
        select(func.count())
        .select_from(AnswerRevision)
        .where(AnswerRevision.answer_id == given.answer_id, AnswerRevision.state.in_(LIVE))
    )
    while not over.is_set():
        async with world.database.reading() as session:
            seen.live[await session.scalar(live) or 0] += 1


async def _run(address: str, rounds: int) -> None:
    database = app_database(address)
    seen = await race(await build_world(database), rounds=rounds)
    await database.close()
    sys.stdout.write(
        f"{rounds} rounds: {dict(seen.outcomes)}\n"
        f"{seen.reads} reads; live revisions seen: {dict(seen.live)}\n"
    )


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], rounds=200))
