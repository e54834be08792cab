"""Checking what a model wrote, section by section: only what its quotes carry gets through."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.grounding.claims import check_claim, check_quote
from navis_api.generation.grounding.sections import check_section
from navis_api.generation.llm.denials import denies
from navis_api.generation.llm.headings import heading_of
from navis_api.generation.llm.items import is_copied_item, with_lead_ins
from navis_api.generation.llm.needless import without_needless
from navis_api.generation.llm.output import WrittenSection
from navis_api.generation.llm.patient_claims import PatientClaims
from navis_api.generation.llm.plain_text import is_plain, plain, tells_what_to_do
from navis_api.generation.llm.repetition import Told
from navis_api.generation.llm.resolving import Resolver
from navis_api.generation.llm.shown import ShownPassage
from navis_api.generation.llm.situations import situations_in
from navis_api.generation.personal.reading import PersonalReading
from navis_api.generation.wording import is_whole, leans_on_what_stands_before

_TURNING_HEADING = re.compile(
    r"\b(?:myths?|misconceptions?|rumou?rs?|true or false|fact or fiction)\b", re.IGNORECASE
)
_MOST_CLAIMS = 12
# White space, also between paragraphs.
_BETWEEN_SENTENCES = 4


class SectionChecker:
    """Checks the sections that one model writes behind those that are told already, in order.

    `refused` counts the claims that weren't let through. With a `patient`, what isn't said of them
    is refused too, and claims name their facts; without, none does.
    """

    def __init__(
        self,
        passages: Sequence[ShownPassage],
        told: Sequence[DraftSection],
        *,
        question: str,
        cancer: CatalogueEntry | None,
        catalogue: Catalogue,
        fitness: Fitness,
        patient: PersonalReading | None = None,
    ) -> None:
        self._asked = situations_in([question])
        self._cancer = cancer
        self._catalogue = catalogue
        self._fitness = fitness
        self._told = Told(claim for section in told for claim in section.claims)
        self._headings = [section.heading for section in told]
        self._cited = Resolver(passages)
        self._patient = PatientClaims(patient, self._cited) if patient else None
        self.refused = 0

    def checked(self, written: WrittenSection) -> DraftSection | None:
        """Return what may be told of a section, or None when nothing is left."""
        kind = SectionKind(written.kind)
        claims = [self._cited.claim(claim) for claim in written.claims[:_MOST_CLAIMS]]
        wished = plain(written.heading)
        grounded = list(
            with_lead_ins(self._grounded(kind, claims, wished), self._cited, self._may_be_quoted)
        )
        told, kept, heading = self._told_below(grounded, kind, wished)
        if kept and heading != wished:
            # What only that heading would have said of a claim is missing now.
            told, kept, heading = self._told_below(grounded, kind, "")
        self.refused += max(len(written.claims) - len(kept), 0)
        if not kept:
            return None
        self._told = told
        self._headings.append(heading)
        return DraftSection(kind, heading, tuple(kept))

    def _told_below(
        self, grounded: Iterable[DraftClaim | None], kind: SectionKind, wished: str
    ) -> tuple[Told, list[DraftClaim], str]:
        """Return what has been told with these claims, those that fit, and their heading."""
        told = self._told.copy()
        kept = _without_empty_lead_ins(list(self._told_now(grounded, wished, told)))
        heading = heading_of(
            kind,
            wished,
            [{self._cited.passage(each) for each in claim.citations} for claim in kept],
            cancer=self._cancer,
            fitness=self._fitness,
            taken=self._headings,
        )
        return told, kept, heading

    def _grounded(
        self, kind: SectionKind, claims: Sequence[DraftClaim | None], heading: str
    ) -> Iterator[DraftClaim | None]:
        """Yield each claim that stands on its citations, or the quote that stands for it.

        None stands where nothing does. A claim that stands has no citations that it doesn't need.
        """
        refused = self._refused(kind, [claim for claim in claims if claim is not None])
        lead_in: DraftClaim | None = None
        for claim in claims:
            if claim is not None and claim.style is not ClaimStyle.BULLET:
                lead_in = claim if claim.style is ClaimStyle.LEAD_IN else None
            if claim is None or claim in refused:
                stands = refused.get(claim) if claim else None
            else:
                below = [lead_in] if lead_in and claim is not lead_in else []
                stands = without_needless(
                    claim,
                    self._cited,
                    stands=lambda fewer, below=below: (
                        fewer not in self._refused(kind, [*below, fewer])
                    ),
                    heading=heading,
                )
            if (
                stands is None
                and claim is not None
                and claim.style is ClaimStyle.BULLET
                and self._may_be_quoted(claim.citations[-1])
            ):
                item = self._cited.cited_together(claim)[-1]
                stands = replace(claim, text=claim.citations[-1].quote, citations=item)
            yield stands

    def _refused(
        self, kind: SectionKind, claims: Sequence[DraftClaim]
    ) -> dict[DraftClaim, DraftClaim | None]:
        """Return the claims that don't stand on their citations, with the quotes for them."""
        check = check_section(
            DraftSection(kind, "", tuple(claims)),
            {each: self._cited.evidence(each) for claim in claims for each in claim.citations},
            cancer=self._cancer,
            catalogue=self._catalogue,
        )
        return {each.claim: each.repaired for each in check.refused}

    def _told_now(
        self, claims: Iterable[DraftClaim | None], heading: str, told: Told
    ) -> Iterator[DraftClaim]:
        """Yield the claims that fit where they stand and weren't told before."""
        lead_in: DraftClaim | None = None
        before: DraftClaim | None = None
        for claim in claims:
            if claim is not None and claim.style is ClaimStyle.BULLET:
                fitting = self._bullet(claim, lead_in)
            else:
                # "It" would be something else behind another sentence than in the source.
                leans = claim is not None and _leans(claim)
                fitting = None if leans and not _goes_on(claim, before) else claim
                lead_in = claim if claim and claim.style is ClaimStyle.LEAD_IN else None
            fitting = self._theirs(fitting, lead_in) if fitting is not None else None
            stands = (
                fitting is not None
                and self._fits(fitting)
                and self._says_for_whom(fitting, lead_in, heading)
                and (claim is lead_in or not told.has(fitting))
            )
            before = fitting if stands else None
            if fitting is not None and stands:
                told.remember(fitting)
                yield fitting
            elif claim is lead_in:
                lead_in = None

    def _theirs(self, claim: DraftClaim, lead_in: DraftClaim | None) -> DraftClaim | None:
        if self._patient is None:
            return replace(claim, facts=())
        is_bullet = claim.style is ClaimStyle.BULLET
        return self._patient.theirs(claim, lead_in if is_bullet else None)

    def _bullet(self, claim: DraftClaim, lead_in: DraftClaim | None) -> DraftClaim | None:
        if lead_in is not None:
            return claim if self._completes(claim, lead_in) else None
        if is_whole(claim.text) and not _leans(claim) and not is_copied_item(claim, self._cited):
            return replace(claim, style=ClaimStyle.SENTENCE)
        return None

    def _completes(self, bullet: DraftClaim, lead_in: DraftClaim) -> bool:
        """Whether a lead-in may be said of a bullet: they are from one list, or carry it together.

        Without this a bullet of one list could stand below the lead-in of another.
        """
        *introducing, item = bullet.citations
        is_of_its_list = bool(set(introducing) & set(lead_in.citations))
        if is_of_its_list and bullet.text == item.quote:
            return True
        if self._is_turned(bullet) and not is_of_its_list:
            return False
        return check_claim(
            f"{lead_in.text} {bullet.text}",
            [self._cited.evidence(citation) for citation in bullet.citations],
            cancer=self._cancer,
            catalogue=self._catalogue,
        ).supported

    def _is_turned(self, claim: DraftClaim) -> bool:
        """Whether a claim rests on an item of a list that says what isn't so."""
        lead_ins = (text for each in claim.citations for text in self._cited.lead_ins(each))
        return any(map(denies, lead_ins))

    def _may_be_quoted(self, citation: DraftCitation) -> bool:
        evidence = self._cited.evidence(citation)
        return check_quote(
            citation.quote, evidence, cancer=self._cancer, catalogue=self._catalogue
        ).supported

    def _fits(self, claim: DraftClaim) -> bool:
        """Whether a claim may stand in any answer to this question."""
        quoted = "".join(citation.quote for citation in claim.citations)
        headings = {h for each in claim.citations for h in self._cited.passage(each).headings}
        return (
            not any(map(_TURNING_HEADING.search, headings))
            and (claim.style is not ClaimStyle.SENTENCE or not self._is_turned(claim))
            and is_plain(claim.text, beside=quoted)
            and not tells_what_to_do(claim.text)
            and all(
                self._fitness.may_quote(
                    claim.text,
                    bullet=claim.style is ClaimStyle.BULLET,
                    lead_in=claim.style is ClaimStyle.LEAD_IN,
                    cancer_ids=self._cited.passage(citation).cancer_ids,
                )
                for citation in claim.citations
            )
        )

    def _says_for_whom(self, claim: DraftClaim, lead_in: DraftClaim | None, heading: str) -> bool:
        """Whether each situation that a quote stands in is said, or is the asker's.

        With a patient only what is theirs has come so far.
        """
        if self._patient is not None:
            return True
        texts = [claim.text, lead_in.text] if lead_in else [claim.text]
        for citation in claim.citations:
            headings = self._cited.passage(citation).headings[1:]
            if situations_in([citation.quote]):
                # It speaks for itself, and grounding holds the claim against it.
                continue
            above = situations_in([*headings, *self._cited.lead_ins(citation)])
            # A heading that is the passage's own stands over the section too.
            said = situations_in([*texts, heading] if heading in headings else texts)
            if above and not above & (said | self._asked):
                return False
        return True


def _leans(claim: DraftClaim) -> bool:
    return leans_on_what_stands_before(claim.text)


def _goes_on(claim: DraftClaim | None, before: DraftClaim | None) -> bool:
    """Whether a claim rests on what comes right behind what the claim before it rests on."""
    if claim is None or before is None:
        return False
    return any(
        one.source_version_id == other.source_version_id
        and one.start < other.end
        and other.start - one.end <= _BETWEEN_SENTENCES
        for one in before.citations
        for other in claim.citations
    )


def _without_empty_lead_ins(claims: Sequence[DraftClaim]) -> list[DraftClaim]:
    styles = [claim.style for claim in claims]
    return [
        claim
        for claim, following in zip(claims, [*styles[1:], None], strict=False)
        if claim.style is not ClaimStyle.LEAD_IN or following is ClaimStyle.BULLET
    ]
