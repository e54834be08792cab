"""Whether a pooler leads to where our transactions belong, as whom they have to act."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from navis_api.db.engine import APP_ROLE, create_pooled_engine, server_name
from navis_api.db.raw import CONNECTION_FAILURES, connect
from navis_api.errors import OperatorFault

_PATIENCE_S = 10.0
_WHERE = "SELECT current_user::text, current_database()::text, pg_postmaster_start_time()"


class PoolerUnfit(OperatorFault):
    """What `NAVIS_DATABASE_POOLER_URL` names can't be used. The message says what to do."""


async def require_fit_pooler(pooler: str, address: str) -> None:
    """Raise PoolerUnfit unless a pooler leads to the database at `address`, as the app role.

    Settings of a connection get no further than the pooler, so the role has to be the
    login's own. Without it row security would hold for the login, or for nobody.
    """
    acting, *where = await _seen_through(pooler)
    if acting != APP_ROLE:
        message = (
            f"Over NAVIS_DATABASE_POOLER_URL ({server_name(pooler)}) we act as {acting}, and have"
            f" to act as {APP_ROLE}. Run: ALTER ROLE {acting} SET role = '{APP_ROLE}'"
        )
        raise PoolerUnfit(message)
    connection = await connect(address, purpose="start")
    try:
        own = await connection.fetchrow(_WHERE)
    finally:
        connection.terminate()
    if where != list(own)[1:]:
        message = (
            f"NAVIS_DATABASE_POOLER_URL ({server_name(pooler)}) leads to another database than"
            f" NAVIS_DATABASE_URL ({server_name(address)})."
        )
        raise PoolerUnfit(message)


async def _seen_through(pooler: str) -> list[object]:
    engine = create_pooled_engine(
        pooler, pool_size=1, pool_wait_s=_PATIENCE_S, command_timeout_s=_PATIENCE_S
    )
    try:
        async with engine.connect() as connection:
            return list((await connection.execute(text(_WHERE))).one())
    except (DBAPIError, *CONNECTION_FAILURES) as failure:
        kind = type(getattr(failure, "orig", None) or failure).__name__
        message = (
            f"Can't reach the database over NAVIS_DATABASE_POOLER_URL ({server_name(pooler)}):"
            f" {kind}."
        )
        raise PoolerUnfit(message) from None
    finally:
        await engine.dispose()
