"""Commands on what partners' systems did: `partners usage`, `partners reconcile`."""

import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeVar, cast
from uuid import UUID

import typer
from rich.bar import Bar
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cli.administering import AnyPartnerName, done, json_line, partners_named
from navis_api.cli.terminal_text import harmless
from navis_api.errors import InvalidInput
from navis_api.kit.clock import utc_now
from navis_api.partners import usage_repository
from navis_api.partners.access_log import AccessLog
from navis_api.partners.acting import Acting
from navis_api.partners.reconciling import LogDays, Reconciled
from navis_api.partners.reconciling import reconcile as reconcile_log
from navis_api.partners.usage import Metered, Sums, Usage

EXIT_DIFFERENT = 9

_DAYS = 30
_MOST_DAYS = 366
_BAR_WIDTH = 40
_DIFFERENCES_SHOWN = 20

Group = TypeVar("Group")


def usage(
    name: AnyPartnerName = None,
    *,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day, in UTC. Left out: 30 days."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day, in UTC. Left out: today."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON line for each partner, day and operation.")
    ] = False,
) -> None:
    """Print what partners' systems did, by operation and by day."""
    last = until.date() if until else utc_now().date()
    first = since.date() if since else last - timedelta(days=_DAYS - 1)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise InvalidInput(f"Choose 1 to {_MOST_DAYS} days, the first one before the last.")

    async def found(session: AsyncSession, acting: Acting) -> tuple[dict[UUID, str], Sums]:
        del acting
        chosen = await partners_named(session, name)
        of_one = chosen[0].id if name is not None else None
        sums = await usage_repository.list_usage(
            session, since=first, until=last, partner_id=of_one
        )
        return {each.id: each.name for each in chosen}, sums

    names, sums = done(found)
    if as_json:
        for metered in sorted(sums):
            typer.echo(json_line({**_named(metered), **asdict(sums[metered])}))
        return
    console = Console(highlight=False)
    for partner_id, partner_name in names.items():
        own = {each: count for each, count in sums.items() if each.partner_id == partner_id}
        _show(console, harmless(partner_name), own, first, last)


def reconcile(
    files: Annotated[
        list[Path],
        typer.Argument(help="Logs of all API processes, as JSON lines; `.gz` too; `-`: the input."),
    ],
    *,
    add: Annotated[
        bool, typer.Option("--add", help="Sum up the lines that are missing in the sums.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The log's first day, in UTC, if it may lack it."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The log's last day, in UTC, if it may lack it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Hold the access log against what was metered. Exits with 9 if they differ.

    Give it whole days, of all processes. Compared are the days from its first line to its
    last, and to --since and --until. Lines of a process that was killed before it had
    summed them up are found, and summed up once with --add.
    """

    async def settled(session: AsyncSession, acting: Acting) -> Mapping[UUID, int]:
        del acting
        return await usage_repository.list_meters(session)

    log = AccessLog(done(settled))
    for file in files:
        _read(file, log)
    said = LogDays(since.date() if since else None, until.date() if until else None)
    found = done(
        lambda session, acting: reconcile_log(session, log, adding=add, acting=acting, said=said)
    )
    if as_json:
        typer.echo(json_line(_told(found)))
    else:
        _explain(Console(highlight=False), found, adding=add)
    if not found.agrees:
        raise typer.Exit(EXIT_DIFFERENT)


def _read(file: Path, log: AccessLog) -> None:
    if str(file) == "-":
        log.read(sys.stdin.buffer)
        return
    try:
        with _opened(file) as written:
            log.read(written)
    except (OSError, EOFError):
        raise InvalidInput(f"{file} can't be read: give it as JSON lines, or gzipped.") from None


def _opened(file: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(file)) if file.suffix == ".gz" else file.open("rb")


def _show(console: Console, name: str, sums: Sums, first: date, last: date) -> None:
    total = sum(sums.values(), start=Usage())
    console.print(f"{name}, {first} to {last}", style="bold", markup=False)
    if not sums:
        console.print("Nothing.\n")
        return
    operations = _table("operation")
    by_operation = _grouped(sums, lambda each: each.operation)
    for operation, count in sorted(by_operation.items(), key=lambda each: -each[1].served):
        operations.add_row(harmless(operation), *_counts(count))
    operations.add_section()
    operations.add_row("all", *_counts(total))
    console.print(operations)
    days = _table("day")
    days.add_column("served, and refused beyond")
    by_day = _grouped(sums, lambda each: each.day)
    most = max(each.served + each.refused for each in by_day.values())
    for day in (first + timedelta(days=past) for past in range((last - first).days + 1)):
        count = by_day.get(day, Usage())
        days.add_row(day.isoformat(), *_counts(count), _bars(count, most))
    console.print(days)


def _bars(count: Usage, most: int) -> Table:
    """Return two bars on one line: what was served, and after it what was refused."""
    served = round(count.served / most * _BAR_WIDTH)
    refused = round((count.served + count.refused) / most * _BAR_WIDTH) - served
    bars = Table.grid()
    bars.add_row(
        Bar(1, 0, 1, width=served, color="green") if served else "",
        Bar(1, 0, 1, width=refused, color="red") if refused else "",
    )
    return bars


def _grouped(sums: Sums, group: Callable[[Metered], Group]) -> dict[Group, Usage]:
    found: defaultdict[Group, Usage] = defaultdict(Usage)
    for metered, count in sums.items():
        found[group(metered)] += count
    return found


def _table(first: str) -> Table:
    table = Table()
    table.add_column(first)
    for name in ("served", "refused", "points"):
        table.add_column(name, justify="right")
    return table


def _counts(count: Usage) -> Iterable[str]:
    return (f"{count.served:,}", f"{count.refused:,}", f"{count.points:,}")


def _explain(console: Console, found: Reconciled, *, adding: bool) -> None:
    days = f"{found.days[0]} to {found.days[1]}" if found.days else "no day"
    console.print(f"{found.lines:,} lines of the access log, {days}.")
    if not found.lines and found.differences:
        console.print(
            "No line says what a partner did, and the sums have operations: the log is of other"
            " processes or days, or was written with a higher NAVIS_LOG_LEVEL."
        )
    for number, meaning in (
        (found.unreadable, "are damaged."),
        (found.gaps, "are missing between others: give all logs of those days."),
        (found.missing - (found.added if adding else 0), "are not in the sums."),
        (found.added, "have been summed up now."),
        (found.at_work, "of those are of processes that may be at work: try again later."),
        (found.incomplete, "of those have lines before them that this log hasn't: give it too."),
    ):
        if number:
            console.print(f"{number:,} {meaning}")
    for each in found.differences[:_DIFFERENCES_SHOWN]:
        metered, logged, summed = each.metered, each.logged, each.summed
        console.print(
            f"{metered.day} {metered.partner_id} {harmless(metered.operation)}: the log has"
            f" {logged.served:,} served, {logged.refused:,} refused, {logged.points:,} points;"
            f" the sums {summed.served:,}, {summed.refused:,}, {summed.points:,}.",
            markup=False,
        )
    left = len(found.differences) - _DIFFERENCES_SHOWN
    if left > 0:
        console.print(f"… and {left} more: --json has them all.")
    if found.agrees:
        console.print("The sums are those of the log.")


def _told(found: Reconciled) -> dict[str, Any]:
    return {
        "agrees": found.agrees,
        "days": found.days,
        "lines": found.lines,
        "unreadable": found.unreadable,
        "gaps": found.gaps,
        "missing": found.missing,
        "added": found.added,
        "atWork": found.at_work,
        "incomplete": found.incomplete,
        "differences": [
            {
                **_named(each.metered),
                "logged": asdict(each.logged),
                "summed": asdict(each.summed),
            }
            for each in found.differences
        ],
    }


def _named(metered: Metered) -> dict[str, Any]:
    return {
        "partnerId": metered.partner_id,
        "day": metered.day,
        "operation": metered.operation,
    }
