"""Figures and sides of two arms, limits that are lifted, and denials that are left out."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence

SHARES = (
    "Twenty-one percent of the patients who received interferon had a relapse within 3 years,"
    " compared with 38 percent of those who had surgery alone."
)
MONTHS = (
    "Patients who got nivolumab plus surgery lived 6 months longer than patients who had surgery"
    " than surgery alone."
)
GROUPS = (
    "More patients in the surgery group than in the vaccine group had swelling of the arm after a"
    " year."
)
RISK = (
    "Doctors found that giving interferon after surgery for melanoma may reduce the risk of a"
    " relapse more than surgery alone, without a large increase in fatigue."
)
AGE = "Among girls who wore hats before age 12, hats cut the number of moles by 40%."
REMOVED = "Metastatic melanoma cannot be completely removed by surgery."


def stands(claim: str, evidence: str, catalogue: Catalogue) -> bool:
    cancer = catalogue.by_slug["melanoma"]
    cited = Evidence(evidence, title="Melanoma Treatment", cancer_ids=frozenset({cancer.id}))
    return check_claim(claim, [cited], cancer=cancer, catalogue=catalogue).supported


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("21 percent of the patients who had surgery alone had a relapse within 3 years.", SHARES),
        ("38 percent of the patients who received interferon had a relapse.", SHARES),
        ("Patients who had surgery alone lived 6 months longer.", MONTHS),
        ("More patients in the vaccine group had swelling of the arm.", GROUPS),
        (
            (
                "Giving interferon after surgery may increase the risk of a relapse more"
                " than surgery alone."
            ),
            RISK,
        ),
        ("Among girls who wore hats at any age, hats cut the number of moles by 40%.", AGE),
        ("Metastatic melanoma can be removed by surgery.", REMOVED),
    ],
)
def test_one_arm_is_not_told_of_the_other(claim: str, evidence: str, catalogue: Catalogue) -> None:
    assert not stands(claim, evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("21 percent of the patients who received interferon had a relapse.", SHARES),
        ("38 percent of those who had surgery alone had a relapse.", SHARES),
        ("Patients who got nivolumab plus surgery lived 6 months longer.", MONTHS),
        ("More patients in the surgery group had swelling of the arm.", GROUPS),
        ("Giving interferon after surgery may reduce the risk of a relapse.", RISK),
        ("Metastatic melanoma cannot be removed by surgery.", REMOVED),
    ],
)
def test_what_is_said_of_an_arm_stays(claim: str, evidence: str, catalogue: Catalogue) -> None:
    assert stands(claim, evidence, catalogue)
