"""A server with the sample content, as a process of its own, for npm's clients to talk to."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.conftest import copied
from tests.flows.processes import environment, navis
from tests.flows.test_asking import address_of, serving
from tests.npm.packages import require_packages


@pytest.fixture(scope="session")
async def npm_env(
    postgres: str, sample_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, str]]:
    """The settings of processes that share a database with the sample content.

    They tell nothing of the schema, as in production.
    """
    require_packages()
    async with copied(postgres, sample_template) as database:
        yield environment(
            tmp_path_factory.mktemp("npm"),
            NAVIS_DATABASE_URL=database,
            NAVIS_INTROSPECTION="false",
            NAVIS_SUGGESTIONS="false",
        )


@pytest.fixture(scope="session")
async def address(npm_env: dict[str, str]) -> AsyncIterator[str]:
    """The address of /graphql of a running server, with a worker beside it."""
    with serving(npm_env) as server, navis("worker", env=npm_env):
        yield await asyncio.to_thread(address_of, server)
