"""A generation's text as events, and back: what was written survives the worker that wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from navis_api.answers.document import (
    CitationList,
    ContentSource,
    citation_from_json,
    citation_to_json,
)
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.answers.rendering import SectionWriter
from navis_api.generation.keeping import AnyEvent, Event
from navis_api.generation.models import GenerationEventKind


def section_events(
    sections: Sequence[DraftSection], sources: Mapping[UUID, ContentSource]
) -> list[Event]:
    """Return the events of the last of these sections, numbered on from those before it."""
    listed = CitationList(sources)
    for section in sections[:-1]:
        for claim in section.claims:
            for citation in claim.citations:
                listed.place_of(citation)
    added = sections[-1]
    writer = SectionWriter()
    events: list[Event] = []
    for claim in added.claims:
        cited = [listed.citations[listed.place_of(citation)] for citation in claim.citations]
        events.append(
            Event(
                GenerationEventKind.TEXT_ADDED,
                {
                    "sectionIndex": len(sections) - 1,
                    "sectionKind": added.kind.value,
                    "heading": added.heading,
                    "style": claim.style.value,
                    "claim": claim.text,
                    "text": writer.piece(claim.style, claim.text, [each.number for each in cited]),
                    "citations": [citation_to_json(each) for each in cited],
                    # A general answer's claims have none.
                    **({"facts": list(claim.facts)} if claim.facts else {}),
                },
            )
        )
    return events


def sections_of(events: Iterable[AnyEvent]) -> list[DraftSection]:
    """Return the sections that events have told, as they were drafted."""
    drafts: list[tuple[SectionKind, str, list[DraftClaim]]] = []
    for event in events:
        if event.kind is not GenerationEventKind.TEXT_ADDED:
            continue
        told = event.payload
        if told["sectionIndex"] == len(drafts):
            drafts.append((SectionKind(told["sectionKind"]), told["heading"], []))
        cited = [citation_from_json(each) for each in told["citations"]]
        drafts[-1][2].append(
            DraftClaim(
                text=told["claim"],
                style=ClaimStyle(told["style"]),
                citations=tuple(
                    DraftCitation(
                        source_version_id=each.source.version_id,
                        quote=each.quote,
                        start=each.start,
                        end=each.end,
                        locator=each.locator,
                    )
                    for each in cited
                ),
                facts=tuple(told.get("facts", ())),
            )
        )
    return [DraftSection(kind, heading, tuple(claims)) for kind, heading, claims in drafts]
