"""A model's claims, held against one patient's facts where their quotes stand. All made up."""

from uuid import UUID

import pytest

from navis_api.generation.llm.output import WrittenCitation, WrittenClaim
from navis_api.generation.llm.patient_claims import PatientClaims
from navis_api.generation.llm.resolving import Resolver
from navis_api.generation.llm.shown import ShownPassage
from tests.generation.personal.test_reading import LUNG, reading

CONDITION = "For exon 20 insertions, other drugs that act on EGFR are used."
OPTION = "Amivantamab with chemotherapy is one option."
PASSAGE = ShownPassage(
    version_id=UUID(int=1),
    start=1_000,
    text=f"Many drugs act on EGFR.\n\n{CONDITION} {OPTION}",
    headings=("EGFR in non-small cell lung cancer",),
    title="EGFR in non-small cell lung cancer",
    publisher="Made up",
    version=None,
    published_on=None,
    last_reviewed_on=None,
    url=None,
    cancer_ids=frozenset(),
)


@pytest.mark.parametrize(
    ("change", "expected"), [("exon 20 insertion", (2,)), ("L858R", None), ("mutated", None)]
)
def test_a_claim_is_theirs_only_if_what_its_quote_goes_on_from_is(
    change: str, expected: tuple[int, ...] | None
) -> None:
    one = reading(
        ["PRIMARY_CANCER", "lung-cancer", None], ["GENOMIC_VARIANT", "egfr", change], cancer=LUNG
    )
    cited = Resolver([PASSAGE])
    citation = WrittenCitation(passage=1, quote=OPTION)
    written = WrittenClaim(text=OPTION, style="sentence", citations=[citation])
    claim = cited.claim(written)
    assert claim is not None
    theirs = PatientClaims(one, cited).theirs(claim, None)
    assert (theirs.facts if theirs else None) == expected
