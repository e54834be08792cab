"""What a product built on a model got wrong (issue 3), and more of each kind."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.verdicts import Verdict

BILIARY = (
    "For biliary tract cancer that has spread, gemcitabine and cisplatin are often given first."
)
PANCREATIC = "In pancreatic cancer that has spread, gemcitabine with nab-paclitaxel is often used."
COLON = "FOLFOX is a common treatment for colon cancer."
TESTS = "Tests for changes in BRAF, KRAS and BRCA can help doctors to choose a treatment."
FEW = (
    "Oligometastatic cancer has spread to only a few places. Experts don't agree on how many that "
    "may be. Some studies included patients with one to five metastases."
)
FROM_COLON = (
    "Colon cancer that has spread to the liver is made of colon cancer cells. It is treated as "
    "colon cancer. Surgery may be used to remove it."
)
ELSEWHERE = "Cancer that starts elsewhere and spreads to the liver is not primary liver cancer."
SORAFENIB = (
    "Sorafenib is a targeted drug for advanced liver cancer. It may slow the cancer's growth."
)
GUIDELINE = Evidence(
    TESTS,
    title="Guideline for Pancreatic Adenocarcinoma",
    publisher="National Comprehensive Cancer Network (NCCN)",
    version="2.2025",
)

REFUSED = {
    "biliary regimen for hepatocellular carcinoma": (
        "liver-cancer",
        "Gemcitabine plus cisplatin is an option for hepatocellular carcinoma.",
        Evidence(BILIARY),
    ),
    "biliary regimen in an answer on liver cancer": (
        "liver-cancer",
        "Gemcitabine plus cisplatin is an option.",
        Evidence(BILIARY),
    ),
    "pancreatic regimen for hepatocellular carcinoma": (
        "hepatocellular-carcinoma",
        "Gemcitabine with nab-paclitaxel is often used for hepatocellular carcinoma.",
        Evidence(PANCREATIC),
    ),
    "pancreatic regimen in an answer on liver cancer": (
        "liver-cancer",
        "Gemcitabine with nab-paclitaxel may be used.",
        Evidence(PANCREATIC),
    ),
    "colon regimen for lung cancer": (
        "lung-cancer",
        "FOLFOX is a common treatment for lung cancer.",
        Evidence(COLON),
    ),
    "regimen of a passage whose headings are on another cancer": (
        "liver-cancer",
        "FOLFOX is a common treatment.",
        Evidence("FOLFOX is a common treatment.", title="Colon Cancer Treatment"),
    ),
    "genes attributed to a guideline that isn't cited": (
        "pancreatic-cancer",
        "According to NCCN guidelines, tests for BRAF, KRAS and BRCA can help to choose.",
        Evidence(TESTS),
    ),
    "a guideline without its version": (
        "pancreatic-cancer",
        "According to NCCN guidelines, tests for BRAF, KRAS and BRCA can help to choose.",
        GUIDELINE,
    ),
    "a guideline of another version": (
        "pancreatic-cancer",
        "According to NCCN guidelines version 1.2023, tests for BRAF can help to choose.",
        GUIDELINE,
    ),
    "guidelines said to recommend": (
        "pancreatic-cancer",
        "Guidelines recommend tests for changes in BRAF, KRAS and BRCA.",
        Evidence(TESTS),
    ),
    "another body": (
        "pancreatic-cancer",
        "The ESMO recommends tests for BRAF, KRAS and BRCA.",
        GUIDELINE,
    ),
    "1-5 sites as a definition": (
        "breast-cancer",
        "Oligometastatic cancer is defined as 1-5 sites of spread.",
        Evidence(FEW),
    ),
    "one to five metastases as a meaning": (
        "breast-cancer",
        "Oligometastatic means that there are one to five metastases.",
        Evidence(FEW),
    ),
    "cancer from elsewhere called liver cancer": (
        "liver-cancer",
        "Colon cancer that has spread to the liver is liver cancer.",
        Evidence(FROM_COLON),
    ),
    "its treatment given as that of liver cancer": (
        "liver-cancer",
        "Surgery may be used to remove liver cancer.",
        Evidence(FROM_COLON),
    ),
    "the denial left out": (
        "liver-cancer",
        "Cancer that starts elsewhere and spreads to the liver is primary liver cancer.",
        Evidence(ELSEWHERE),
    ),
    "metastases in the liver as liver cancer": (
        "liver-cancer",
        "Liver cancer may be removed by surgery.",
        Evidence("Metastases in the liver may be removed by surgery."),
    ),
    "many respond well": (
        "liver-cancer",
        "Many patients respond well.",
        Evidence(SORAFENIB),
    ),
    "many respond well to a drug": (
        "liver-cancer",
        "Many patients respond well to sorafenib.",
        Evidence(SORAFENIB),
    ),
    "most do well": (
        "liver-cancer",
        "Most people with advanced liver cancer do well on sorafenib.",
        Evidence(SORAFENIB),
    ),
    "effective": (
        "liver-cancer",
        "Sorafenib is an effective drug for advanced liver cancer.",
        Evidence(SORAFENIB),
    ),
}

KEPT = {
    "biliary regimen for bile duct cancer": (
        "bile-duct-cancer",
        "Gemcitabine and cisplatin are often given first when biliary tract cancer has spread.",
        Evidence(BILIARY),
    ),
    "pancreatic regimen for pancreatic cancer": (
        "pancreatic-cancer",
        "For metastatic pancreatic cancer, gemcitabine and nab-paclitaxel are often used.",
        Evidence(PANCREATIC),
    ),
    "colon regimen by its drugs": (
        "colon-cancer",
        "FOLFOX is commonly used to treat colon cancer.",
        Evidence(COLON),
    ),
    "tests without an attribution": (
        "pancreatic-cancer",
        "Tests for BRAF, KRAS and BRCA mutations can help to choose a treatment.",
        Evidence(TESTS),
    ),
    "a guideline with its version": (
        "pancreatic-cancer",
        "According to NCCN guidelines version 2.2025, tests for BRAF can help to choose.",
        GUIDELINE,
    ),
    "a publisher that is cited": (
        "pancreatic-cancer",
        "According to the National Cancer Institute, tests for BRAF can help doctors to choose.",
        Evidence(TESTS, title="Pancreatic Cancer", publisher="National Cancer Institute"),
    ),
    "what studies included": (
        "breast-cancer",
        "In some studies, patients had one to five metastases.",
        Evidence(FEW),
    ),
    "oligometastatic": (
        "breast-cancer",
        "Oligometastatic cancer has spread to a small number of places.",
        Evidence(FEW),
    ),
    "cancer from elsewhere": (
        "liver-cancer",
        "Cancer that began elsewhere and has spread to the liver isn't primary liver cancer.",
        Evidence(ELSEWHERE),
    ),
    "what a drug may do": (
        "liver-cancer",
        "Sorafenib may slow down the growth of advanced liver cancer.",
        Evidence(SORAFENIB),
    ),
}


def checked(case: tuple[str, str, Evidence], catalogue: Catalogue) -> Verdict:
    slug, claim, evidence = case
    return check_claim(claim, [evidence], cancer=catalogue.by_slug[slug], catalogue=catalogue)


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(case: str, catalogue: Catalogue) -> None:
    assert not checked(REFUSED[case], catalogue).supported


@pytest.mark.parametrize("case", KEPT)
def test_what_is_right_stays(case: str, catalogue: Catalogue) -> None:
    assert checked(KEPT[case], catalogue).reasons == ()
