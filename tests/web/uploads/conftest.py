"""The address that uploads are sent to, within this process, and a file that was announced."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from navis_api.db.sessions import Database
from navis_api.kit.draining import Draining
from navis_api.web.headers import SecurityHeaders
from navis_api.web.uploads.routes import UploadLimits, Uploads
from tests.records.world import PART, RecordWorld, content, file_of

SENT = content(2 * PART + 100)


@dataclass
class Open:
    """An open upload: whose contents are `SENT`, and where they are sent."""

    path: str
    record_id: UUID


@pytest.fixture
def world(database: Database, tmp_path: Path) -> RecordWorld:
    return RecordWorld(database, tmp_path)


@pytest.fixture
def draining() -> Draining:
    return Draining()


@pytest.fixture
async def http(world: RecordWorld, draining: Draining) -> AsyncIterator[httpx.AsyncClient]:
    limits = UploadLimits(max_bytes=1_000_000, idle_timeout_s=0.3, at_once=2)
    uploads = Uploads(world.receiving, limits, site="https://api.example.org", draining=draining)
    app = SecurityHeaders(Starlette(routes=uploads.routes()))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def upload(world: RecordWorld) -> Open:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    return Open(f"/uploads/{announced.upload.token}", announced.record.id)
