"""Stores of buckets, as all processes of a deployment reach them."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from navis_api.limits.store import BucketStore
from navis_api.limits.stores import bucket_store
from navis_api.settings import Settings
from tests.redis_server import RedisServer

NewStore = Callable[[], BucketStore]
"""Makes the store as another process would have it."""


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["postgres", "redis"])
async def new_store(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> AsyncIterator[NewStore]:
    settings = Settings(data_dir=tmp_path, redis_url=None)
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        settings = Settings.model_validate({"data_dir": tmp_path, "redis_url": server.address})
    made: list[BucketStore] = []

    def make() -> BucketStore:
        made.append(bucket_store(settings, database_url))
        return made[-1]

    yield make
    for store in made:
        await store.close()
