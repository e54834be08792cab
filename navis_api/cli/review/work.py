"""Commands for reviewers, `review claim|release|comment`: working together."""

import re
from typing import Annotated

import typer

from navis_api.cli.review.desk import Terminal, meant
from navis_api.cli.review.options import AnswerName, Revision, TokenFile, at_terminal, readable
from navis_api.cli.review.page import moment
from navis_api.errors import InvalidInput
from navis_api.review import comments, queue
from navis_api.review.comments import ClaimPlace

_PLACE = re.compile(r"([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})")


def claim(answer: AnswerName, *, revision: Revision = None, token_file: TokenFile = None) -> None:
    """Take what waits for yourself for a while, so that nobody else does the same work."""

    async def work(terminal: Terminal) -> str:
        async with terminal.at_desk() as desk:
            view = await meant(desk, answer, revision)
            entry = await queue.claim(
                desk.session,
                view.revision.id,
                acting=desk.acting,
                catalogue=desk.catalogue,
                lease_s=terminal.settings.review_lease_s,
            )
        until = f" until {moment(entry.claimed_until)}" if entry.claimed_until else ""
        return f"Revision {view.revision.number} is yours{until}."

    typer.echo(at_terminal(token_file, work))


def release(answer: AnswerName, *, revision: Revision = None, token_file: TokenFile = None) -> None:
    """Let others at what you have claimed."""

    async def work(terminal: Terminal) -> str:
        async with terminal.at_desk() as desk:
            view = await meant(desk, answer, revision)
            await queue.release(desk.session, view.revision.id, acting=desk.acting)
        return f"Revision {view.revision.number} is free."

    typer.echo(at_terminal(token_file, work))


def comment(
    answer: AnswerName,
    text: Annotated[str, typer.Argument(help="What is to be said, to the staff alone.")],
    *,
    claim_place: Annotated[
        str | None, typer.Option("--claim", help="The claim it is about, such as 2.3.")
    ] = None,
    revision: Revision = None,
    token_file: TokenFile = None,
) -> None:
    """Say something of a revision, or of one claim in it."""
    place = _place(claim_place)
    said = readable(text)

    async def work(terminal: Terminal) -> str:
        async with terminal.at_desk() as desk:
            view = await meant(desk, answer, revision)
            await comments.add(desk.session, view.revision.id, place, said, acting=desk.acting)
        return f"It stands with revision {view.revision.number}."

    typer.echo(at_terminal(token_file, work))


def _place(given: str | None) -> ClaimPlace | None:
    if given is None:
        return None
    found = _PLACE.fullmatch(given)
    if found is None:
        raise InvalidInput("A claim is named by two numbers from 1, such as 2.3.")
    return ClaimPlace(section=int(found[1]) - 1, claim=int(found[2]) - 1)
