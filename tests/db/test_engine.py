"""What an address says of how a connection is made."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from navis_api.db.engine import create_app_engine, create_owner_engine, parse_address


def engines(address: str) -> list[AsyncEngine]:
    return [
        create_app_engine(address, pool_size=1, pool_wait_s=5, command_timeout_s=30),
        create_owner_engine(address),
    ]


def with_tls(address: str, mode: str) -> str:
    return (
        parse_address(address)
        .set(drivername="postgresql", query={"sslmode": mode})
        .render_as_string(hide_password=False)
    )


async def test_tls_is_as_the_address_has_it(database_url: str) -> None:
    for engine in engines(with_tls(database_url, "disable")):
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        await engine.dispose()


async def test_no_connection_is_made_without_the_tls_that_the_address_wants(
    database_url: str,
) -> None:
    # The tests' server has no certificate.
    for engine in engines(with_tls(database_url, "require")):
        with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
            await engine.connect()
        await engine.dispose()
