import pytest

from navis_api.db.sessions import Database
from tests.review.world import World, build_world
from tests.web.review.person import TestClock


@pytest.fixture
async def world(database: Database) -> World:
    return await build_world(database)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()
