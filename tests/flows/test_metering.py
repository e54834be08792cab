"""Two processes serve a partner; one is killed, one is stopped, and no operation is lost."""

import asyncio
import signal
from datetime import date, timedelta
from pathlib import Path

import httpx

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.partners import usage_repository
from navis_api.partners.access_log import AccessLog
from navis_api.partners.reconciling import AT_WORK, Reconciled, reconcile
from navis_api.partners.usage import Usage
from tests.flows.processes import Running, environment, navis
from tests.partners.world import Partners, acting
from tests.waiting import PATIENCE_S

READ = "{ cancers(first: 1) { nodes { slug } } }"
AFTER = AT_WORK + timedelta(minutes=1)


async def test_the_sums_are_those_of_the_log_after_a_process_was_killed(
    tmp_path: Path, sample_database_url: str, sample_database: Database
) -> None:
    partners = Partners(sample_database)
    made = await partners.key(await partners.partner())
    headers = {"Authorization": f"Bearer {made.secret}"}
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url, NAVIS_LOG_JSON="true")
    served = 0

    async def read(server: Running, times: int) -> None:
        nonlocal served
        port = server.wait_for(r'"port": (\d+), "event": "api.started"')[1]
        async with httpx.AsyncClient(headers=headers) as client:
            for _ in range(times):
                reply = await client.post(
                    f"http://127.0.0.1:{port}/graphql", json={"query": READ}, timeout=30
                )
                assert reply.status_code == 200, reply.text
                served += 1

    with navis("serve", env=env) as killed, navis("serve", env=env) as stopped:
        await asyncio.gather(read(killed, 47), read(stopped, 40))
        killed.kill()
        stopped.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(stopped.process.wait, PATIENCE_S) == 0, stopped.output
    written = [*lines_of(killed), *lines_of(stopped)]
    before = await reconciled(sample_database, written, adding=False)
    # A line is written before its response is sent.
    assert before.lines == served
    assert (before.gaps, before.unreadable, before.incomplete) == (0, 0, 0)
    assert (await sums(sample_database)).served == served - before.missing

    after = await reconciled(sample_database, written, adding=True)
    assert (after.agrees, after.added) == (True, before.missing)
    assert (await sums(sample_database)).served == served
    assert (await reconciled(sample_database, written, adding=True)).added == 0


def lines_of(running: Running) -> list[bytes]:
    return [line.encode() for line in running.output.splitlines()]


async def sums(database: Database) -> Usage:
    async with database.reading(SYSTEM_ROWS) as session:
        found = await usage_repository.list_usage(session, since=date.min, until=date.max)
    return sum(found.values(), start=Usage())


async def reconciled(database: Database, written: list[bytes], *, adding: bool) -> Reconciled:
    async with database.writing(SYSTEM_ROWS) as session:
        log = AccessLog(await usage_repository.list_meters(session))
        log.read(written)
        return await reconcile(session, log, adding=adding, acting=acting(utc_now() + AFTER))
