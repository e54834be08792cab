"""Commands on reviewed content: `content import`, `content export`."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from navis_api.answers.fence import until_readers_follow
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.content.bundle import BundleFolder
from navis_api.content.exporting import Exported, export_bundle
from navis_api.content.service import Imported, import_bundle
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.kit.clock import utc_now
from navis_api.settings import Settings

content = typer.Typer(
    name="content", help="The catalogue and the reviewed answers.", no_args_is_help=True
)


@content.command("import")
def import_(
    path: Annotated[Path | None, typer.Argument(help="The folder of a content bundle.")] = None,
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="The sample content that comes with this package.")
    ] = False,
) -> None:
    """Take a content bundle in, all of it or nothing. Doing it again changes nothing."""
    if sample == (path is not None):
        raise InvalidInput("Name the folder of a bundle, or give --sample.")
    with database_address(Settings()) as address:
        database = command_database(address)
        found = run(import_samples(database) if path is None else _import(database, path))
    typer.echo(
        f"New or changed: {found.cancers} cancers, {found.sources} sources,"
        f" {found.answers} answers."
    )


async def import_samples(database: Database) -> Imported:
    """Take in the sample content that comes with the package."""
    with as_file(files("navis_api") / "samples") as folder:
        return await _import(database, folder)


async def _import(database: Database, path: Path) -> Imported:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            found = await import_bundle(session, BundleFolder(path), now=utc_now())
        await until_readers_follow(database)
    finally:
        await database.close()
    return found


@content.command()
def export(path: Annotated[Path, typer.Argument(help="An empty or a new folder.")]) -> None:
    """Write the catalogue and everything that is published as a content bundle."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InvalidInput(f"{path} is there already and is not an empty folder.")
    with database_address(Settings()) as address:
        written = run(_export(command_database(address), path))
    typer.echo(
        f"Written: {written.cancers} cancers, {written.sources} sources, {written.answers} answers."
    )


async def _export(database: Database, path: Path) -> Exported:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            return await export_bundle(session, path)
    finally:
        await database.close()
