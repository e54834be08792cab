"""Fixtures of personal data: two patients on the sample content, and a place for their records."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import Database
from navis_api.identity.viewer import Viewer, ViewerKind
from tests.personal_data.person import Person
from tests.records.world import RecordWorld

SUBJECT = "auth0|Zebrafink-7"
OTHER_SUBJECT = "auth0|Wiesel-8"


@pytest.fixture
def world(sample_database: Database, tmp_path: Path) -> RecordWorld:
    return RecordWorld(sample_database, tmp_path)


@pytest.fixture
async def owner(sample_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(asyncpg_address(sample_database_url))
    yield connection
    await connection.close()


@pytest.fixture
def person(world: RecordWorld, owner: asyncpg.Connection) -> Person:
    return Person(Viewer(ViewerKind.PATIENT, SUBJECT), world, owner)


@pytest.fixture
def other(world: RecordWorld, owner: asyncpg.Connection) -> Person:
    return Person(Viewer(ViewerKind.PATIENT, OTHER_SUBJECT), world, owner)
