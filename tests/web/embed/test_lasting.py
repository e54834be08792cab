"""How long an old text lives in the copies that others keep: under a minute, by their own rules."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.questions.models import Question
from navis_api.web.lasting import CHECK_S, WITHIN_S
from tests import publications
from tests.graphql.world import NOON, World
from tests.web.embed.http_cache import Cache, Clock, OpenPage, Server, Visitor

CLIENTS = 60
FIRST, SECOND = "A summary.", "A corrected summary."
CORRECTED_AT, RETRACTED_AT, END = 60, 140, 220


class Crowd:
    """Clients that look again and again: directly, behind one shared cache or behind two."""

    def __init__(self, server: Server, path: str, *, open_pages: int = CLIENTS // 2) -> None:
        self.clock = Clock()
        chance = random.Random(1)
        near = [Cache(self.clock, server, shared=True) for _ in range(3)]
        far = [Cache(self.clock, each, shared=True) for each in near]
        ways = [server, *near, *near, *far, *far]
        self.visitors = [
            Visitor(self.clock, chance.choice(ways), path) for _ in range(CLIENTS - open_pages)
        ]
        self.open_pages = [
            OpenPage(self.clock, chance.choice(ways), path) for _ in range(open_pages)
        ]
        self._chance = chance
        self._due = {each: chance.randrange(CORRECTED_AT) for each in self.everybody}

    @property
    def everybody(self) -> list[Visitor | OpenPage]:
        return [*self.visitors, *self.open_pages]

    async def second(self) -> None:
        """Let one second pass, in which some look."""
        for each in self.everybody:
            if self._due[each] <= self.clock.now:
                await each.look()
                wait = CHECK_S if isinstance(each, OpenPage) else self._chance.randint(1, 25)
                self._due[each] = int(self.clock.now) + wait
        self.clock.now += 1

    def who_show(self, text: str) -> int:
        return sum(text in each.seen for each in self.everybody)


async def lived(
    crowd: Crowd, text: str, *, since: int, until: int, change: Callable[[], Awaitable[None]]
) -> int:
    """Make a change; return for how many seconds somebody went on showing the old text."""
    assert crowd.clock.now == since
    await change()
    last = since
    while crowd.clock.now < until:
        await crowd.second()
        if crowd.who_show(text):
            last = int(crowd.clock.now)
    return last - since


@pytest.mark.parametrize("kind", ["frame", "page"])
async def test_no_copy_is_shown_for_a_minute_after_it_has_changed(
    site: httpx.AsyncClient, key: str, database: Database, world: World, kind: str
) -> None:
    server = Server(site)
    path = (
        f"/embed/answers/what-is-ablation?key={key}"
        if kind == "frame"
        else "/answers/what-is-ablation"
    )
    # No script runs on the page itself: whoever leaves that open reads on, as on paper.
    crowd = Crowd(server, path, open_pages=CLIENTS // 2 if kind == "frame" else 0)
    while crowd.clock.now < CORRECTED_AT:
        await crowd.second()
    assert crowd.who_show(FIRST) == len(crowd.everybody)

    async def correct() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, world.published[2])
            now = NOON + timedelta(days=1)
            await publications.publish(
                session, world, question, summary=SECOND, why="Wrong.", now=now
            )

    async def retract() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, world.published[2])
            now = NOON + timedelta(days=2)
            await publications.retract(session, question, reason="Wrong.", now=now)

    corrected = await lived(crowd, FIRST, since=CORRECTED_AT, until=RETRACTED_AT, change=correct)
    assert crowd.who_show(SECOND) == len(crowd.everybody)
    retracted = await lived(crowd, SECOND, since=RETRACTED_AT, until=END, change=retract)
    assert crowd.who_show("This answer was taken back") == len(crowd.everybody)

    # Copies were shown, as they may be; and what was saved is most of the requests.
    assert 0 < corrected < WITHIN_S
    assert 0 < retracted < WITHIN_S


async def test_the_crowd_notices_copies_that_live_too_long(
    site: httpx.AsyncClient, key: str, database: Database, world: World
) -> None:
    def for_long(response: httpx.Response) -> httpx.Response:
        response.headers["cache-control"] = "public, max-age=70"
        return response

    crowd = Crowd(Server(site, for_long), f"/embed/answers/what-is-ablation?key={key}")
    while crowd.clock.now < CORRECTED_AT:
        await crowd.second()

    async def retract() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, world.published[2])
            await publications.retract(
                session, question, reason="Wrong.", now=NOON + timedelta(days=1)
            )

    assert (
        await lived(crowd, FIRST, since=CORRECTED_AT, until=RETRACTED_AT, change=retract)
        >= WITHIN_S
    )
