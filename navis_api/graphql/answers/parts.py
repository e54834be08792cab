"""What an answer consists of: sections, claims and citations. All comes from its document.

Readers wait for this, so it is made of the document as it is stored, and not of the
`AnswerContent` in between, which only rendering needs.
"""

from collections.abc import Mapping
from typing import Any, Final, Self
from uuid import UUID

import strawberry

from navis_api.answers import glossary
from navis_api.answers.document import ContentCitation, citation_to_json
from navis_api.answers.published_repository import PublishedView, ShownAnswer
from navis_api.answers.rendering import section_html, section_markdown
from navis_api.answers.stale_notice import is_stale, stale_notice
from navis_api.asking.personal.views import PersonalAnswerView
from navis_api.graphql.at_hand import WAIT, Wait, at_hand
from navis_api.graphql.context import Info
from navis_api.graphql.enums import SectionKind
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.sources.types import Source
from navis_api.graphql.unchanging import Kept

_KINDS = {kind.value: kind for kind in SectionKind}
_NONE: Final[tuple[UUID, ...]] = ()
_UNMARKED: Final[frozenset[int]] = frozenset()


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
    def stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return a citation as an answer's document or an event has it."""
        return cls(
            number=stored["number"],
            source=Source.quoted(stored["source"]),
            quote=stored["quote"],
            start=stored["start"],
            end=stored["end"],
            locator=stored["locator"],
        )

    @classmethod
    def of(cls, citation: ContentCitation) -> Self:
        """Return a citation as clients see it."""
        return cls.stored(citation_to_json(citation))


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


class AnswerParts:
    """What the parts of one answer have in common, each made when it is first asked for."""

    __slots__ = ("_citations", "view")

    def __init__(self, view: ShownAnswer) -> None:
        self.view = view
        self._citations: list[Citation] | None = None

    @property
    def unchanging(self) -> Kept | None:
        """Where what is made of the content is kept; None where anything else is shown with it."""
        view = self.view
        if not isinstance(view, PublishedView) or is_stale(view.revision):
            return None
        return view.unchanging

    @property
    def citations(self) -> list[Citation]:
        """Every citation of the answer, in its document's order."""
        if self._citations is None:
            self._citations = [Citation.stored(each) for each in self.view.cited]
        return self._citations


def _facts_at_hand(claim: "Claim", info: Info) -> list[Finding] | Wait:  # noqa: ARG001 - the resolver's arguments
    """Return the findings below a claim, where it is known that there are none."""
    return WAIT if claim.finding_ids else []


@strawberry.type(description="One sentence or bullet, with what it rests on.")
class Claim:
    """A claim of a section."""

    parts: strawberry.Private[AnswerParts]
    cited: strawberry.Private[list[int]]
    finding_ids: strawberry.Private[tuple[UUID, ...]]
    text: str = strawberry.field(description="What is claimed.")

    @strawberry.field(
        description="The patient's confirmed findings that a personal answer's claim rests on."
        " Those that were deleted since are left out. Empty in a general answer.",
        metadata=at_hand(_facts_at_hand),
    )
    async def facts(self, info: Info) -> list[Finding]:
        """Load them with those of the other claims."""
        personal = info.context.personal
        if personal is None or not self.finding_ids:
            return []
        found = await personal.finding.load_many(self.finding_ids)
        return [Finding.of(view) for view in found if view is not None]

    @strawberry.field(description="What it rests on: at least one quote.")
    def citations(self) -> list[Citation]:
        """Look them up in the document."""
        citations = self.parts.citations
        return [citations[place] for place in self.cited]


@strawberry.type(description="A part of an answer, under a heading of its own.")
class AnswerSection:
    """A section of the document."""

    parts: strawberry.Private[AnswerParts]
    place: strawberry.Private[int]
    marked: strawberry.Private[frozenset[int]]
    kind: SectionKind = strawberry.field(description="What the section is about.")
    heading: str = strawberry.field(description="Its heading, in plain text.")

    @strawberry.field(description="Its text as Markdown, with marks such as [1] for references.")
    def markdown(self) -> str:
        """Take it from the document, unless a mark stands in it or the document is an old one."""
        stored = self.parts.view.document["sections"][self.place].get("markdown")
        if stored is not None and not self.marked:
            return stored
        content = self.parts.view.content
        return section_markdown(content, content.sections[self.place], marked=self.marked)

    @strawberry.field(description="Its text as HTML, with marks such as [1] for references.")
    def html(self) -> str:
        """Render it."""
        content = self.parts.view.content
        return section_html(content, content.sections[self.place], marked=self.marked)

    @strawberry.field(description="Its sentences and bullets, each with what it rests on.")
    def claims(self) -> list[Claim]:
        """Look them up in the document."""
        view = self.parts.view
        stored = view.document["sections"][self.place]
        return [
            Claim(
                parts=self.parts,
                cited=claim["citations"],
                finding_ids=view.finding_ids(self.place, place)
                if isinstance(view, PersonalAnswerView)
                else _NONE,
                text=claim["text"],
            )
            for place, claim in enumerate(stored["claims"])
        ]


def sections_of(parts: AnswerParts) -> list[AnswerSection]:
    """Return an answer's parts, in reading order."""
    view = parts.view
    notice = stale_notice(view.revision, view.content) if is_stale(view.revision) else None
    return [
        AnswerSection(
            parts=parts,
            place=place,
            marked=notice.marks(place) if notice else _UNMARKED,
            kind=_KINDS[stored["kind"]],
            heading=stored["heading"],
        )
        for place, stored in enumerate(view.document["sections"])
    ]
