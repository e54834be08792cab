"""A copy kept by `changes`, by apps that are interrupted, while editors work on and a server dies.

`NAVIS_TEST_CHANGES` says how many edits, publications and retractions there are.
"""

import asyncio
import logging
import os
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.questions.models import Question
from tests import publications
from tests.flows.processes import Running, environment, navis
from tests.graphql.world import NOON, World, build_world
from tests.waiting import PATIENCE_S

_log = logging.getLogger(__name__)

STEPS = int(os.environ.get("NAVIS_TEST_CHANGES", "150"))
SEED = 4
WRITERS = 4
READERS = 3
QUESTIONS_OF_A_WRITER = 6

COPIED = """
fragment Copied on Answer {
  id slug title summary state revision reviewed updatedAt publishedAt doctorQuestions nextSteps
  sections { heading claims { text citations { number quote } } }
  review { reviewer credentials reviewedAt }
  question { id text status }
  history { revision state at reason correction reviewer publishedAt }
}
"""
CHANGES = (
    "query ($since: String, $first: Int) { changes(since: $since, first: $first) {"
    " nodes { answerId kind slug answer { ...Copied } }"
    " pageInfo { hasNextPage endCursor } } }" + COPIED
)
PUBLISHED = (
    "query ($after: String) { questions(answered: true, first: 20, after: $after) {"
    " nodes { answer { ...Copied } } pageInfo { hasNextPage endCursor } } }" + COPIED
)


class Server:
    """The API as a process, which is killed and started again on the way."""

    def __init__(self, data_dir: Path, database_url: str) -> None:
        self._env = environment(data_dir, NAVIS_DATABASE_URL=database_url)
        self.address = ""
        self.starts = 0
        self._running: Running | None = None

    def start(self) -> None:
        self._running = navis("serve", env=self._env)
        port = self._running.wait_for(r'"port": (\d+), "event": "api.started"')[1]
        self.address = f"http://127.0.0.1:{port}/graphql"
        self.starts += 1

    def kill(self) -> None:
        assert self._running is not None
        with self._running as running:
            running.kill()


class Clock:
    """Moments of which none comes twice: a copy would show which one it has."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


class _UndoneError(Exception):
    """Thrown to have a transaction rolled back."""


@dataclass
class Writer:
    """An editor with questions of their own, all of which they change at random."""

    database: Database
    world: World
    clock: Clock
    chance: random.Random
    questions: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    async def begin(self, number: int) -> None:
        for index in range(QUESTIONS_OF_A_WRITER):
            async with self.database.writing(SYSTEM_ROWS) as session:
                text = f"What does stage {index} of study {number} mean?"
                asked = await publications.ask(session, self.world, text)
                self.questions.append((asked.id, text))

    async def step(self) -> None:
        """Do something to one of the questions; every tenth time it is undone before its end."""
        place = self.chance.randrange(len(self.questions))
        try:
            what = await self._take(place, undone=self.chance.random() < 0.1)
        except _UndoneError:
            what = "undone"
        self.counts[what] = self.counts.get(what, 0) + 1

    async def _take(self, place: int, *, undone: bool) -> str:
        question_id, text = self.questions[place]
        async with self.database.writing(SYSTEM_ROWS) as session:
            what = await self._change(session, await session.get_one(Question, question_id))
            if what == "erase":
                question_id = (await publications.ask(session, self.world, text)).id
            # Others write meanwhile, as far as they are let.
            await asyncio.sleep(self.chance.random() * 0.01)
            if undone:
                raise _UndoneError
        self.questions[place] = (question_id, text)
        return what

    async def _change(self, session: Any, question: Question) -> str:
        now, chance = self.clock(), self.chance
        revision = await publications.peek(session, question)
        if revision is None:
            what = "publish"
        elif revision.state == "STALE":
            what = chance.choices(["correct", "renew", "retract", "erase"], [4, 4, 3, 1])[0]
        else:
            what = chance.choices(["correct", "expire", "retract", "erase"], [5, 4, 3, 1])[0]
        match what:
            case "expire":
                await publications.expire(session, question, reason="It is time.", now=now)
            case "renew":
                await publications.renew(session, question, now=now)
            case "retract":
                await publications.retract(session, question, reason="It was wrong.", now=now)
            case "erase":
                await publications.erase(session, question)
            case _:
                await publications.publish(
                    session,
                    self.world,
                    question,
                    title=f"Title {chance.random()}",
                    summary=f"Summary {chance.random()}",
                    why=f"Reason {chance.random()}",
                    now=now,
                )
        return what


@dataclass
class Reader:
    """An app that keeps a copy, and is interrupted at any point."""

    server: Server
    chance: random.Random
    copy: dict[str, Any] = field(default_factory=dict[str, Any])
    cursor: str | None = None
    pages: int = 0
    interrupted: dict[str, int] = field(default_factory=dict[str, int])

    async def keep(self, writing: asyncio.Event) -> None:
        """Take in page after page until nothing is written any more, and nothing is left."""
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            while True:
                over = not writing.is_set()
                page = await self._page(http, interruptions=not over)
                if page is None:
                    continue
                if over and not page["pageInfo"]["hasNextPage"]:
                    return
                await asyncio.sleep(self.chance.random() * 0.02)

    async def _page(self, http: httpx.AsyncClient, *, interruptions: bool) -> dict[str, Any] | None:
        fate = self.chance.random() if interruptions else 1.0
        variables = {"since": self.cursor, "first": self.chance.randint(1, 7)}
        try:
            async with asyncio.timeout(0.015 if fate < 0.15 else 30):
                page = (await post(http, self.server.address, CHANGES, variables))["changes"]
        except (httpx.TransportError, TimeoutError):
            self._count("cut off")
            await asyncio.sleep(0.02)
            return None
        if fate < 0.25:
            self._count("lost before it was taken in")
            return None
        for change in page["nodes"]:
            if change["answer"] is None:
                self.copy.pop(change["answerId"], None)
            else:
                self.copy[change["answerId"]] = change["answer"]
        if fate < 0.35:
            self._count("taken in, and its cursor lost")
            return None
        self.cursor = page["pageInfo"]["endCursor"]
        self.pages += 1
        return page

    def _count(self, what: str) -> None:
        self.interrupted[what] = self.interrupted.get(what, 0) + 1


async def post(
    http: httpx.AsyncClient, address: str, query: str, variables: dict[str, Any]
) -> dict[str, Any]:
    reply = await http.post(address, json={"query": query, "variables": variables})
    body = reply.json()
    assert "errors" not in body, body
    return body["data"]


async def published(address: str) -> dict[str, Any]:
    """What the server shows to readers now, by the ids of the answers."""
    found: dict[str, Any] = {}
    after = None
    async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
        while True:
            page = (await post(http, address, PUBLISHED, {"after": after}))["questions"]
            found |= {node["answer"]["id"]: node["answer"] for node in page["nodes"]}
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]


async def write(writer: Writer, steps: list[int], half: asyncio.Event) -> None:
    while steps:
        steps.pop()
        if len(steps) <= STEPS // 2:
            half.set()
        await writer.step()


async def test_a_copy_equals_what_is_published(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    world = await build_world(database)
    clock = Clock()
    writers = [
        Writer(database, world, clock, random.Random(SEED + number)) for number in range(WRITERS)
    ]
    for number, writer in enumerate(writers):
        await writer.begin(number)
    server = Server(tmp_path / "data", database_url)
    await asyncio.to_thread(server.start)
    readers = [Reader(server, random.Random(100 + number)) for number in range(READERS)]
    writing, half = asyncio.Event(), asyncio.Event()
    writing.set()
    began = time.monotonic()
    try:
        reading = [asyncio.create_task(reader.keep(writing)) for reader in readers]
        steps = list(range(STEPS))
        working = [asyncio.create_task(write(writer, steps, half)) for writer in writers]
        await half.wait()
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await asyncio.gather(*working)
        writing.clear()
        await asyncio.gather(*reading)
        expected = await published(server.address)
    finally:
        await asyncio.to_thread(server.kill)

    for reader in readers:
        assert reader.copy == expected
        assert reader.interrupted
    kinds = {kind for writer in writers for kind in writer.counts}
    assert kinds == {"publish", "correct", "expire", "renew", "retract", "erase", "undone"}
    report(writers, readers, len(expected), time.monotonic() - began)


def report(writers: list[Writer], readers: list[Reader], published: int, seconds: float) -> None:
    """Log what was done, for whoever runs it with `--log-cli-level=INFO`."""
    total: dict[str, int] = {}
    for writer in writers:
        for kind, number in writer.counts.items():
            total[kind] = total.get(kind, 0) + number
    _log.info("%d steps in %.0f s: %s; %d public at the end", STEPS, seconds, total, published)
    for reader in readers:
        _log.info("a copy: %d pages, interrupted %s", reader.pages, reader.interrupted)
