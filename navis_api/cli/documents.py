"""Commands on clients' documents: `documents register|list|check|remove`."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from navis_api.audit.service import SYSTEM_ACTOR, Origin, record
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.checking import DocumentCheck
from navis_api.graphql.schema import schema
from navis_api.kit.clock import utc_now
from navis_api.persisted import service
from navis_api.persisted.errors import ManifestInvalid
from navis_api.persisted.manifests import MAX_MANIFEST_BYTES, ManifestOperation, read_manifest
from navis_api.persisted.repository import Use
from navis_api.persisted.service import Broken, Client, Registered
from navis_api.settings import Settings

EXIT_BROKEN = 8
"""Registered documents can't be served by this code."""

_ORIGIN = Origin(address="navis-api", request_id=None)

ClientName = Annotated[str, typer.Option("--client", help="The app: `ios`, `portal-example`.")]
ClientVersion = Annotated[str, typer.Option("--version", help="Its version: `5.2.0`.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON lines.")]

documents = typer.Typer(
    name="documents",
    help="The operations that clients have registered.",
    no_args_is_help=True,
)


@documents.command()
def register(
    manifest: Annotated[Path, typer.Argument(help="The manifest that the client's build wrote.")],
    *,
    client: ClientName,
    version: ClientVersion,
    as_json: AsJson = False,
) -> None:
    """Register what a version of a client sends, all of it or nothing. Again changes nothing."""
    settings = Settings()
    app = Client(client, version)
    operations = read_manifest(_content(manifest))
    with database_address(settings) as address:
        done = run(_register(command_database(address), settings, app, operations))
    if as_json:
        _print(
            {"client": client, "version": version, "operations": done.operations, "new": done.new}
        )
        return
    typer.echo(f"{client} {version} has {done.operations} operations registered, {done.new} new.")


@documents.command("list")
def list_(
    *,
    client: Annotated[str | None, typer.Option(help="Of this client alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print what is registered: client, version, operation and id."""
    with database_address(Settings()) as address:
        uses = run(_uses(command_database(address), client))
    for use in uses:
        if as_json:
            _print(_use(use) | {"registeredAt": use.registered_at})
        else:
            typer.echo(_line(use))


@documents.command()
def check(*, as_json: AsJson = False) -> None:
    """Hold everything that is registered against this code's schema and limits.

    Ends with 8 when something can't be served any more, and prints who sends it and why.
    """
    settings = Settings()
    with database_address(settings) as address:
        broken = run(_broken(command_database(address), settings))
    for each in broken:
        if as_json:
            _print(_use(each.use) | {"errors": each.complaints})
        else:
            typer.echo(f"{_line(each.use)}: {' '.join(each.complaints)}")
    if broken:
        raise typer.Exit(EXIT_BROKEN)
    if not as_json:
        typer.echo("Everything that is registered can be served.")


@documents.command()
def remove(*, client: ClientName, version: ClientVersion) -> None:
    """Take back what a version of a client sends, once nobody uses that version any more."""
    app = Client(client, version)
    with database_address(Settings()) as address:
        removed = run(_remove(command_database(address), app))
    typer.echo(f"Removed: {removed} operations of {client} {version}.")


def _content(path: Path) -> bytes:
    """Return a manifest's bytes, or as many as show that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_MANIFEST_BYTES + 1)
    except OSError as error:
        raise ManifestInvalid(f"{path} can't be read: {error.strerror}") from None


def _checking(settings: Settings) -> DocumentCheck:
    return DocumentCheck(DocumentReader(schema().core, DocumentLimits.of(settings)))


async def _register(
    database: Database,
    settings: Settings,
    client: Client,
    operations: tuple[ManifestOperation, ...],
) -> Registered:
    now = utc_now()
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            done = await service.register(
                session, client, operations, check=_checking(settings), now=now
            )
            if done.new:
                await record(
                    session,
                    SYSTEM_ACTOR,
                    "documents.register",
                    object_type="client",
                    object_id=f"{client.name}@{client.version}",
                    detail={"operations": done.operations, "new": done.new},
                    origin=_ORIGIN,
                    now=now,
                )
            return done
    finally:
        await database.close()


async def _uses(database: Database, client: str | None) -> list[Use]:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            return await service.list_uses(session, client=client)
    finally:
        await database.close()


async def _broken(database: Database, settings: Settings) -> list[Broken]:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            return await service.check_all(session, check=_checking(settings))
    finally:
        await database.close()


async def _remove(database: Database, client: Client) -> int:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            removed = await service.remove(session, client)
            await record(
                session,
                SYSTEM_ACTOR,
                "documents.remove",
                object_type="client",
                object_id=f"{client.name}@{client.version}",
                detail={"operations": removed},
                origin=_ORIGIN,
                now=utc_now(),
            )
            return removed
    finally:
        await database.close()


def _use(use: Use) -> dict[str, Any]:
    return {
        "client": use.client,
        "version": use.version,
        "operation": use.operation,
        "kind": use.kind.value,
        "id": use.id,
    }


def _line(use: Use) -> str:
    name = use.operation or "(without a name)"
    return f"{use.client} {use.version} · {use.kind.lower()} {name} · {use.id}"


def _print(values: dict[str, Any]) -> None:
    typer.echo(orjson.dumps(values).decode())
