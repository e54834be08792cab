"""`navis-api erase`, as it is typed."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from navis_api.db.sessions import Database
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.forking.processes import run_forked
from tests.personal_data.looking import everything, mentions
from tests.records.readers import READ
from tests.records.world import OTHER, PATIENT, RecordWorld, content

SUBJECT = PATIENT.subject or ""


@pytest.fixture
async def world(tmp_path: Path, database: Database) -> RecordWorld:
    world = RecordWorld(database, tmp_path)
    await world.read(content(100), *READ)
    await world.uploaded(content(10), OTHER)
    return world


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> dict[str, str]:
    return environment(tmp_path, NAVIS_DATABASE_URL=database_url)


async def test_it_erases_and_prints_the_receipt(
    world: RecordWorld, env: dict[str, str], owner: asyncpg.Connection
) -> None:
    done = typed(["erase", "--patient", SUBJECT, "--yes", "--json"], env)
    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)["receipt"]
    assert receipt["removed"]["findings"] == len(READ)
    assert receipt["keyDestroyedAt"]
    assert receipt["objectsRemovedAt"]
    assert await mentions(owner, [SUBJECT]) == set()
    assert len(await world.objects()) == 1
    row = await owner.fetchrow(
        "SELECT actor_kind, action FROM audit_events ORDER BY sequence DESC OFFSET 2 LIMIT 1"
    )
    assert row is not None
    assert tuple(row.values()) == ("OPERATOR", "patient.erase")
    for form, printed in (([], ""), (["--json"], '{"receipt":null}\n')):
        again = typed(["erase", "--patient", SUBJECT, "--yes", *form], env)
        assert (again.returncode, again.stdout) == (10, printed)
        assert "Nothing is held under this name, and nothing was done." in again.stderr


@pytest.mark.parametrize(("answer", "is_done"), [("y\n", True), ("n\n", False), ("", False)])
async def test_it_asks_first(
    world: RecordWorld,
    env: dict[str, str],
    owner: asyncpg.Connection,
    answer: str,
    is_done: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    before = await everything(owner)
    done = await asyncio.to_thread(
        run_forked,
        ["navis_api", "erase", "--patient", SUBJECT],
        env=env,
        given=answer,
        timeout=120,
    )
    assert "4 findings" in done.stderr
    assert (done.returncode == 0) is is_done, done.stderr
    assert (await everything(owner) == before) is not is_done
    assert bool(await mentions(owner, [SUBJECT])) is not is_done
    del world


async def test_while_the_storage_is_away_it_says_what_is_left_to_do(
    world: RecordWorld, env: dict[str, str], owner: asyncpg.Connection
) -> None:
    folder = world.folder / "record-keys"
    folder.rename(folder.with_name("away"))
    folder.write_text("no folder")
    done = typed(["erase", "--patient", SUBJECT, "--yes"], env)
    assert done.returncode == 1
    assert "Receipt: " in done.stdout
    assert "worker" in done.stderr
    assert await owner.fetchval("SELECT key_destroyed_at FROM erasures") is None
