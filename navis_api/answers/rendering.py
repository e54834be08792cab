"""An answer as text: Markdown, HTML or plain, with its labels, references and notices."""

import html
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Any

from navis_api.answers import fixed_texts
from navis_api.answers.document import (
    AnswerContent,
    ContentCitation,
    ContentClaim,
    ContentSection,
    ContentSource,
    content_to_json,
)
from navis_api.answers.glossary import glossary_of
from navis_api.answers.models import ClaimStyle
from navis_api.answers.stale_notice import StaleNotice

SENTENCES_IN_A_PARAGRAPH = 3
"""After so many a new paragraph begins: nobody who is frightened reads a wall of text."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))")
_BLOCK_BEGINS = frozenset({"", "\n\n"})
_MARKDOWN_AT_START = re.compile(r"^([#>+-]|\d+(?=[.)]))")


class TextFormat(StrEnum):
    """What a body is rendered as."""

    MARKDOWN = "MARKDOWN"
    HTML = "HTML"
    PLAIN_TEXT = "PLAIN_TEXT"


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, in one line: breaks and indents mean something."""
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    return _MARKDOWN_AT_START.sub(
        lambda found: found[1] + "\\" if found[1].isdigit() else "\\" + found[1], escaped
    )


def marks(numbers: Iterable[int]) -> str:
    """Return reference marks such as ` [1][3]`, each number once."""
    distinct = dict.fromkeys(numbers)
    return " " + "".join(f"[{number}]" for number in distinct) if distinct else ""


class SectionWriter:
    """Writes a section claim by claim, so that the pieces joined are the section's Markdown."""

    def __init__(self, escape: Callable[[str], str] = escape_markdown) -> None:
        self._escape = escape
        self._before: ClaimStyle | None = None
        self._sentences = 0

    def piece(self, style: ClaimStyle, text: str, numbers: Sequence[int]) -> str:
        """Return what the claim adds."""
        written = self.gap(style)
        written += ("- " if style is ClaimStyle.BULLET else "") + self._escape(text)
        return written + marks(numbers)

    def gap(self, style: ClaimStyle) -> str:
        """Return what stands before the next claim: a blank line where a block begins."""
        before, self._before = self._before, style
        if style is ClaimStyle.BULLET:
            self._sentences = 0
            return "\n" if before is ClaimStyle.BULLET else "\n\n" if before else ""
        joins = (
            before is ClaimStyle.SENTENCE
            and style is ClaimStyle.SENTENCE
            and self._sentences < SENTENCES_IN_A_PARAGRAPH
        )
        self._sentences = self._sentences + 1 if joins else 1
        if before is None:
            return ""
        return " " if joins else "\n\n"


def section_markdown(
    content: AnswerContent, section: ContentSection, *, marked: Collection[int] = ()
) -> str:
    """Return a section's claims as Markdown, without its heading.

    `marked` are the claims, counted from 0, that are being checked again.
    """
    return _section_text(content, section, SectionWriter(), marked)


def finished(content: AnswerContent) -> dict[str, Any]:
    """Return the document as it is stored: with the Markdown that readers ask for most often."""
    document = content_to_json(content)
    for stored, section in zip(document["sections"], content.sections, strict=True):
        stored["markdown"] = section_markdown(content, section)
    return document


def _section_text(
    content: AnswerContent,
    section: ContentSection,
    writer: SectionWriter,
    marked: Collection[int],
) -> str:
    return "".join(
        writer.piece(
            claim.style, claim.text, [cited.number for cited in content.citations_of(claim)]
        )
        + _mark(marked, place)
        for place, claim in enumerate(section.claims)
    )


def _mark(marked: Collection[int], place: int) -> str:
    return f" {fixed_texts.BEING_CHECKED}" if place in marked else ""


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """Claims that stand together: the items of a list, or the sentences of a paragraph.

    `first` is the place of the first of them in its section, counted from 0.
    """

    is_list: bool
    first: int
    claims: tuple[ContentClaim, ...]


def section_blocks(section: ContentSection) -> list[SectionBlock]:
    """Return a section's paragraphs and lists, in order."""
    layout = SectionWriter()
    begins = [
        place
        for place, claim in enumerate(section.claims)
        if layout.gap(claim.style) in _BLOCK_BEGINS
    ]
    return [
        SectionBlock(
            is_list=section.claims[start].style is ClaimStyle.BULLET,
            first=start,
            claims=section.claims[start:end],
        )
        for start, end in pairwise([*begins, len(section.claims)])
    ]


def section_html(
    content: AnswerContent, section: ContentSection, *, marked: Collection[int] = ()
) -> str:
    """Return a section's claims as HTML, without its heading. All text in it is escaped.

    `marked` are the claims, counted from 0, that are being checked again.
    """

    def texts(block: SectionBlock) -> list[str]:
        return [
            html.escape(claim.text)
            + marks(cited.number for cited in content.citations_of(claim))
            + _mark(marked, place)
            for place, claim in enumerate(block.claims, start=block.first)
        ]

    return "".join(
        f"<ul>{''.join(f'<li>{text}</li>' for text in texts(block))}</ul>"
        if block.is_list
        else f"<p>{' '.join(texts(block))}</p>"
        for block in section_blocks(section)
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Who approved a revision, in the words that readers see."""

    reviewer: str
    credentials: str
    on: str


@dataclass(frozen=True, slots=True)
class Body:
    """Everything that a whole answer shows, before it is put into a format."""

    title: str
    author: str
    summary: str
    content: AnswerContent
    gaps: Sequence[str]
    doctor_questions: Sequence[str]
    next_steps: Sequence[str]
    disclaimer: str
    call_to_action: str | None
    reviewed: Reviewed | None
    updated_on: str
    stale: StaleNotice | None = None
    rests_on: Sequence[str] = ()
    """Of an answer for one patient, on which of their facts each section rests."""

    @property
    def marked(self) -> list[Collection[int]]:
        """The claims of each section that are being checked again."""
        return [
            self.stale.marks(place) if self.stale else ()
            for place in range(len(self.content.sections))
        ]


GLOSSARY_HEADING = "Words used here"
RESTS_ON_HEADING = "What this rests on in your records"
GAPS_HEADING = "What this answer leaves open"
DOCTOR_QUESTIONS_HEADING = "Questions to ask your care team"
NEXT_STEPS_HEADING = "What you can do next"
REFERENCES_HEADING = "Sources"


def label(body: Body) -> str:
    """Return the line that says whether anybody has checked the answer."""
    if body.reviewed is None:
        return fixed_texts.UNREVIEWED_NOTICE
    return (
        f"Reviewed by {body.reviewed.reviewer} on {body.reviewed.on}. {body.reviewed.credentials}"
    )


def references(content: AnswerContent) -> list[tuple[int, ContentSource]]:
    """Return the numbered sources, in order."""
    cited: list[ContentCitation] = sorted(content.citations, key=lambda each: each.number)
    return [
        (number, next(group).source)
        for number, group in groupby(cited, key=lambda each: each.number)
    ]


def reference_text(source: ContentSource) -> str:
    """Return a source as a reference list has it: title, publisher, version, dates, licence."""
    parts = [source.title, source.publisher]
    if source.version:
        parts.append(f"version {source.version}")
    for what, day in (
        ("published", source.published_on),
        ("last reviewed", source.last_reviewed_on),
        ("read on", source.accessed_on),
    ):
        if day is not None:
            parts.append(f"{what} {day.isoformat()}")
    parts.append(source.licence)
    return ". ".join(part.rstrip(".") for part in parts) + "."


def render(body: Body, text_format: TextFormat) -> str:
    """Return the whole answer with its label, references, disclaimer and call to action."""
    if text_format is TextFormat.HTML:
        return _html(body)
    if text_format is TextFormat.PLAIN_TEXT:
        return _lines(body, escape=str, heading=lambda text: f"{text}\n{'-' * len(text)}")
    return _lines(body, escape=escape_markdown, heading=lambda text: f"## {escape_markdown(text)}")


def _lines(body: Body, *, escape: Callable[[str], str], heading: Callable[[str], str]) -> str:
    notice = escape(body.stale.text) if body.stale else ""
    blocks = [escape(label(body)), notice, escape(body.summary)]
    for section, marked in zip(body.content.sections, body.marked, strict=True):
        text = _section_text(body.content, section, SectionWriter(escape=escape), marked)
        blocks += [heading(section.heading), text]
    for title, items in _closing_lists(body):
        blocks += [heading(title), "\n".join(f"- {escape(item)}" for item in items)]
    cited = references(body.content)
    if cited:
        blocks += [
            heading(REFERENCES_HEADING),
            "\n".join(
                f"{number}. {escape(reference_text(source))} {source.url or ''}".rstrip()
                for number, source in cited
            ),
        ]
    blocks.append(escape(body.disclaimer))
    if body.call_to_action:
        blocks.append(escape(body.call_to_action))
    return "\n\n".join(block for block in blocks if block) + "\n"


def glossary_lines(content: AnswerContent) -> list[str]:
    """Return the terms that the claims leave unexplained, each with its meaning."""
    return [f"{entry.term}: {entry.explanation}" for entry in glossary_of(content.claim_texts)]


def _closing_lists(body: Body) -> list[tuple[str, Sequence[str]]]:
    lists = (
        (RESTS_ON_HEADING, body.rests_on),
        (GLOSSARY_HEADING, glossary_lines(body.content)),
        (GAPS_HEADING, body.gaps),
        (DOCTOR_QUESTIONS_HEADING, body.doctor_questions),
        (NEXT_STEPS_HEADING, body.next_steps),
    )
    return [(title, items) for title, items in lists if items]


def _html(body: Body) -> str:
    def escaped(text: str) -> str:
        return html.escape(text, quote=True)

    def items(texts: Iterable[str]) -> str:
        return "".join(f"<li>{text}</li>" for text in texts)

    parts = [f"<p><strong>{escaped(label(body))}</strong></p>"]
    if body.stale:
        parts.append(f"<p>{escaped(body.stale.text)}</p>")
    parts.append(f"<p>{escaped(body.summary)}</p>")
    for section, marked in zip(body.content.sections, body.marked, strict=True):
        parts.append(f"<h2>{escaped(section.heading)}</h2>")
        parts.append(section_html(body.content, section, marked=marked))
    for title, texts in _closing_lists(body):
        parts += [f"<h2>{escaped(title)}</h2>", f"<ul>{items(map(escaped, texts))}</ul>"]
    cited = references(body.content)
    if cited:
        listed = items(_reference_html(source) for _, source in cited)
        parts += [f"<h2>{REFERENCES_HEADING}</h2>", f"<ol>{listed}</ol>"]
    parts.append(f"<p>{escaped(body.disclaimer)}</p>")
    if body.call_to_action:
        parts.append(f"<p>{escaped(body.call_to_action)}</p>")
    return "".join(parts)


def _reference_html(source: ContentSource) -> str:
    text = html.escape(reference_text(source))
    if not source.url or not source.url.startswith(("https://", "http://")):
        return text
    return f'<a href="{html.escape(source.url, quote=True)}">{text}</a>'
