"""Commands for reviewers and editors, `review …`: deciding, publishing, taking back."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.states import LIVE
from navis_api.cli.review.desk import Desk, Terminal, meant, target_of
from navis_api.cli.review.options import (
    AnswerName,
    Revision,
    TokenFile,
    Version,
    at_terminal,
    readable,
)
from navis_api.cli.review.page import ReviewPage, moment
from navis_api.cli.review.reading import read
from navis_api.cli.terminal_text import harmless
from navis_api.errors import InvalidInput
from navis_api.review import deciding, publishing
from navis_api.review.acting import RevisionTarget
from navis_api.review.models import Decision

Step: TypeAlias = Callable[[Terminal, Desk, RevisionTarget], Awaitable[AnswerRevision]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A step somebody wants taken, on what, and which states it is for."""

    question: str
    answer: str
    revision: int | None
    version: int | None
    states: tuple[AnswerState, ...]


def approve(
    answer: AnswerName,
    *,
    revision: Revision = None,
    version: Version = None,
    note: Annotated[str | None, typer.Option("--comment", help="For the staff.")] = None,
    token_file: TokenFile = None,
) -> None:
    """Approve a revision. A stale one stays public for another while."""
    wanted = _Wanted(
        "Approve it?", answer, revision, version, (AnswerState.IN_REVIEW, AnswerState.STALE)
    )
    _take(token_file, wanted, _deciding(Decision.APPROVE, note))


def request_changes(
    answer: AnswerName,
    *,
    note: Annotated[str, typer.Option("--comment", help="What to change, for the staff.")],
    revision: Revision = None,
    version: Version = None,
    token_file: TokenFile = None,
) -> None:
    """Have a revision be changed before it is decided on."""
    wanted = _Wanted(
        "Request these changes?",
        answer,
        revision,
        version,
        (AnswerState.IN_REVIEW, AnswerState.APPROVED),
    )
    _take(token_file, wanted, _deciding(Decision.REQUEST_CHANGES, note))


def reject(
    answer: AnswerName,
    *,
    note: Annotated[str, typer.Option("--comment", help="Why, for the staff.")],
    revision: Revision = None,
    version: Version = None,
    token_file: TokenFile = None,
) -> None:
    """Reject a revision for good."""
    wanted = _Wanted(
        "Reject it for good?",
        answer,
        revision,
        version,
        (AnswerState.IN_REVIEW, AnswerState.CHANGES_REQUESTED, AnswerState.APPROVED),
    )
    _take(token_file, wanted, _deciding(Decision.REJECT, note))


def publish(
    answer: AnswerName,
    *,
    at: Annotated[
        str | None,
        typer.Option(help="When, such as 2027-01-31T08:00: in UTC unless it has a zone."),
    ] = None,
    revision: Revision = None,
    version: Version = None,
    token_file: TokenFile = None,
) -> None:
    """Make an approved revision public, now or later."""
    due = None if at is None else _moment(at)

    async def step(_terminal: Terminal, desk: Desk, target: RevisionTarget) -> AnswerRevision:
        # A slip in a date shouldn't make something public at once.
        if due is not None and due <= desk.acting.now:
            raise InvalidInput("That time is over. Leave --at out to publish it now.")
        return await publishing.publish(
            desk.session, target, at=due, acting=desk.acting, catalogue=desk.catalogue
        )

    wanted = _Wanted("Publish it?", answer, revision, version, (AnswerState.APPROVED,))
    _take(token_file, wanted, step)


def retract(
    answer: AnswerName,
    *,
    reason: Annotated[str, typer.Option(help="Why. Public: the answer's page says it.")],
    revision: Revision = None,
    version: Version = None,
    token_file: TokenFile = None,
) -> None:
    """Take a published answer back at once."""
    said = readable(reason)

    async def step(_terminal: Terminal, desk: Desk, target: RevisionTarget) -> AnswerRevision:
        return await publishing.retract(
            desk.session, target, said, acting=desk.acting, catalogue=desk.catalogue
        )

    wanted = _Wanted("Take it back, for this reason?", answer, revision, version, LIVE)
    _take(token_file, wanted, step)


def _deciding(decision: Decision, note: str | None) -> Step:
    said = None if note is None else readable(note)

    async def step(terminal: Terminal, desk: Desk, target: RevisionTarget) -> AnswerRevision:
        return await deciding.decide(
            desk.session,
            target,
            decision,
            said,
            acting=desk.acting,
            catalogue=desk.catalogue,
            review_months=terminal.settings.review_months,
        )

    return step


def _take(token_file: Path | None, wanted: _Wanted, step: Step) -> None:
    """Take a step on what somebody has read: by its version or, at a terminal, just now."""
    if wanted.version is not None and wanted.revision is None:
        raise InvalidInput("A version is one of a revision: give --revision with it.")
    if wanted.version is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput(
            "Say what you have read: give --revision and --version, as `review show` prints them."
        )

    async def work(terminal: Terminal) -> AnswerRevision | None:
        number, version = wanted.revision, wanted.version
        if version is None:
            async with terminal.at_desk() as desk:
                view = await meant(desk, wanted.answer, number, preferred=wanted.states)
                reading = await read(desk, view, difference=False)
            ReviewPage().show(reading)
            if not typer.confirm(wanted.question):
                return None
            number, version = view.revision.number, view.revision.lock_version
        async with terminal.at_desk() as desk:
            view = await meant(desk, wanted.answer, number)
            return await step(terminal, desk, target_of(view, version))

    taken = at_terminal(token_file, work)
    typer.echo("Nothing was changed." if taken is None else _outcome(taken))


def _outcome(revision: AnswerRevision) -> str:
    when = f", to be published on {moment(revision.publish_at)}" if revision.publish_at else ""
    return harmless(
        f"Revision {revision.number} of “{revision.title}” is {revision.state.value}{when}"
        f" (version {revision.lock_version})."
    )


def _moment(given: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise InvalidInput(
            "Give the time as 2027-01-31T08:00, in UTC unless it has a zone."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
