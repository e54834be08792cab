"""Fixtures of records: a place for them, and the jobs that they have caused."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from navis_api.db.sessions import Database
from tests.records.world import RecordWorld

Jobs = Callable[[], Awaitable[list[tuple[str, bytes]]]]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> RecordWorld:
    return RecordWorld(database, tmp_path)


@pytest.fixture
def jobs(owner: asyncpg.Connection) -> Jobs:
    """Tells the tasks and payloads of the jobs that wait."""

    async def waiting() -> list[tuple[str, bytes]]:
        rows = await owner.fetch("SELECT entrypoint, payload FROM pgqueuer ORDER BY id")
        return [(row[0], row[1]) for row in rows]

    return waiting
