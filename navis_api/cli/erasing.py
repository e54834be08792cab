"""The command `erase`: everything that is held of a patient, for whoever runs the service."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

import orjson
import typer

from navis_api.audit.service import Actor, Origin
from navis_api.cli.audit import login
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.personal_data.erasing import service
from navis_api.personal_data.erasing.finishing import find, finish
from navis_api.personal_data.erasing.models import ErasedBy, Erasure
from navis_api.personal_data.erasing.service import ErasureRequest
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.storage import sealed_storage
from navis_api.settings import Settings

EXIT_UNFINISHED = 1
EXIT_NOBODY = 10


def erase(
    *,
    patient: Annotated[
        str, typer.Option(help="The identity provider's name for them: the `sub` of their tokens.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether you mean it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
) -> None:
    """Erase everything that is held of a patient, for good, and print the receipt.

    Cut off in the middle, or while the storage is away, it is finished by the worker. Exits
    with 10 if nothing is held under the name.
    """
    settings = Settings()
    with database_address(settings) as address:
        held = run(_held(command_database(address), patient))
        if held and not yes:
            typer.echo(f"Held under this name: {_listed(held)}.", err=True)
            typer.confirm("Erase it all? Nobody can bring it back.", abort=True, err=True)
        erasure = run(_erase(command_database(address), settings, patient)) if held else None
    if as_json:
        typer.echo(orjson.dumps(_as_json(erasure)).decode())
    elif erasure is not None:
        typer.echo(f"Erased: {_listed(erasure.removed)}.")
        typer.echo(f"Receipt: {erasure.id}")
    if erasure is None:
        # It may be a slip in the name, and somebody is waiting to be erased.
        typer.echo("Nothing is held under this name, and nothing was done.", err=True)
        raise typer.Exit(EXIT_NOBODY)
    if erasure.objects_removed_at is None:
        typer.echo("The storage is out of reach. A worker destroys key and files then.", err=True)
        raise typer.Exit(EXIT_UNFINISHED)


async def _held(database: Database, subject: str) -> Mapping[str, int]:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            return await service.count_held(session, subject)
    finally:
        await database.close()


async def _erase(database: Database, settings: Settings, subject: str) -> Erasure:
    request = ErasureRequest(
        by=ErasedBy.OPERATOR,
        actor=Actor("OPERATOR", login()),
        now=utc_now(),
        origin=Origin(address="navis-api", request_id=None),
    )
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            erasure = await service.erase(session, subject, request)
        with suppress(StorageUnavailable):
            return await finish(database, sealed_storage(settings), erasure.id, clock=utc_now)
        return await find(database, erasure.id)
    finally:
        await database.close()


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items()))


def _as_json(erasure: Erasure | None) -> dict[str, object]:
    if erasure is None:
        return {"receipt": None}
    return {
        "receipt": {
            "id": str(erasure.id),
            "erasedAt": erasure.erased_at,
            "removed": erasure.removed,
            "keyDestroyedAt": erasure.key_destroyed_at,
            "objectsRemovedAt": erasure.objects_removed_at,
        }
    }
