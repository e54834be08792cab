"""Where the data stand: a folder for each number of questions, built once and kept."""

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.data.database import Pool, pool_of
from bench.data.multiplying import multiply
from bench.data.peer_tables import make_peer_tables
from bench.data.seeds import publish_seeds
from navis_api.db import embedded
from navis_api.db.migrations import migrate

SIZES = (20_000, 1_000_000)
MADE_BY = 2
"""Goes up with every change of the generator: data made before are made again."""


def default_folder() -> Path:
    """Return where data are kept unless somebody says otherwise: the user's cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "navis-bench"


@contextmanager
def stored(folder: Path, *, questions: int) -> Generator[str]:
    """Give the superuser's address of a running Postgres with so many questions."""
    with embedded.start(folder / str(questions)) as server:
        asyncio.run(_build(server.url, questions=questions))
        yield server.url


async def _build(address: str, *, questions: int) -> None:
    async with pool_of(address) as pool:
        if await _is_built(pool):
            await migrate(address)
            return
        print(f"Building {questions:,} questions, once ...", flush=True)
        began = time.perf_counter()
        await pool.execute("ALTER SYSTEM SET max_wal_size = '2GB'")
        await pool.execute("SELECT pg_reload_conf()")
        await pool.execute("DROP SCHEMA IF EXISTS bench, peers CASCADE")
        await migrate(address)
        if await pool.fetchval("SELECT EXISTS (SELECT FROM questions)"):
            message = "The folder holds the beginning of other data. Remove it."
            raise RuntimeError(message)
        await publish_seeds(address)
        async with pool.acquire() as connection:
            await make_peer_tables(connection)
        await multiply(pool, questions=questions)
        await pool.execute("VACUUM (ANALYZE)")
        await pool.execute("ALTER SYSTEM RESET max_wal_size")
        await pool.execute("SELECT pg_reload_conf()")
        await pool.execute("CHECKPOINT")
        await pool.execute(f"CREATE TABLE bench.built AS SELECT {MADE_BY} AS made_by")
        print(f"... in {time.perf_counter() - began:.0f} s", flush=True)


async def _is_built(pool: Pool) -> bool:
    if not await pool.fetchval("SELECT to_regclass('bench.built') IS NOT NULL"):
        return False
    return await pool.fetchval("SELECT made_by FROM bench.built") == MADE_BY
