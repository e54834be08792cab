"""Commands on the keys that records and partners' secrets are sealed with: `keys rotate`."""

import typer
from rich.console import Console
from rich.progress import Progress

from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import Database
from navis_api.partners.webhooks.resealing import reseal_all
from navis_api.records.rotating import rewrap_all
from navis_api.records.sealing.storage import local_master_key, sealed_storage
from navis_api.settings import Settings

keys = typer.Typer(name="keys", help="The keys that records are sealed with.", no_args_is_help=True)


@keys.callback()
def group() -> None:
    """Let `rotate` have a name, although there is one command only."""


@keys.command()
def rotate() -> None:
    """Make a new master key, wrap every patient's key with it, and remove the former one.

    Secrets of webhooks are sealed with it as well.

    While everything runs; cut off in the middle, do it again.
    """
    settings = Settings()
    master = local_master_key(settings)
    with database_address(settings) as address:
        master.renew()
        count, secrets = run(_rewrap(command_database(address), settings))
        master.forget_older()
    typer.echo(f"{count} keys are wrapped with a new master key.")
    if secrets:
        typer.echo(f"The secrets of {secrets} webhook endpoints are sealed with it.")


async def _rewrap(database: Database, settings: Settings) -> tuple[int, int]:
    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("Wrapping", total=None)

            def tell(done: int) -> None:
                progress.update(bar, completed=done)

            count = await rewrap_all(database, sealed_storage(settings).keys, tell)
        return count, await reseal_all(database, local_master_key(settings))
    finally:
        await database.close()
