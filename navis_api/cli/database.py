"""Finding the database: the one that is named, or the embedded one of the data folder."""

from collections.abc import Generator
from contextlib import contextmanager

from navis_api.cli.loop import run
from navis_api.db.embedded_keeping import at_hand, kept
from navis_api.db.engine import create_app_engine, parse_address
from navis_api.db.migrations import DatabaseNotMigrated, migrate, require_migrated
from navis_api.db.pooler import require_fit_pooler
from navis_api.db.sessions import Database
from navis_api.settings import Settings

_LONG_WORK_TIMEOUT_S = 600.0


def owner_address(settings: Settings, address: str) -> str:
    """Return the address that migrations use."""
    owner = settings.database_owner_url
    return owner.get_secret_value() if owner else address


@contextmanager
def database_address(settings: Settings, *, lasts: bool = False) -> Generator[str]:
    """Give the address of a database that is up to date.

    The embedded one is found running, or started for our own time, and brought up
    to date; a process that `lasts` starts it again when it ends with somebody else.
    A named one is left as it is: raises DatabaseNotMigrated.
    """
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        run(require_migrated(address))
        yield address
        return
    there = kept if lasts else at_hand
    with there(settings.data_dir) as address:
        bring_up_to_date(address)
        yield address


@contextmanager
def serving_address(settings: Settings) -> Generator[str]:
    """Give it to a process that serves and lasts, and may go over a pooler and to replicas.

    Raises PoolerUnfit, and DatabaseAddressInvalid for a replica's, too.
    """
    for each in settings.replica_addresses:
        parse_address(each, setting="NAVIS_DATABASE_REPLICA_URLS")
    with database_address(settings, lasts=True) as address:
        if settings.database_pooler_url is not None:
            pooler = settings.database_pooler_url.get_secret_value()
            parse_address(pooler, setting="NAVIS_DATABASE_POOLER_URL")
            run(require_fit_pooler(pooler, address))
        yield address


def bring_up_to_date(address: str) -> None:
    """Migrate the database unless it is up to date."""
    try:
        run(require_migrated(address))
    except DatabaseNotMigrated:
        run(migrate(address))


def command_database(address: str) -> Database:
    """Return the database for a command: few connections, and time for long statements."""
    engine = create_app_engine(
        address, pool_size=4, pool_wait_s=30, command_timeout_s=_LONG_WORK_TIMEOUT_S
    )
    return Database(engine)
