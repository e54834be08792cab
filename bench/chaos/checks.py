"""What has to hold whatever happened, looked at behind the API's back and through it."""

import asyncio
import base64
import hashlib
import subprocess
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none

from bench.chaos.calls import Caller
from bench.chaos.following import has_ended
from bench.chaos.ledger import Asked, Ledger, Uploaded
from bench.chaos.world import World
from navis_api.db.engine import asyncpg_address

_STORED = """
query Stored($id: ID!) { node(id: $id) { ... on Generation {
  status answer { sections { markdown } } } } }
"""
_PERSONAL = """
query Personal($id: ID!) { node(id: $id) { ... on Question { status } } }
"""
_RECORD = "query Record($id: ID!) { node(id: $id) { ... on Record { findings { id status } } } }"

_UNENDED = frozenset({"QUEUED", "RETRIEVING", "DRAFTING", "CHECKING"})
_ENDED_WITHIN_S = 120.0
_TIDIED_WITHIN_S = 120.0

_QUESTIONS = """
SELECT q.text, count(DISTINCT q.id) AS questions, count(DISTINCT g.id) AS generations,
    count(DISTINCT r.id) AS revisions, max(g.status) AS status
FROM questions q LEFT JOIN generations g ON g.question_id = q.id
LEFT JOIN answers a ON a.question_id = q.id LEFT JOIN answer_revisions r ON r.answer_id = a.id
WHERE q.text LIKE 'Case %' GROUP BY q.text
"""
_UNFINISHED = """
SELECT (SELECT count(*) FROM generations WHERE finished_at IS NULL)
    + (SELECT count(*) FROM personal_questions WHERE finished_at IS NULL)
"""
_DECISIONS = """
SELECT a.id AS answer_id, r.number AS revision, d.decision, d.subject, count(*) AS times
FROM review_decisions d JOIN answer_revisions r ON r.id = d.revision_id
JOIN answers a ON a.id = r.answer_id WHERE d.subject LIKE 'chaos-%'
GROUP BY 1, 2, 3, 4
"""
_EVENTS = """
SELECT sequence, kind, payload->>'text' AS text FROM generation_events
WHERE generation_id = $1::uuid ORDER BY sequence
"""
_GAPS = """
SELECT count(*) FROM (SELECT generation_id FROM generation_events GROUP BY generation_id
HAVING count(*) <> max(sequence) OR min(sequence) <> 1) AS gaps
"""


class Rows:
    """A superuser's look at the tables."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self._connection = connection

    async def all(self, query: str, *given: str) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return [dict(row) for row in await self._connection.fetch(query, *given)]

    async def run(self, statement: str, *given: str) -> None:
        """Run a statement."""
        await self._connection.execute(statement, *given)

    async def number(self, query: str) -> int:
        """Return the one number of a query."""
        return int(await self._connection.fetchval(query))


@asynccontextmanager
async def looking(world: World) -> AsyncGenerator[Rows]:
    """Give a look at the tables, past the link."""
    connect: Any = cast("Any", asyncpg).connect
    connection = await connect(asyncpg_address(world.postgres.url))
    try:
        yield Rows(connection)
    finally:
        await connection.close()


async def check_in_between(world: World, ledger: Ledger) -> None:
    """Look for what holds at any moment: nothing acknowledged is missing, nothing is double."""
    acknowledged = {each.text for each in ledger.asked}
    decided = list(ledger.decided)
    async with looking(world) as rows:
        stored = {row["text"]: row for row in await rows.all(_QUESTIONS)}
        decisions = {
            (str(row["answer_id"]), row["revision"], row["decision"], row["subject"]): row["times"]
            for row in await rows.all(_DECISIONS)
        }
        gaps = await rows.number(_GAPS)
    for text in acknowledged - stored.keys():
        ledger.broken("an acknowledged question is gone", text)
    for row in stored.values():
        if row["questions"] != 1 or row["generations"] != 1 or row["revisions"] > 1:
            ledger.broken("a question, its writing or its answer is there twice", row)
    tried = {(_uuid(e.answer_id), e.revision, e.decision, e.reviewer) for e in ledger.tried}
    for each in decided:
        if (_uuid(each.answer_id), each.revision, each.decision, each.reviewer) not in decisions:
            ledger.broken("an acknowledged decision is gone", each)
    for key, times in decisions.items():
        if times != 1 or key not in tried:
            ledger.broken("a decision is there twice, or nobody made it", (times, key))
    if gaps:
        ledger.broken("generations have gaps in their events", gaps)


async def check_at_the_end(world: World, ledger: Ledger) -> None:
    """Look at everything, once nobody does anything more."""
    await _all_ended(world, ledger)
    await check_in_between(world, ledger)
    caller = Caller(world.site, ledger)
    async with looking(world) as rows:
        for asked in ledger.asked:
            if has_ended(asked):
                await _check_stream(caller, rows, asked, ledger)
    await caller.close()
    for uploaded in ledger.uploaded:
        await _check_record(world.site, uploaded, ledger)
    for question_id, token in ledger.personal.items():
        caller = Caller(world.site, ledger, token=token)
        found = (await caller.insist(_PERSONAL, id=question_id))["node"]
        if found is None or found["status"] in {"GENERATING", None}:
            ledger.broken("a personal question has no end", found)
        await caller.close()
    await _objects_are_those_named(world, ledger)
    try:
        said = await asyncio.to_thread(world.command, "audit", "verify")
    except subprocess.CalledProcessError as failed:
        ledger.broken("audit verify finds something", failed.stdout)
    else:
        ledger.say(said.splitlines()[-1] if said else "audit verify is content")


async def _all_ended(world: World, ledger: Ledger) -> None:
    until = time.monotonic() + _ENDED_WITHIN_S
    async with looking(world) as rows:
        while left := await rows.number(_UNFINISHED):
            if time.monotonic() > until:
                ledger.broken(f"answers have no end after {_ENDED_WITHIN_S:g} s", left)
                return
            await asyncio.sleep(0.5)


async def _check_stream(caller: Caller, rows: Rows, asked: Asked, ledger: Ledger) -> None:
    """Hold what was heard against the rows, and against the answer as it is shown.

    Readers are no longer shown what a reviewer has rejected; the rows stay.
    """
    stored = await rows.all(_EVENTS, _uuid(asked.generation_id))
    heard = [(each["sequence"], each.get("text")) for each in asked.events]
    if heard != [(row["sequence"], row["text"]) for row in stored]:
        ledger.broken("a stream isn't what is stored", (asked.text, heard, stored))
    pieces: dict[int, str] = {}
    for event in asked.events:
        if event["__typename"] == "AnswerTextAdded":
            index = int(event["sectionIndex"])
            pieces[index] = pieces.get(index, "") + str(event["text"])
    told = [{"markdown": text} for text in pieces.values()]
    shown = (await caller.insist(_STORED, id=asked.generation_id))["node"]
    if shown is None or shown["status"] in _UNENDED:
        ledger.broken("an answer that ended hasn't ended", (asked.text, shown))
    elif shown["answer"] is not None and told != shown["answer"]["sections"]:
        ledger.broken("what was streamed isn't the answer", asked.text)


async def _check_record(site: str, uploaded: Uploaded, ledger: Ledger) -> None:
    caller = Caller(site, ledger, token=uploaded.token)
    record = (await caller.insist(_RECORD, id=uploaded.record_id))["node"]
    if record is None:
        ledger.broken("an acknowledged record is gone", uploaded.record_id)
        return
    stored = {each["id"]: each["status"] for each in record["findings"]}
    if uploaded.findings and stored != uploaded.findings:
        ledger.broken("findings aren't as they were confirmed", (stored, uploaded.findings))
    address = f"{site}/export/records/{_uuid(uploaded.record_id)}"
    reply = await caller.persist(lambda: caller.send("GET", address))
    if hashlib.sha256(reply.content).digest() != hashlib.sha256(uploaded.content).digest():
        ledger.broken("a record isn't what was sent", reply.text[:200])
    await caller.close()


async def _objects_are_those_named(world: World, ledger: Ledger) -> None:
    """No part is lost, and none stays that no row names."""
    until = time.monotonic() + _TIDIED_WITHIN_S
    folder = world.objects.folder / "data" / "objects"
    async with looking(world) as rows:
        while True:
            named = await rows.number("SELECT count(*) FROM record_parts")
            there = sum(1 for path in folder.rglob("*") if path.is_file())
            if there == named:
                return
            if there < named or time.monotonic() > until:
                ledger.broken("objects aren't those that rows name", (there, named))
                return
            await asyncio.sleep(0.5)


def _uuid(global_id: str) -> str:
    """Return the row's id in a global one."""
    return str(UUID(base64.b64decode(global_id).decode().rpartition(":")[2]))
