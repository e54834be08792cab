"""Demands, times, aims, kinds and causes: a claim has only those that its evidence has."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence

TRIAL = (
    "The study was designed to test whether adding ribociclib to letrozole gives longer survival "
    "than letrozole alone."
)
TRIALS = "A clinical trial may be a choice for people with breast cancer."
WEIGHT = "Obesity raises the risk of breast cancer."
TRANSPLANT = "Treatment may include an allogeneic stem cell transplant."
VISITS = "Women with breast cancer are asked to have a mammogram every year."
AFTER = "Women with breast cancer have a mammogram after treatment."
YEAR = "Women with breast cancer have a mammogram a year after treatment."
TWICE = "Women with breast cancer have an ultrasound twice a year."
CYCLES = "Women with breast cancer have their blood checked every 3 weeks."
PHASE = "Treatment of blastic phase chronic myeloid leukemia may include imatinib."

REFUSED = {
    "a demand": (TRIALS, "People with breast cancer should join a clinical trial."),
    "how soon": (TRIALS, "A clinical trial may be a choice right away."),
    "how often": (VISITS, "Women with breast cancer are asked to have a mammogram every month."),
    "once a year": (
        AFTER,
        "Women with breast cancer have a mammogram once a year after treatment.",
    ),
    "times a year": (
        AFTER,
        "Women with breast cancer have a mammogram several times a year after treatment.",
    ),
    "every few months": (
        AFTER,
        "Women with breast cancer have a mammogram every few months after treatment.",
    ),
    "a year after": (YEAR, "Women with breast cancer have a mammogram every year."),
    "once for twice": (TWICE, "Women with breast cancer have an ultrasound once a year."),
    "how long": (CYCLES, "Women with breast cancer have their blood checked for 3 weeks."),
    "an aim as a result": (TRIAL, "Adding ribociclib to letrozole improved survival."),
    "a cause turned": (WEIGHT, "Breast cancer leads to obesity."),
    "another donor": (TRANSPLANT, "An autologous stem cell transplant may be used."),
    "another phase": (PHASE, "Imatinib may be used in chronic phase chronic myeloid leukemia."),
}
SUPPORTED = {
    "how often": (VISITS, "Women with breast cancer are asked to have a mammogram once a year."),
    "a year after": (YEAR, YEAR),
    "every so many weeks": (
        CYCLES,
        "In breast cancer, the blood of women is checked once every 3 weeks.",
    ),
    "an aim": (
        TRIAL,
        "The study tested whether adding ribociclib to letrozole gives longer survival.",
    ),
    "how long": (
        "After one year, 35% of people with breast cancer were well.",
        "After a year, 35% of people with breast cancer were well.",
    ),
    "a demand": (
        "Check with your doctor if you have a lump in the breast.",
        "People should check with their doctor if they have a lump in the breast.",
    ),
    "a cause": (WEIGHT, "Obesity increases the risk of breast cancer."),
    "the donor": (TRANSPLANT, "A stem cell transplant from a donor may be part of treatment."),
}


def stays(case: tuple[str, str], catalogue: Catalogue) -> bool:
    passage, claim = case
    slug = "chronic-myeloid-leukemia" if passage is PHASE else "breast-cancer"
    cancer = catalogue.by_slug.get(slug)
    return check_claim(claim, [Evidence(passage)], cancer=cancer, catalogue=catalogue).supported


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_said_so_is_refused(case: str, catalogue: Catalogue) -> None:
    assert not stays(REFUSED[case], catalogue)


@pytest.mark.parametrize("case", SUPPORTED)
def test_its_like_stays_where_it_is_said(case: str, catalogue: Catalogue) -> None:
    assert stays(SUPPORTED[case], catalogue)
