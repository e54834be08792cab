"""The content of a revision as one document: what readers get, finished once (READ_PATH 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from navis_api.answers.drafts import DraftCitation, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.sources.repository import SourceView


@dataclass(frozen=True, slots=True)
class ContentSource:
    """A source as it stood when it was quoted."""

    id: UUID
    version_id: UUID
    title: str
    publisher: str
    url: str | None
    version: str | None
    published_on: date | None
    last_reviewed_on: date | None
    accessed_on: date | None
    licence: str


def content_source(view: SourceView) -> ContentSource:
    """Return a version of a source as answers carry it."""
    return ContentSource(
        id=view.source.id,
        version_id=view.version.id,
        title=view.source.title,
        publisher=view.source.publisher,
        url=view.source.url,
        version=view.version.version,
        published_on=view.version.published_on,
        last_reviewed_on=view.version.last_reviewed_on,
        accessed_on=view.version.accessed_on,
        licence=view.source.licence,
    )


@dataclass(frozen=True, slots=True)
class ContentCitation:
    """A quote, and the number of the reference that it is from.

    References are numbered in the order in which the text first needs them, so
    several quotes from one source share its number (Vancouver style).
    """

    number: int
    source: ContentSource
    quote: str
    start: int
    end: int
    locator: str | None


@dataclass(frozen=True, slots=True)
class ContentClaim:
    """A claim, and where its citations stand in the document's list."""

    style: ClaimStyle
    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContentSection:
    """A headed part."""

    kind: SectionKind
    heading: str
    claims: tuple[ContentClaim, ...]


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """Sections and the citations that they use, each distinct quote once."""

    sections: tuple[ContentSection, ...]
    citations: tuple[ContentCitation, ...]

    @property
    def claim_texts(self) -> list[str]:
        """What is claimed, in reading order."""
        return [claim.text for section in self.sections for claim in section.claims]

    def citations_of(self, claim: ContentClaim) -> list[ContentCitation]:
        """Return the citations that a claim rests on."""
        return [self.citations[index] for index in claim.citations]


_CONTENT = TypeAdapter(AnswerContent)
_CITATION = TypeAdapter(ContentCitation)


def content_to_json(content: AnswerContent) -> dict[str, Any]:
    """Return the document as it is stored."""
    return _CONTENT.dump_python(content, mode="json")


def content_from_json(stored: Mapping[str, Any]) -> AnswerContent:
    """Return a stored document."""
    return _CONTENT.validate_python(stored)


def citation_to_json(citation: ContentCitation) -> dict[str, Any]:
    """Return one citation as events carry it."""
    return _CITATION.dump_python(citation, mode="json")


def citation_from_json(stored: Mapping[str, Any]) -> ContentCitation:
    """Return a citation out of an event."""
    return _CITATION.validate_python(stored)


class CitationList:
    """Gives each source its reference number, and each distinct quote its place, as they come."""

    def __init__(self, sources: Mapping[UUID, ContentSource]) -> None:
        self._sources = sources
        self._numbers: dict[UUID, int] = {}
        self._places: dict[tuple[UUID, int, int], int] = {}
        self.citations: list[ContentCitation] = []

    def place_of(self, draft: DraftCitation) -> int:
        """Return the index of this quote in the list, where it stands from now on."""
        key = (draft.source_version_id, draft.start, draft.end)
        place = self._places.get(key)
        if place is None:
            number = self._numbers.setdefault(draft.source_version_id, len(self._numbers) + 1)
            place = self._places[key] = len(self.citations)
            self.citations.append(
                ContentCitation(
                    number=number,
                    source=self._sources[draft.source_version_id],
                    quote=draft.quote,
                    start=draft.start,
                    end=draft.end,
                    locator=draft.locator,
                )
            )
        return place


def build_content(
    sections: Iterable[DraftSection], sources: Mapping[UUID, ContentSource]
) -> AnswerContent:
    """Return the document of an answer. `sources` has every source version that is cited."""
    listed = CitationList(sources)
    built = tuple(
        ContentSection(
            kind=section.kind,
            heading=section.heading,
            claims=tuple(
                ContentClaim(
                    style=claim.style,
                    text=claim.text,
                    citations=tuple(listed.place_of(citation) for citation in claim.citations),
                )
                for claim in section.claims
            ),
        )
        for section in sections
    )
    return AnswerContent(sections=built, citations=tuple(listed.citations))
