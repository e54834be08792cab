"""Commands on the audit record: `audit verify`, `audit export`."""

import json
import os
import pwd
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from navis_api.audit.breaks import Report
from navis_api.audit.chain import Head
from navis_api.audit.exporting import export as export_lines
from navis_api.audit.exporting import verify_export
from navis_api.audit.service import Actor, Origin, record
from navis_api.audit.verification import verify as verify_record
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.kit.clock import utc_now
from navis_api.settings import Settings

EXIT_BROKEN = 7

audit = typer.Typer(
    name="audit", help="Who did or read what, when, and from where.", no_args_is_help=True
)

_READABLE_BY_US = 0o600


@audit.command()
def verify(
    *,
    head: Annotated[
        str | None,
        typer.Option(help="A head that was printed earlier and kept elsewhere: NUMBER:HASH."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Verify an export, without the database.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Find rows that were changed, removed or inserted. Exits with 7 if there are any."""
    noted = None if head is None else Head.parse(head)
    if file is not None:
        report = _verify_file(file, noted)
    else:
        with database_address(Settings()) as address:
            report = run(_verify(command_database(address), noted))
    if as_json:
        typer.echo(json.dumps(_as_json(report)))
    else:
        _print(report)
    if not report.whole:
        raise typer.Exit(EXIT_BROKEN)


async def _verify(database: Database, noted: Head | None) -> Report:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            with _progress() as advance:
                return await verify_record(session, noted=noted, progress=advance)
    finally:
        await database.close()


def _verify_file(path: Path, noted: Head | None) -> Report:
    try:
        with path.open("rb") as file, _progress() as advance:
            return verify_export(file, noted=noted, progress=lambda rows: advance(rows, None))
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror or 'cannot be read'}") from None


@contextmanager
def _progress() -> Generator[Callable[[int, int | None], None]]:
    columns = (TextColumn("Verifying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("rows", total=None)
        yield lambda rows, total: progress.update(bar, completed=rows, total=total)


def _as_json(report: Report) -> dict[str, object]:
    return {
        "whole": report.whole,
        "rows": report.rows,
        "head": str(report.head) if report.head else None,
        "breakCount": report.count,
        "breaks": [
            {
                "kind": found.kind.value,
                "first": found.first,
                "last": found.last,
                "at": found.at,
                "why": found.why,
            }
            for found in report.breaks
        ],
    }


def _print(report: Report) -> None:
    for found in report.breaks:
        typer.echo(str(found))
    if report.count > len(report.breaks):
        typer.echo(f"… and {report.count - len(report.breaks):,} more")
    outcome = "whole" if report.whole else f"broken in {report.count:,} places"
    typer.echo(f"{report.rows:,} rows, {outcome}.")
    if report.whole and report.head:
        typer.echo(f"Head, to be kept elsewhere: {report.head}")


@audit.command()
def export(
    *,
    since: Annotated[
        datetime | None, typer.Option(help="The first moment, in UTC unless it has a zone.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="The first moment that is left out.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="A new file. Unset: standard output.")] = None,
) -> None:
    """Write the record as JSONL. That it was read is recorded too."""
    with database_address(Settings()) as address, _opened(output) as file:
        rows, head = run(_export(command_database(address), file, _in_utc(since), _in_utc(until)))
    summary = Console(stderr=True, highlight=False, soft_wrap=True)
    summary.print(f"{rows:,} rows.")
    if head is not None:
        summary.print(f"Head, to be kept elsewhere: {head}", markup=False)


@contextmanager
def _opened(output: Path | None) -> Generator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READABLE_BY_US)
    except OSError as error:
        raise InvalidInput(f"{output}: {error.strerror or 'cannot be written'}") from None
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a Path opens no descriptor
        yield file


async def _export(
    database: Database, file: BinaryIO, since: datetime | None, until: datetime | None
) -> tuple[int, Head | None]:
    rows, head = 0, None
    try:
        # First of all, so that it stands even if the reading is broken off.
        async with database.writing(SYSTEM_ROWS) as session:
            await record(
                session,
                Actor("OPERATOR", login()),
                "audit.export",
                detail={"since": since, "until": until},
                origin=Origin(address="navis-api", request_id=None),
                now=utc_now(),
            )
        async with database.reading(SYSTEM_ROWS) as session:
            async for exported in export_lines(session, since=since, until=until):
                file.write(exported.lines)
                rows += exported.rows
                head = exported.head
        file.flush()
    finally:
        await database.close()
    return rows, head


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def login() -> str:
    """Return the name that the machine has for who typed the command."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    # In a container the number may have no name.
    except KeyError:
        return str(os.getuid())
