"""Whether claims that their passages support stay, and others are refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from navis_api.cancers.catalogue import Catalogue
from navis_api.evaluation.cases import CitedPassage, GroundingClaim
from navis_api.evaluation.figures import Outcome, share
from navis_api.evaluation.naming import cancers_named
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.verdicts import Verdict
from navis_api.sources.retrieval import HEADING_JOINT
from navis_api.sources.subjects import cancers_of


@dataclass(frozen=True, slots=True)
class GroundingFigures:
    """Precision and recall of "supported", and the share of unsupported claims refused."""

    claims: int
    supported: int
    kept: int
    precision: float | None
    recall: float | None
    refused_of_unsupported: float | None
    cases: tuple[Outcome, ...]


def evaluate_grounding(claims: Iterable[GroundingClaim], catalogue: Catalogue) -> GroundingFigures:
    """Check each claim as one that a language model wrote is checked."""
    total = supported = kept = rightly = 0
    cases: list[Outcome] = []
    for claim in claims:
        verdict = _check(claim, catalogue)
        total += 1
        supported += claim.supported
        kept += verdict.supported
        rightly += verdict.supported and claim.supported
        cases.append(
            Outcome(
                claim.id,
                "SUPPORTED" if verdict.supported else "REFUSED",
                verdict.supported == claim.supported,
                tuple(str(reason) for reason in verdict.reasons),
            )
        )
    unsupported = total - supported
    return GroundingFigures(
        claims=total,
        supported=supported,
        kept=kept,
        precision=share(rightly, kept),
        recall=share(rightly, supported),
        refused_of_unsupported=share(unsupported - (kept - rightly), unsupported),
        cases=tuple(cases),
    )


def _check(claim: GroundingClaim, catalogue: Catalogue) -> Verdict:
    named = cancers_named(claim.cancer, catalogue)
    return check_claim(
        claim.claim,
        [_evidence(passage, catalogue) for passage in claim.cited],
        cancer=named[0] if len(named) == 1 else None,
        catalogue=catalogue,
    )


def _evidence(passage: CitedPassage, catalogue: Catalogue) -> Evidence:
    headings = tuple(filter(None, passage.heading.split(HEADING_JOINT)))
    about = cancers_of(catalogue, passage.title, headings, passage.url)
    return Evidence(
        text=passage.text,
        headings=headings,
        title=passage.title,
        publisher=passage.publisher,
        version=passage.version,
        url=passage.url,
        cancer_ids=frozenset(about),
    )
