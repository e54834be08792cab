"""Words around a sentence that promise, or speak to one patient."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence

SENTENCE = "Cryotherapy destroys abnormal tissue by freezing it."
SAYS_SO = "Cryotherapy completely destroys abnormal tissue by freezing it, and it works well."


def stands(claim: str, evidence: str, catalogue: Catalogue) -> bool:
    cancer = catalogue.by_slug["melanoma"]
    cited = Evidence(evidence, title="Melanoma Treatment", cancer_ids=frozenset({cancer.id}))
    return check_claim(claim, [cited], cancer=cancer, catalogue=catalogue).supported


@pytest.mark.parametrize(
    "claim",
    [
        "For you, cryotherapy destroys abnormal tissue by freezing it.",
        "Cryotherapy destroys abnormal tissue for good by freezing it.",
        "Cryotherapy fully destroys abnormal tissue by freezing it.",
        "Cryotherapy destroys abnormal tissue by freezing it, which works.",
        "Doctors know that cryotherapy destroys abnormal tissue by freezing it.",
        "Good news: cryotherapy destroys abnormal tissue by freezing it.",
    ],
)
def test_what_is_put_around_a_sentence_is_refused(claim: str, catalogue: Catalogue) -> None:
    assert stands(SENTENCE, SENTENCE, catalogue)
    assert not stands(claim, SENTENCE, catalogue)


def test_what_its_evidence_says_too_stays(catalogue: Catalogue) -> None:
    assert stands("Cryotherapy completely destroys abnormal tissue.", SAYS_SO, catalogue)
