"""A revision in the terminal as reviewers read it: each claim with its quotes right below."""

import shutil
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from navis_api.answers.differences import RevisionDifference, TextDifference
from navis_api.answers.document import ContentClaim
from navis_api.answers.rendering import reference_text
from navis_api.answers.word_differences import DifferenceKind, Piece
from navis_api.cli.review.reading import Reading
from navis_api.cli.terminal_text import harmless
from navis_api.graphql.review.parts import urgency_of
from navis_api.review.models import ClaimComment

_WIDEST = 88
_SHORT_ID_CHARS = 8
_SIGNS = {DifferenceKind.ADDED: ("{+", "+}"), DifferenceKind.DROPPED: ("[-", "-]")}


def short_id(id_: object) -> str:
    """Return the end of an answer's id: it is at random, while its beginning is the time."""
    return str(id_)[-_SHORT_ID_CHARS:]


def moment(at: datetime) -> str:
    """Return a moment as people read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


class ReviewPage:
    """Prints a revision."""

    def __init__(self) -> None:
        self._width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        self._console = Console(highlight=False, emoji=False, soft_wrap=True)

    def show(self, reading: Reading) -> None:
        """Print all of it, and at the end what names it for a decision."""
        self._opening(reading)
        for at, section in enumerate(reading.view.content.sections):
            self._line()
            self._line(f"{at + 1} {section.heading}", style="bold cyan")
            for place, claim in enumerate(section.claims):
                self._claim(reading, at, place, claim)
        revision = reading.view.revision
        self._list("What the sources don't cover", revision.gaps)
        self._list("Questions for the care team", revision.doctor_questions)
        self._list("Next steps", revision.next_steps)
        self._said(reading)
        if reading.difference is not None:
            self._difference(reading.difference, revision.number)
        self._line()
        self._line(
            f"To decide on it: {short_id(reading.view.answer.id)} --revision {revision.number}"
            f" --version {revision.lock_version}",
            style="bold",
        )

    def _opening(self, reading: Reading) -> None:
        revision, entry = reading.view.revision, reading.entry
        self._line(revision.title, style="bold")
        self._line(f"Asked: {reading.question.text} ({reading.cancer or 'no cancer named'})")
        self._line(
            f"Revision {revision.number}, {revision.state.value}, version {revision.lock_version}."
            f" Written by {revision.author} on {moment(revision.created_at)}."
        )
        if revision.edit_reason:
            self._line(f"Why it was written: {revision.edit_reason}")
        if revision.approved_by and revision.approved_at:
            self._line(
                f"Approved by {revision.approved_by}, {revision.approver_credentials}, on"
                f" {moment(revision.approved_at)}."
            )
        if revision.publish_at:
            self._line(f"To be published on {moment(revision.publish_at)}.")
        if revision.state_reason:
            self._line(f"How it came to be {revision.state.value}: {revision.state_reason}")
        if reading.is_own:
            self._line("You wrote it, so somebody else has to approve it.", style="yellow")
        if entry is not None:
            urgency = urgency_of(entry.item.rank).name
            self._line(
                f"Waits since {moment(entry.item.queued_at)}. Urgency: {urgency}.", style="yellow"
            )
            for reason in entry.item.reasons:
                self._line(reason, style="yellow", indent=2)
            if entry.claimed_by and entry.claimed_until:
                self._line(f"{entry.claimed_by} is at it until {moment(entry.claimed_until)}.")
        self._line()
        self._line(revision.summary)

    def _claim(self, reading: Reading, at: int, place: int, claim: ContentClaim) -> None:
        self._line()
        self._line(f"{at + 1}.{place + 1} {claim.text}", style="bold", hang=4)
        for cited in reading.view.content.citations_of(claim):
            self._line(f"“{cited.quote}”", indent=4)
            self._line(f"[{cited.number}] {reference_text(cited.source)}", indent=4, style="dim")
            if cited.source.url:
                # In one piece, so that it can be opened.
                self._print(" " * 4 + harmless(cited.source.url), style="dim")
        for lost in reading.lost_in(at, place):
            self._line(lost.reason, indent=4, style="bold red")
        for comment in reading.comments_on(at, place):
            self._comment(comment, indent=4)

    def _said(self, reading: Reading) -> None:
        whole = reading.comments_on(None, None)
        if whole or reading.decisions:
            self._line()
            self._line("What the staff say", style="bold cyan")
        for comment in whole:
            self._comment(comment, indent=0)
        for decision in reading.decisions:
            said = f": {decision.comment}" if decision.comment else "."
            what = decision.decision.value.replace("_", " ").lower()
            self._line(f"{moment(decision.at)}, {decision.name}, {what}{said}", hang=2)

    def _comment(self, comment: ClaimComment, *, indent: int) -> None:
        done = f" (dealt with by {comment.resolved_by})" if comment.resolved_by else ""
        self._line(
            f"{moment(comment.at)}, {comment.name}: {comment.text}{done}",
            indent=indent,
            hang=2,
            style="magenta",
        )

    def _list(self, heading: str, items: Sequence[str]) -> None:
        if not items:
            return
        self._line()
        self._line(heading, style="bold cyan")
        for item in items:
            self._line(f"- {item}", hang=2)

    def _difference(self, found: RevisionDifference, number: int) -> None:
        self._line()
        self._line(f"What differs from revision {number - 1}", style="bold cyan")
        if found.is_empty:
            self._line("Nothing.")
        self._texts("Title", [found.title])
        self._texts("Summary", [found.summary])
        for section in found.sections:
            if section.kind is not DifferenceKind.SAME:
                self._line(f"Heading: {_marked(section.heading)}", hang=2)
        for claim in found.claims:
            if claim.kind is DifferenceKind.SAME:
                continue
            place = claim.after or claim.before
            assert place is not None
            old = "" if claim.after else " of the revision before"
            moved = " (moved)" if claim.moved else ""
            self._line(
                f"{place.section + 1}.{place.claim + 1}{old}{moved}: {_marked(claim.pieces)}",
                hang=2,
            )
            for sign, cited in (("+", claim.citations_added), ("-", claim.citations_dropped)):
                for each in cited:
                    self._line(f"{sign} “{each.quote}” ({each.source.title})", indent=4)
        self._texts("Questions for the care team", found.doctor_questions)
        self._texts("Next steps", found.next_steps)
        self._texts("What the sources don't cover", found.gaps)

    def _texts(self, name: str, found: Sequence[TextDifference]) -> None:
        for each in found:
            if each.kind is not DifferenceKind.SAME:
                self._line(f"{name}: {_marked(each.pieces)}", hang=2)

    def _line(
        self, text: str = "", *, style: str | None = None, indent: int = 0, hang: int = 0
    ) -> None:
        """Print a paragraph in lines of the terminal's width."""
        lines = textwrap.wrap(
            harmless(text),
            width=max(self._width, indent + hang + 20),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._print("\n".join(lines), style=style)

    def _print(self, line: str, *, style: str | None) -> None:
        self._console.print(Text(line, style=style or ""))


def _marked(pieces: Sequence[Piece]) -> str:
    """Return words with signs about what was added and dropped, which show without colours."""
    return "".join(
        f"{before}{piece.text}{after}"
        for piece in pieces
        for before, after in [_SIGNS.get(piece.kind, ("", ""))]
    )
