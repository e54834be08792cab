"""How Alembic reaches the database: over a connection it is given, acting as the owner role."""

import asyncio
import os

from sqlalchemy import Connection, event, text

from alembic import context
from navis_api.db.engine import APP_ROLE, OWNER_ROLE, create_owner_engine
from navis_api.db.patience import LOCK_TIMEOUT_MS
from navis_api.tables import METADATA

# One migration at a time, however many processes start at once.
_LOCK = 0x6E61766973

# Roles belong to the whole server, so two databases on it share them, and two
# first migrations may meet here.
_ROLES = f"""
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['{OWNER_ROLE}', '{APP_ROLE}'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        IF current_user <> wanted
            AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            BEGIN
                EXECUTE format('GRANT %I TO %I', wanted, current_user);
            -- Whoever made the roles beforehand has granted them too.
            EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
            END;
        END IF;
    END LOOP;
    IF current_user <> '{OWNER_ROLE}' THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO {OWNER_ROLE}', current_database());
        GRANT USAGE, CREATE ON SCHEMA public TO {OWNER_ROLE};
    END IF;
END $$;
"""


def _include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables of pgqueuer: it declares them itself."""
    return not (kind == "table" and name is not None and name.startswith("pgqueuer"))


def _run(connection: Connection) -> None:
    """Run each migration in a transaction of its own, so that its locks end with it.

    The lock against others who migrate is the session's, and ends with the connection.
    """
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text(_ROLES))
    connection.commit()

    @event.listens_for(connection, "begin")
    def as_the_owner(begun: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - SQLAlchemy calls it
        begun.exec_driver_sql(f"SET ROLE {OWNER_ROLE}")
        # Whoever comes later waits behind a migration that waits for a lock. What runs outside
        # a transaction, as an index that is built beside the work, isn't held to this.
        if begun.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            begun.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'")

    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=_include_name,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run_from_the_command_line() -> None:
    """Serve plain `alembic …` commands, which bring no connection."""
    address = os.environ.get("NAVIS_DATABASE_OWNER_URL") or os.environ.get("NAVIS_DATABASE_URL")
    if not address:
        message = (
            "Set NAVIS_DATABASE_URL, or use `navis-api migrate`, which finds the embedded one."
        )
        raise SystemExit(message)
    engine = create_owner_engine(address)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_run_from_the_command_line())
else:
    _run(given)
