"""What an answer consists of: sections, claims and citations. All comes from its document."""

from typing import Self

import strawberry

from navis_api.answers import glossary
from navis_api.answers.document import (
    AnswerContent,
    ContentCitation,
    ContentClaim,
    ContentSection,
)
from navis_api.answers.rendering import section_html, section_markdown
from navis_api.graphql.enums import SectionKind
from navis_api.graphql.sources.types import Source


@strawberry.type(description="A quote that a claim rests on, to the letter.")
class Citation:
    """A place in a source."""

    number: int = strawberry.field(
        description="The number of the reference: quotes from one source share it."
    )
    source: Source = strawberry.field(description="What is quoted.")
    quote: str = strawberry.field(
        description="The source's text from `start` to `end`, to the letter."
    )
    start: int = strawberry.field(
        description="Where the quote begins in the source's text, in Unicode code points from 0."
    )
    end: int = strawberry.field(
        description="Where the quote ends there, exclusive, in Unicode code points."
    )
    locator: str | None = strawberry.field(
        description="Where that is, in the source's own terms: the headings above it."
    )

    @classmethod
    def of(cls, citation: ContentCitation) -> Self:
        """Return a citation as clients see it."""
        return cls(
            number=citation.number,
            source=Source.quoted(citation.source),
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            locator=citation.locator,
        )


@strawberry.type(description="A term that an answer uses and doesn't explain itself.")
class GlossaryEntry:
    """A term in plain words."""

    term: str = strawberry.field(description="The term.")
    explanation: str = strawberry.field(description="What it means, in plain words of ours.")
    source: str = strawberry.field(description="Where the explanation is from.")

    @classmethod
    def of(cls, entry: glossary.GlossaryEntry) -> Self:
        """Return an entry as clients see it."""
        return cls(term=entry.term, explanation=entry.explanation, source=entry.source)


@strawberry.type(description="One sentence or bullet, with what it rests on.")
class Claim:
    """A claim of a section."""

    content: strawberry.Private[AnswerContent]
    claim: strawberry.Private[ContentClaim]
    text: str = strawberry.field(description="What is claimed.")

    @strawberry.field(description="What it rests on: at least one quote.")
    def citations(self) -> list[Citation]:
        """Look them up in the document."""
        return [Citation.of(citation) for citation in self.content.citations_of(self.claim)]


@strawberry.type(description="A part of an answer, under a heading of its own.")
class AnswerSection:
    """A section of the document."""

    content: strawberry.Private[AnswerContent]
    section: strawberry.Private[ContentSection]
    marked: strawberry.Private[frozenset[int]]
    kind: SectionKind = strawberry.field(description="What the section is about.")
    heading: str = strawberry.field(description="Its heading, in plain text.")

    @classmethod
    def of(cls, section: ContentSection, content: AnswerContent, *, marked: frozenset[int]) -> Self:
        """Return a section as clients see it. `marked`: the claims that are checked again."""
        return cls(
            content=content,
            section=section,
            marked=marked,
            kind=section.kind,
            heading=section.heading,
        )

    @strawberry.field(description="Its text as Markdown, with marks such as [1] for references.")
    def markdown(self) -> str:
        """Render it."""
        return section_markdown(self.content, self.section, marked=self.marked)

    @strawberry.field(description="Its text as HTML, with marks such as [1] for references.")
    def html(self) -> str:
        """Render it."""
        return section_html(self.content, self.section, marked=self.marked)

    @strawberry.field(description="Its sentences and bullets, each with what it rests on.")
    def claims(self) -> list[Claim]:
        """Look them up in the document."""
        return [
            Claim(content=self.content, claim=claim, text=claim.text)
            for claim in self.section.claims
        ]
