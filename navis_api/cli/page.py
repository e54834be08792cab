"""An answer in the terminal: wrapped lines, marked lists, numbered references."""

import shutil
from collections.abc import Sequence

from rich.console import Console

from navis_api.answers import fixed_texts
from navis_api.answers.models import ClaimStyle
from navis_api.answers.rendering import (
    DOCTOR_QUESTIONS_HEADING,
    GAPS_HEADING,
    GLOSSARY_HEADING,
    NEXT_STEPS_HEADING,
    REFERENCES_HEADING,
    SectionWriter,
    glossary_lines,
    reference_text,
    references,
)
from navis_api.answers.repository import AnswerView
from navis_api.answers.stale_notice import stale_notice

_WIDEST = 88


class Page:
    """Prints an answer as its parts come. A silent one prints nothing."""

    def __init__(self, *, silent: bool) -> None:
        width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        self._console = Console(highlight=False, width=width, quiet=silent)
        self._width = width
        self._column = 0
        self._hang = 0
        self._section: int | str | None = None
        self._writer = SectionWriter(escape=str)

    def notice(self, message: str, contacts: Sequence[str]) -> None:
        """Print something that must be seen before anything else."""
        self._end_line()
        self._console.print(message, style="bold red", markup=False)
        for contact in contacts:
            self._console.print(f"  {contact}", style="bold", markup=False)
        self._console.print()

    def unreviewed(self) -> None:
        """Print the label of a draft, once, before its first words."""
        if self._section is not None:
            return
        self._console.print(fixed_texts.UNREVIEWED_NOTICE, style="yellow", markup=False)

    def opening(self, view: AnswerView) -> None:
        """Print title, who reviewed it, what is to be checked again, and summary of an answer."""
        revision = view.revision
        self._console.print(revision.title, style="bold", markup=False)
        when = revision.approved_at.date().isoformat() if revision.approved_at else ""
        self._console.print(
            f"Reviewed by {revision.approved_by} on {when}. {revision.approver_credentials}",
            style="yellow" if revision.sample else "green",
            markup=False,
        )
        notice = stale_notice(revision, view.content)
        if notice is not None:
            self._console.print(notice.text, style="yellow", markup=False)
        self._console.print()
        self._console.print(revision.summary, markup=False)

    def heading(self, text: str, *, index: int | None = None) -> None:
        """Begin a section, unless it is the one that is being printed."""
        section = text if index is None else index
        if section == self._section:
            return
        self._section = section
        self._writer = SectionWriter(escape=str)
        self._end_line()
        self._console.print()
        self._console.print(text, style="bold cyan", markup=False)

    def claim(
        self,
        style: ClaimStyle | str,
        text: str,
        numbers: Sequence[int],
        *,
        being_checked: bool = False,
    ) -> None:
        """Print a claim after those before it."""
        piece = self._writer.piece(ClaimStyle(style), text, numbers)
        if being_checked:
            piece += f" {fixed_texts.BEING_CHECKED}"
        *before, last = piece.split("\n")
        for line in before:
            self._words(line)
            self._break()
        self._words(last)

    def closing(self, view: AnswerView) -> None:
        """Print what stands after the sections, with the numbered sources."""
        revision = view.revision
        for heading, items in (
            (GLOSSARY_HEADING, glossary_lines(view.content)),
            (GAPS_HEADING, revision.gaps),
            (DOCTOR_QUESTIONS_HEADING, revision.doctor_questions),
            (NEXT_STEPS_HEADING, revision.next_steps),
        ):
            if items:
                self.heading(heading)
                self._list(items)
        self.heading(REFERENCES_HEADING)
        for number, source in references(view.content):
            self._line(f"[{number}] {reference_text(source)} {source.url or ''}", hang=4)
        self._console.print()
        self._console.print(
            fixed_texts.disclaimer(revision.disclaimer_id).text, style="dim", markup=False
        )
        if revision.call_to_action:
            invitation = fixed_texts.call_to_action(revision.call_to_action).text
            self._console.print(invitation, style="dim", markup=False)

    def _list(self, items: Sequence[str]) -> None:
        for item in items:
            self._line(f"- {item}", hang=2)

    def _line(self, text: str, *, hang: int) -> None:
        self._words(text, hang=hang)
        self._break()

    def _words(self, line: str, *, hang: int | None = None) -> None:
        """Print words on from where the line stands, in lines of the terminal's width."""
        if self._column == 0:
            self._hang = (2 if line.startswith("- ") else 0) if hang is None else hang
        gap = " " if self._column else ""
        for word in line.split():
            if self._column and self._column + len(gap) + len(word) > self._width:
                self._break()
                self._put(" " * self._hang)
                gap = ""
            self._put(gap + word)
            gap = " "

    def _put(self, text: str) -> None:
        self._console.print(text, end="", markup=False, soft_wrap=True)
        self._column += len(text)

    def _break(self) -> None:
        self._console.print()
        self._column = 0

    def _end_line(self) -> None:
        if self._column:
            self._break()
