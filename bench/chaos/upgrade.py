"""An upgrade under load: an older commit serves, the database is migrated, this code takes over.

`python -m bench upgrade --from 5aafaa9^ --rows 200000`, in a git checkout. Clients ask, follow,
decide and read all along, and nothing of theirs may fail: neither while `migrate` runs
over a full database, nor while old code works on the new schema, nor while its processes are
replaced one by one.
"""

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.chaos.checks import check_at_the_end, looking
from bench.chaos.clients import People
from bench.chaos.events import rolling_restart
from bench.chaos.ledger import Ledger
from bench.chaos.program import report, reviewers
from bench.chaos.world import World, world

_BESIDE_S = 10.0
_POSTGRES_MB = 4_000
_ASKERS = 3
_READERS = 2
_ROOT = Path(__file__).parents[2]
_FILL = (
    "SET session_replication_role = replica",
    (
        "INSERT INTO patients (id, subject, created_at)"
        " SELECT gen_random_uuid(), 'filler-' || n, now() FROM generate_series(1, {rows}) n"
    ),
    (
        "INSERT INTO consents (patient_id, id, purpose, version, granted_at)"
        " SELECT id, gen_random_uuid(), 'REVIEW', 1, now() FROM patients"
        " WHERE subject LIKE 'filler-%'"
    ),
    (
        "INSERT INTO questions (id, text, match_key, status, locale, asked_at)"
        " SELECT gen_random_uuid(), 'Filler ' || n, 'filler ' || n, 'FAILED', 'en', now()"
        " FROM generate_series(1, {rows}) n"
    ),
    (
        "INSERT INTO generations (id, question_id, status, engine, created_at, finished_at)"
        " SELECT gen_random_uuid(), id, 'FAILED', 'extractive', now(), now() FROM questions"
        " WHERE text LIKE 'Filler %'"
    ),
    """
    DO $$ BEGIN
        IF to_regclass('personal_questions') IS NOT NULL THEN
            INSERT INTO personal_questions (patient_id, id, status, engine, asked_sealed,
                answer_sealed, asked_at, finished_at)
            SELECT id, gen_random_uuid(), 'COMPLETED', 'extractive', '', '', now(), now()
            FROM patients WHERE subject LIKE 'filler-%';
        END IF;
    END $$
    """,
    "RESET session_replication_role",
)


def main(options: Sequence[str] = ()) -> None:
    """Run the upgrade, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m bench upgrade", description=__doc__)
    parser.add_argument("--from", dest="commit", required=True, help="the older commit")
    parser.add_argument("--rows", type=int, default=200_000, help="of each table that is filled")
    given = parser.parse_args(options)
    folder = Path(tempfile.mkdtemp(prefix="navis-upgrade-"))
    old = folder / "old"
    _git("worktree", "add", "--detach", str(old), given.commit)
    try:
        ledger = asyncio.run(_upgrade(folder, old, given.rows))
    finally:
        _git("worktree", "remove", "--force", str(old))
    report(ledger)
    if ledger.violations:
        sys.exit(f"Promises were broken; logs are in {folder}")
    shutil.rmtree(folder)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=_ROOT, check=True, stdout=sys.stderr)


async def _upgrade(folder: Path, old: Path, rows: int) -> Ledger:
    ledger = Ledger()
    async with world(folder, code=old, postgres_mb=_POSTGRES_MB) as made:
        await _fill(made, rows)
        ledger.say(f"the older code runs over {rows} rows a table; logs are in {folder}")
        people = People(made.site, ledger, random.Random(1))
        doing = [people.asking(chr(ord("a") + number)) for number in range(_ASKERS)]
        doing += [people.reading(None) for _ in range(_READERS)]
        doing += await reviewers(people, made)
        working = [asyncio.create_task(each) for each in doing]
        await asyncio.sleep(_BESIDE_S)
        ledger.calm_since = time.monotonic()
        made.code = _ROOT
        ledger.say("migrate …")
        began, ledger.slowest_s = time.monotonic(), 0.0
        await asyncio.to_thread(made.command, "migrate")
        ledger.say(f"migrated in {time.monotonic() - began:.1f} s")
        await asyncio.sleep(_BESIDE_S)
        ledger.say(f"older code on the new schema; slowest response {ledger.slowest_s:.2f} s")
        await rolling_restart(made, ledger, random.Random(1))
        ledger.say("this code has taken over")
        await asyncio.sleep(_BESIDE_S)
        people.over.set()
        await asyncio.gather(*working)
        await check_at_the_end(made, ledger)
    return ledger


async def _fill(made: World, rows: int) -> None:
    async with looking(made) as tables:
        for statement in _FILL:
            await tables.run(statement.format(rows=rows))
        await tables.run("ANALYZE")
