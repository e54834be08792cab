"""Engines: how this process reaches Postgres."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from navis_api.db.patience import CONNECT_PATIENCE_S, patience_settings
from navis_api.errors import OperatorFault

APP_ROLE = "navis_app"
"""The role that the API and the worker act as. It owns no table and can't bypass row security."""

OWNER_ROLE = "navis_owner"
"""The role that owns every table; only migrations act as it."""


_PORT = 5432


class DatabaseAddressInvalid(OperatorFault):
    """A setting, `NAVIS_DATABASE_URL` mostly, is not the address of a Postgres database."""

    def __init__(self, setting: str = "NAVIS_DATABASE_URL") -> None:
        super().__init__(
            f"{setting} is not a Postgres address. It looks like"
            " postgresql://user:password@host:5432/database"
        )


def parse_address(address: str, *, setting: str = "NAVIS_DATABASE_URL") -> URL:
    """Return the address as SQLAlchemy reads it, for asyncpg.

    Raises DatabaseAddressInvalid; the message names the setting and doesn't repeat the
    address, which holds a password.
    """
    try:
        url = make_url(address)
    # A port that is no number is a ValueError (SQLAlchemy 2.1).
    except (ArgumentError, ValueError):
        raise DatabaseAddressInvalid(setting) from None
    if url.get_backend_name() not in {"postgresql", "postgres"} or not url.database:
        raise DatabaseAddressInvalid(setting)
    return url.set(drivername="postgresql+asyncpg")


def server_name(address: str) -> str:
    """Return which server an address names, for logs and figures: `host:port`."""
    url = parse_address(address)
    return f"{url.host}:{url.port or _PORT}"


def asyncpg_address(address: str) -> str:
    """Return the address in the form that asyncpg's own functions take."""
    return parse_address(address).set(drivername="postgresql").render_as_string(hide_password=False)


def app_role_settings(address: str) -> dict[str, str]:
    """Return the session settings that make a connection act as the app role.

    There are none when the login is the app role itself.
    """
    return {} if parse_address(address).username == APP_ROLE else {"role": APP_ROLE}


def _planner_settings(address: str) -> dict[str, str]:
    """Return settings for statements that are short, but for those of full-text search.

    A plan made for no words in particular, as Postgres keeps after five runs, made
    retrieval up to three times slower; compiling statements never pays here. With a
    login as for `app_role_settings`, they are the login's own.
    """
    if not app_role_settings(address):
        return {}
    return {"jit": "off", "plan_cache_mode": "force_custom_plan"}


def lasting_settings(address: str, command_timeout_s: float) -> dict[str, str]:
    """Return the session settings of any connection of ours but the owner's.

    A pooler, as for `app_role_settings`, gets none: they are the login's own there.
    """
    role = app_role_settings(address)
    return {**patience_settings(command_timeout_s), **role} if role else {}


def published_settings(address: str, command_timeout_s: float) -> dict[str, str]:
    """Return the session settings of connections that only read published content.

    Their statements are few, and bounded whatever they are given, so each is planned
    once for all values. With a login as for `app_role_settings`, they are the login's own.
    """
    lasting = lasting_settings(address, command_timeout_s)
    if not lasting:
        return {}
    return {
        **lasting,
        "default_transaction_read_only": "on",
        "jit": "off",
        "plan_cache_mode": "force_generic_plan",
    }


def _opening(address: str, **options: Any) -> Callable[..., Awaitable[Any]]:  # noqa: ANN401
    """Return what opens a connection, with all that the address says.

    SQLAlchemy 2.1 hands the address's parameters to asyncpg as arguments, which has none for
    `sslmode` and `sslrootcert`; in an address it reads them, as libpq does. So whatever
    arguments come are not looked at.
    """
    connect: Any = cast("Any", asyncpg).connect

    async def opened(**_: object) -> Any:  # noqa: ANN401 - asyncpg has no types
        return await connect(asyncpg_address(address), **options)

    return opened


def create_app_engine(
    address: str, *, pool_size: int, pool_wait_s: float, command_timeout_s: float
) -> AsyncEngine:
    """Return an engine whose connections act as the app role."""
    return _engine(
        address,
        {
            "async_creator_fn": _opening(
                address,
                timeout=CONNECT_PATIENCE_S,
                command_timeout=command_timeout_s,
                server_settings={
                    "application_name": "navis-api",
                    **_planner_settings(address),
                    **lasting_settings(address, command_timeout_s),
                },
            )
        },
        pool_size=pool_size,
        pool_wait_s=pool_wait_s,
    )


def create_pooled_engine(
    address: str, *, pool_size: int, pool_wait_s: float, command_timeout_s: float
) -> AsyncEngine:
    """Return an engine over a pooler in transaction mode, whose login acts as the app role.

    Two transactions may go over two connections of the server, and one of these serves
    others in between. So nothing is left on a connection: no setting is sent, which PgBouncer
    would refuse, and statements are prepared without a name, which Postgres forgets with the
    next one. asyncpg's own names are counted in each process and would meet there. Whatever
    SQLAlchemy sends stands in a transaction, so that what was prepared is still there when
    it is executed.
    """
    return _engine(
        address,
        {
            "async_creator_fn": _opening(
                address,
                timeout=CONNECT_PATIENCE_S,
                command_timeout=command_timeout_s,
                statement_cache_size=0,
                server_settings={"application_name": "navis-api"},
            ),
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": str,
        },
        pool_size=pool_size,
        pool_wait_s=pool_wait_s,
    )


def _engine(
    address: str, connecting: dict[str, Any], *, pool_size: int, pool_wait_s: float
) -> AsyncEngine:
    return create_async_engine(
        parse_address(address),
        connect_args=connecting,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_wait_s,
        pool_pre_ping=True,
        # An error message must not quote the parameters: they are a patient's words.
        hide_parameters=True,
    )


def create_owner_engine(address: str) -> AsyncEngine:
    """Return an engine for migrations: the login itself, which then becomes the owner role."""
    return create_async_engine(
        parse_address(address),
        async_creator=_opening(
            address, server_settings={"application_name": "navis-api migrations"}
        ),
        pool_size=1,
        hide_parameters=True,
    )
