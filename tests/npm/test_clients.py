"""The GraphQL clients of npm that app developers use, each against a running server."""

import asyncio
from pathlib import Path

import pytest

from bench.servers import free_port
from tests.flows.processes import Running, environment
from tests.flows.test_asking import address_of, serving
from tests.npm.packages import SCHEMA, printed_by, require_packages, started


@pytest.mark.parametrize("client", ["graphql_ws", "graphql_sse", "apollo", "urql"])
async def test_a_client_works(address: str, client: str) -> None:
    assert await printed_by(f"{client}.mjs", address, str(SCHEMA)) == ""


@pytest.mark.parametrize("client", ["graphql_ws", "graphql_sse"])
async def test_a_client_follows_an_answer_across_a_restart(
    sample_database_url: str, tmp_path: Path, client: str
) -> None:
    require_packages()
    port = str(free_port())
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url, NAVIS_PORT=port)
    with (
        Running("bench.slow_worker", "0.4", env=env),
        serving(env) as first,
    ):
        address = await asyncio.to_thread(address_of, first)
        async with started(f"{client}_restart.mjs", address) as following:
            assert following.stdout is not None
            said = await asyncio.wait_for(following.stdout.readline(), 90)
            assert said == b"FOLLOWING\n", said + await following.stdout.read()
            assert await asyncio.to_thread(first.interrupt) == 0
            with serving(env):
                rest = await asyncio.wait_for(following.stdout.read(), 90)
                assert await following.wait() == 0, rest.decode()
