"""The command that brings a database's tables up to date: `migrate`."""

from typing import Annotated

import typer

from navis_api.cli.database import owner_address
from navis_api.cli.loop import run
from navis_api.db.embedded_keeping import at_hand
from navis_api.db.migrations import migrate as migrate_database
from navis_api.db.migrations import require_no_drift
from navis_api.settings import Settings


def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Then fail if the tables and the code still differ.")
    ] = False,
) -> None:
    """Bring the database's tables up to date. Doing it again changes nothing."""
    settings = Settings()
    if settings.database_url is not None:
        address = owner_address(settings, settings.database_url.get_secret_value())
        run(_migrate(address, check=check))
        return
    with at_hand(settings.data_dir) as address:
        run(_migrate(address, check=check))


async def _migrate(address: str, *, check: bool) -> None:
    await migrate_database(address)
    if check:
        await require_no_drift(address)
    typer.echo("The database is up to date.")
