"""Commands for reviewers, `review list|show|stuck|counts`: what waits, and what it says."""

from typing import Annotated, Any
from uuid import UUID

import typer

from navis_api.answers.models import AnswerState
from navis_api.audit.service import record
from navis_api.cancers.catalogue import Catalogue
from navis_api.cli.review.desk import Desk, Terminal, meant
from navis_api.cli.review.json_form import (
    as_json,
    counts_json,
    entry_json,
    reading_json,
    stuck_json,
)
from navis_api.cli.review.options import AnswerName, AsJson, Revision, TokenFile, at_terminal
from navis_api.cli.review.page import ReviewPage, moment, short_id
from navis_api.cli.review.reading import Reading, cancer_name, read
from navis_api.cli.terminal_text import harmless
from navis_api.db.paging import MAX_PAGE, page_request
from navis_api.errors import InvalidInput
from navis_api.graphql.review.parts import urgency_of
from navis_api.review import queue, stuck
from navis_api.review.queue import QueueEntry, QueueFilter


def list_(
    *,
    cancer: Annotated[str | None, typer.Option(help="Slug; its subtypes are included.")] = None,
    state: Annotated[
        AnswerState | None, typer.Option(help="Only those.", case_sensitive=False)
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what you have claimed.")] = False,
    most: Annotated[int, typer.Option(min=1, max=MAX_PAGE, help="How many to print.")] = 50,
    as_json_: AsJson = False,
    token_file: TokenFile = None,
) -> None:
    """Print what waits, the most urgent and oldest first."""

    async def work(terminal: Terminal) -> tuple[list[str], int | None]:
        async with terminal.at_desk() as desk:
            acting, family = desk.acting, _family(desk.catalogue, cancer)
            chosen = QueueFilter(
                cancer_ids=family,
                states=None if state is None else (state,),
                claimed_by=acting.member.subject if mine else None,
            )
            found = await queue.list_waiting(
                desk.session, page_request(first=most), chosen, now=acting.now
            )
            counts = await queue.counts(desk.session, cancer_ids=family)
            await _note_reading(desk, "queue.read")
            total = counts.total if state is None else counts.by_state.get(state, 0)
            lines = [
                as_json(entry_json(entry, _slug(desk, entry)))
                if as_json_
                else _entry_line(desk, entry)
                for entry in found.rows
            ]
            return lines, None if mine else total - len(lines)

    lines, more = at_terminal(token_file, work)
    for line in lines:
        typer.echo(line)
    if not as_json_:
        if more:
            typer.echo(f"… and {more:,} more")
        elif not lines:
            typer.echo("Nothing waits.")


def show(
    answer: AnswerName,
    *,
    revision: Revision = None,
    difference: Annotated[
        bool, typer.Option("--difference", help="And what differs from the revision before.")
    ] = False,
    as_json_: AsJson = False,
    token_file: TokenFile = None,
) -> None:
    """Print a revision, each claim with its quotes and sources, and what is said of it."""

    async def work(terminal: Terminal) -> Reading:
        async with terminal.at_desk() as desk:
            view = await meant(desk, answer, revision)
            return await read(desk, view, difference=difference)

    reading = at_terminal(token_file, work)
    if as_json_:
        typer.echo(as_json(reading_json(reading)))
    else:
        ReviewPage().show(reading)


def stuck_(*, as_json_: AsJson = False, token_file: TokenFile = None) -> None:
    """Print what waits too long, was begun and left, or should be public and isn't."""

    async def work(terminal: Terminal) -> list[str]:
        async with terminal.at_desk() as desk:
            found = await stuck.list_stuck(desk.session, now=desk.acting.now)
            await _note_reading(desk, "queue.read_stuck")
            return [
                as_json(stuck_json(item, _slug(desk, item.entry)))
                if as_json_
                else f"{item.kind.value} since {moment(item.since)}"
                f" · {_entry_line(desk, item.entry)}"
                for item in found
            ]

    lines = at_terminal(token_file, work)
    for line in lines:
        typer.echo(line)
    if not lines and not as_json_:
        typer.echo("Nothing is stuck.")


def counts_(*, as_json_: AsJson = False, token_file: TokenFile = None) -> None:
    """Print how much waits, by state, urgency and cancer."""

    async def work(terminal: Terminal) -> dict[str, Any]:
        async with terminal.at_desk() as desk:
            found = await queue.counts(desk.session)
            slugs = {id_: entry.slug for id_, entry in desk.catalogue.by_id.items()}
            named = {
                slugs.get(id_, "none") if id_ else "none": number
                for id_, number in sorted(found.by_cancer.items(), key=lambda each: -each[1])
            }
            return counts_json(found, named)

    found = at_terminal(token_file, work)
    if as_json_:
        typer.echo(as_json(found))
        return
    typer.echo(f"{found['total']:,} in all")
    for name in ("byState", "byUrgency", "byCancer"):
        for key, number in found[name].items():
            typer.echo(f"{number:6,} {key}")


async def _note_reading(desk: Desk, action: str) -> None:
    acting = desk.acting
    await record(desk.session, acting.actor, action, origin=acting.origin, now=acting.now)


def _family(catalogue: Catalogue, slug: str | None) -> list[UUID] | None:
    if slug is None:
        return None
    entry = catalogue.by_slug.get(slug)
    if entry is None:
        raise InvalidInput("The catalogue has no such cancer.")
    return catalogue.family_ids(entry)


def _slug(desk: Desk, entry: QueueEntry) -> str | None:
    cancer_id = entry.question.cancer_id
    cancer = desk.catalogue.by_id.get(cancer_id) if cancer_id is not None else None
    return cancer.slug if cancer else None


def _entry_line(desk: Desk, entry: QueueEntry) -> str:
    revision, item = entry.revision, entry.item
    parts = [
        short_id(entry.answer.id),
        urgency_of(item.rank).name,
        revision.state.value,
        f"since {moment(item.queued_at)}",
        cancer_name(desk, entry.question.cancer_id) or "no cancer",
        revision.title,
    ]
    if entry.claimed_by and entry.claimed_until:
        parts.append(f"{entry.claimed_by} is at it until {moment(entry.claimed_until)}")
    return " · ".join(map(harmless, parts))
