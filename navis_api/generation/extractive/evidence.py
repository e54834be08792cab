"""What the quotes of a draft rest on: the passages that were found, as the checks want them."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from navis_api.answers.drafts import DraftCitation, DraftSection
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.grounding.evidence import Evidence
from navis_api.sources.retrieval import Candidate


class FoundEvidence:
    """The passages of a search, by the places that quotes point to."""

    def __init__(self, found: Found | Iterable[Block]) -> None:
        self._passages: defaultdict[UUID, list[Candidate]] = defaultdict(list)
        if isinstance(found, Found):
            found = chain(found.exact, found.wider, found.narrower, found.others, found.general)
        for block in found:
            for passage in block.passages:
                self._passages[passage.version_id].append(passage)

    def of(self, section: DraftSection) -> dict[DraftCitation, Evidence]:
        """Return what each citation of a section rests on."""
        return {
            citation: self._of(citation) for claim in section.claims for citation in claim.citations
        }

    def headings_of(self, sections: Iterable[DraftSection]) -> str:
        """Return the titles and headings that the quotes stand under, readable."""
        headings = [
            heading
            for section in sections
            for evidence in self.of(section).values()
            for heading in (evidence.title, *evidence.headings)
        ]
        return readable(" ; ".join(dict.fromkeys(headings)))

    def knows(self, thing: Telling) -> bool:
        """Whether any text that was found speaks of a thing."""
        return any(
            thing.is_said(readable(passage.text))
            for passages in self._passages.values()
            for passage in passages
        )

    def _of(self, citation: DraftCitation) -> Evidence:
        """Return the passage around a quote, or the quote alone.

        That is where it is from a heading, and where pages on several cancers say the same:
        what stands around it is about one of them.
        """
        for passage in self._passages[citation.source_version_id]:
            if passage.start <= citation.start and citation.end <= passage.end:
                return Evidence(
                    # A general text speaks of a cancer as an example: none is what it is about.
                    text=passage.text if passage.cancer_ids else citation.quote,
                    headings=passage.headings,
                    title=passage.title,
                    url=passage.url,
                    cancer_ids=passage.cancer_ids,
                )
        return Evidence(text=citation.quote)
