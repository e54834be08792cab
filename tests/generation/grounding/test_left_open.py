"""What a source leaves open, or says isn't so or isn't known, and a claim tells as a fact."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence


def stands(claim: str, evidence: str, catalogue: Catalogue) -> bool:
    cancer = catalogue.by_slug["melanoma"]
    cited = Evidence(evidence, title="Melanoma Treatment", cancer_ids=frozenset({cancer.id}))
    return check_claim(claim, [cited], cancer=cancer, catalogue=catalogue).supported


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "The surgery you chose was a mistake.",
            "A relapse does not mean that the surgery you chose was a mistake.",
        ),
        (
            "Your treatment failed.",
            "Feeling tired doesn’t always mean that your treatment failed.",
        ),
        (
            "Green tea extract prevents relapse.",
            "There is no good evidence that green tea extract prevents relapse.",
        ),
        (
            "Zinc is a treatment for cancer.",
            "The FDA has not approved the use of zinc as a treatment for cancer.",
        ),
        (
            "A low-salt diet slows the growth of tumors.",
            "Studies have not shown that a low-salt diet slows the growth of tumors.",
        ),
        (
            "Aspirin lowers the risk of relapse.",
            "It is not yet known whether aspirin lowers the risk of relapse.",
        ),
        (
            "Early removal of lymph nodes helps people live longer.",
            "It is unclear if early removal of lymph nodes helps people live longer.",
        ),
        (
            "Vitamin D can help prevent a second melanoma in older adults.",
            (
                "The trial was designed to test whether vitamin D could help prevent a second"
                " melanoma in older adults."
            ),
        ),
        (
            "Shorter courses of radiation therapy work as well as longer ones.",
            (
                "Researchers are trying to find out whether shorter courses of radiation"
                " therapy work as well as longer ones."
            ),
        ),
        (
            "Laser therapy is used in the treatment of metastatic melanoma.",
            "Laser therapy is being studied in the treatment of metastatic melanoma.",
        ),
        (
            "Fotemustine is used in people with brain metastases.",
            "Fotemustine is an alkylating agent being tested in people with brain metastases.",
        ),
        (
            "Temozolomide with radiation therapy is given before surgery.",
            "A small trial is studying temozolomide with radiation therapy before surgery.",
        ),
        (
            "Stress causes melanoma to come back.",
            "Some people believe that stress causes melanoma to come back.",
        ),
        (
            "You have melanoma.",
            "Your doctor may do more tests to find out if you have melanoma.",
        ),
        (
            "Studies have shown that yoga shortens the stay in hospital.",
            "Studies are looking at whether yoga shortens the stay in hospital.",
        ),
    ],
)
def test_what_is_left_open_is_told_as_no_fact(
    claim: str, evidence: str, catalogue: Catalogue
) -> None:
    assert not stands(claim, evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "A relapse does not mean that the surgery was a mistake.",
            "A relapse does not mean that the surgery you chose was a mistake.",
        ),
        (
            "It is not known if aspirin lowers the risk of relapse.",
            "It is not yet known whether aspirin lowers the risk of relapse.",
        ),
        (
            "Laser therapy is being studied in people with metastatic melanoma.",
            "Laser therapy is being studied in the treatment of metastatic melanoma.",
        ),
        (
            "Fotemustine is an alkylating agent.",
            "Fotemustine is an alkylating agent being tested in people with brain metastases.",
        ),
        (
            "Researchers are testing shorter courses of radiation therapy.",
            "Researchers are testing whether shorter courses of radiation therapy work as well.",
        ),
        (
            "Some people think that stress causes melanoma to come back.",
            "Some people believe that stress causes melanoma to come back.",
        ),
        (
            "Interferon lowers the risk of relapse.",
            (
                "It was long not known whether interferon lowers the risk of relapse. It is now"
                " clear: interferon lowers the risk of relapse."
            ),
        ),
    ],
)
def test_what_is_framed_likewise_stays(claim: str, evidence: str, catalogue: Catalogue) -> None:
    assert stands(claim, evidence, catalogue)
