"""Commands on the corpus: `sources import`, `status`, `embed`, `withdraw` and `restore`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from navis_api.audit.service import Origin
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cli.database import command_database, database_address
from navis_api.cli.embedding import EmbeddingState, describe, embed, embedding_state
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput, UserFault
from navis_api.kit.clock import utc_now
from navis_api.settings import EmbedderName, Settings
from navis_api.sources import repository
from navis_api.sources.documents import BrokenDocument, SourceDocument, SourceReader
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.service import request_embedding
from navis_api.sources.formats.readers import read_jsonl, read_medquad
from navis_api.sources.names.service import learn_again
from navis_api.sources.service import Saved, save_document
from navis_api.sources.withdrawing import WithdrawalReason, restore, withdraw

EXIT_SOME_BROKEN = 5

sources = typer.Typer(name="sources", help="The corpus that answers quote.", no_args_is_help=True)
sources.command()(embed)


class Format(StrEnum):
    """How the documents were published."""

    MEDQUAD = "medquad"
    JSONL = "jsonl"


_COMMAND_LINE = Origin(address="navis-api", request_id=None)

_READERS = {Format.MEDQUAD: read_medquad, Format.JSONL: read_jsonl}


@sources.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A file, or a folder of files.")],
    *,
    format_: Annotated[Format, typer.Option("--format", help="How it was published.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Take documents into the corpus. Importing the same again changes nothing."""
    settings = Settings()
    try:
        reader = _READERS[format_](path)
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror or 'is not there'}") from None
    embedding = settings.embedder is not EmbedderName.NONE
    with database_address(settings) as address:
        counts = run(_import(command_database(address), reader, embedding=embedding))
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        total = sum(counts.values())
        typer.echo(f"{total} documents: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    if counts["broken"]:
        raise typer.Exit(EXIT_SOME_BROKEN)


async def _import(database: Database, reader: SourceReader, *, embedding: bool) -> dict[str, int]:
    counts = {"added": 0, "updated": 0, "unchanged": 0, "broken": 0}
    errors = Console(stderr=True, highlight=False)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn() if reader.unit == "files" else TaskProgressColumn(),
        TimeRemainingColumn(),
        console=errors,
    )
    async with database.reading(SYSTEM_ROWS) as session:
        catalogue = await cancers.load_catalogue(session)
    try:
        with progress:
            bar = progress.add_task("Importing", total=reader.total)
            for document in reader:
                outcome = await _save(database, document, catalogue, embedding=embedding)
                if isinstance(outcome, BrokenDocument):
                    counts["broken"] += 1
                    errors.print(f"{outcome.where}: {outcome.reason}", markup=False, style="yellow")
                else:
                    counts[outcome.value] += 1
                progress.update(bar, completed=reader.done)
            progress.update(bar, completed=reader.total)
        if counts["added"] or counts["updated"]:
            async with database.writing(SYSTEM_ROWS) as session:
                await repository.measure(session)
        # A corpus may be older than the rules by which names are learned.
        learning = True
        while learning:
            async with database.writing(SYSTEM_ROWS) as session:
                learning = bool(await learn_again(session, catalogue))
    finally:
        await database.close()
    return counts


async def _save(
    database: Database,
    document: SourceDocument | BrokenDocument,
    catalogue: Catalogue,
    *,
    embedding: bool,
) -> Saved | BrokenDocument:
    """Save one document in a transaction of its own: a broken one costs only itself.

    With `embedding` the same transaction has a worker embed its passages.
    """
    if isinstance(document, BrokenDocument):
        return document
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            saved = await save_document(session, document, catalogue=catalogue, now=utc_now())
            if embedding and saved is not Saved.UNCHANGED:
                await request_embedding(session)
            return saved
    except UserFault as fault:
        return BrokenDocument(where=document.where, reason=fault.message)


@sources.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show what the corpus holds, by publisher and licence, and how far it is embedded."""
    settings = Settings()
    embedder = embedder_from(settings)
    model = embedder.model if embedder else None
    with database_address(settings) as address:
        rows, embedding = run(_status(command_database(address), model))
    if as_json:
        typer.echo(
            json.dumps(
                [
                    {
                        "publisher": row.publisher,
                        "licence": row.licence,
                        "audience": row.audience.value,
                        "documents": row.documents,
                        "passages": row.passages,
                        "newestAccess": row.newest_access and row.newest_access.isoformat(),
                        "embedder": model,
                        "embedded": embedding.of(row) if embedding else None,
                    }
                    for row in rows
                ]
            )
        )
        return
    table = Table("Publisher", "Licence", "Written for", "Documents", "Passages", "Read on")
    for row in rows:
        table.add_row(
            row.publisher,
            row.licence,
            row.audience.value,
            f"{row.documents:,}",
            f"{row.passages:,}",
            row.newest_access.isoformat() if row.newest_access else "",
        )
    out = Console(highlight=False, soft_wrap=True)
    out.print(table)
    out.print(describe(model, embedding, rows), markup=False)


async def _status(
    database: Database, model: str | None
) -> tuple[list[repository.PublisherCount], EmbeddingState | None]:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            counts = await repository.count_by_publisher(session)
            return counts, await embedding_state(session, model) if model else None
    finally:
        await database.close()


_NAMED = typer.Argument(metavar="KEY_OR_URL", help="Its key in the corpus, or its address.")


@sources.command("withdraw")
def withdraw_(
    key_or_url: Annotated[str, _NAMED],
    *,
    reason: Annotated[WithdrawalReason, typer.Option(help="Why, for the audit record.")],
) -> None:
    """Let nothing quote a source any more; answers that do are marked and reviewed again."""
    settings = Settings()
    with database_address(settings) as address:
        changed = run(_withdraw(command_database(address), key_or_url, reason))
    typer.echo(
        "Withdrawn. A worker marks the answers that quote it."
        if changed
        else "It is withdrawn already."
    )


@sources.command("restore")
def restore_(key_or_url: Annotated[str, _NAMED]) -> None:
    """Take the withdrawal of a source back; answers marked by it still wait for a reviewer."""
    settings = Settings()
    with database_address(settings) as address:
        changed = run(_restore(command_database(address), key_or_url))
    typer.echo("Restored." if changed else "It isn't withdrawn.")


async def _withdraw(database: Database, key_or_url: str, reason: WithdrawalReason) -> bool:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            return await withdraw(
                session, key_or_url, reason=reason, origin=_COMMAND_LINE, now=utc_now()
            )
    finally:
        await database.close()


async def _restore(database: Database, key_or_url: str) -> bool:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            return await restore(session, key_or_url, origin=_COMMAND_LINE, now=utc_now())
    finally:
        await database.close()
