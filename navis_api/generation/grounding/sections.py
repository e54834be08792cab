"""Checking a section of a draft: what is refused is repaired by quoting, or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.claims import check_claim, check_quote
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.verdicts import Reason, ReasonKind, Verdict
from navis_api.generation.wording import (
    is_unfit,
    is_whole,
    leans_on_what_stands_before,
)
from navis_api.sources.statements import split_statements

_INTRODUCES = ":"
# A longer quote is no repair of a claim that one reads at a glance.
_MOST_REPAIRED_CHARS = 400


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that doesn't stand as it was written; `repaired` is what stands in its place."""

    claim: DraftClaim
    verdict: Verdict
    repaired: DraftClaim | None


@dataclass(frozen=True, slots=True)
class SectionCheck:
    """A checked section: None when nothing of it is left. `refused` in the section's order."""

    section: DraftSection | None
    refused: tuple[Refused, ...]


def check_section(
    section: DraftSection,
    evidence: Mapping[DraftCitation, Evidence],
    *,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
) -> SectionCheck:
    """Return the section with only such claims as what they cite supports.

    `evidence` gives each citation the passage that its quote is from (or the quote alone). A
    bullet is checked as the end of its lead-in, and goes with it. Where a claim is refused and
    one of its quotes can stand alone, that stands in its place.
    """
    checker = _Checker(evidence, cancer, catalogue)
    kept: list[DraftClaim] = []
    refused: list[Refused] = []
    lead_in: DraftClaim | None = None
    lead_in_fell = False
    for claim in section.claims:
        if claim.style is ClaimStyle.LEAD_IN:
            lead_in, lead_in_fell = claim, False
        elif claim.style is ClaimStyle.SENTENCE:
            lead_in, lead_in_fell = None, False
        is_bullet = claim.style is ClaimStyle.BULLET
        verdict = checker.verdict(claim, lead_in if is_bullet and not lead_in_fell else None)
        if is_bullet and lead_in_fell and verdict.supported:
            verdict = Verdict((Reason(ReasonKind.NOT_SAID, "its lead-in fell"),))
        if verdict.supported:
            kept.append(claim)
            continue
        lead_in_fell = lead_in_fell or claim.style is ClaimStyle.LEAD_IN
        repaired = checker.repaired(claim, [other.text for other in (*kept, *section.claims)])
        if repaired is not None:
            kept.append(repaired)
        refused.append(Refused(claim, verdict, repaired))
    left = _without_empty_lead_ins(kept)
    return SectionCheck(replace(section, claims=tuple(left)) if left else None, tuple(refused))


@dataclass(frozen=True, slots=True)
class _Checker:
    evidence: Mapping[DraftCitation, Evidence]
    cancer: CatalogueEntry | None
    catalogue: Catalogue

    def verdict(self, claim: DraftClaim, lead_in: DraftClaim | None) -> Verdict:
        cited: list[Evidence] = []
        for citation in claim.citations:
            passage = self.evidence.get(citation)
            if passage is None or not citation.quote or citation.quote not in passage.text:
                return Verdict((Reason(ReasonKind.QUOTE_DIFFERS),))
            cited.append(passage)
            if claim.text == citation.quote:
                return self._quoted(claim.text, passage)
        text = claim.text
        if lead_in is not None:
            text = f"{lead_in.text.rstrip().removesuffix(':')} {text}"
            before = (self.evidence.get(citation) for citation in lead_in.citations)
            cited += [passage for passage in before if passage is not None and passage not in cited]
        return check_claim(text, cited, cancer=self.cancer, catalogue=self.catalogue)

    def repaired(self, claim: DraftClaim, said: Sequence[str]) -> DraftClaim | None:
        """Return a quote in the place of a claim, where one can stand alone and isn't said yet."""
        if claim.style is ClaimStyle.LEAD_IN:
            return None
        for citation in claim.citations:
            quote = citation.quote
            passage = self.evidence.get(citation)
            if passage is None or not quote or quote not in passage.text or quote in said:
                continue
            if len(quote) > _MOST_REPAIRED_CHARS or not is_whole(quote) or is_unfit(quote):
                continue
            if _completes_a_lead_in(citation, claim.citations, passage.text):
                continue
            if leans_on_what_stands_before(quote) or not self._quoted(quote, passage).supported:
                continue
            return DraftClaim(quote, ClaimStyle.SENTENCE, (citation,))
        return None

    def _quoted(self, quote: str, passage: Evidence) -> Verdict:
        return check_quote(quote, passage, cancer=self.cancer, catalogue=self.catalogue)


def _completes_a_lead_in(
    citation: DraftCitation, cited: Sequence[DraftCitation], passage: str
) -> bool:
    """Whether a quote is an item of a list: its subject stands in what introduces the list.

    "Bladder cancer in adults. It is used after surgery." stands below "The drug is approved for:".
    Where the passage is the quote alone, the lead-ins are cited before it.
    """
    if passage != citation.quote:
        start = passage.find(citation.quote)
        end = start + len(citation.quote)
        statements = split_statements(passage)
        return any(
            each.lead_in is not None and statements[each.lead_in].start < start
            for each in statements
            if each.start < end and start < each.end
        )
    return any(
        other.source_version_id == citation.source_version_id
        and other.start < citation.start
        and other.quote.rstrip().endswith(_INTRODUCES)
        for other in cited
    )


def _without_empty_lead_ins(claims: Sequence[DraftClaim]) -> list[DraftClaim]:
    kept: list[DraftClaim] = []
    for claim, following in zip_longest(claims, claims[1:]):
        introduces = following is not None and following.style is ClaimStyle.BULLET
        if claim.style is not ClaimStyle.LEAD_IN or introduces:
            kept.append(claim)
    return kept
