"""What goes with what: claims in their evidence's own words that bind them otherwise."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.bindings import binding_differs
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.reading import read
from navis_api.generation.grounding.verdicts import Reason


def difference(claim: str, evidence: str) -> Reason | None:
    said = read(claim)
    return binding_differs(said, range(len(said.tokens)), read(evidence))


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "It treats HER2-positive breast cancer.",
            "It treats breast cancer that is HR positive and HER2 negative.",
            "a marker's state",
        ),
        (
            "Friends found these children more aggressive.",
            "Friends found these children less aggressive and more social.",
            "more for less",
        ),
        (
            "The drug only helps people with cirrhosis.",
            "The drug helps people with cirrhosis.",
            "only",
        ),
        (
            "It is given alone to people whose lymphoma came back.",
            "It is given with rituximab to people whose lymphoma came back.",
            "alone",
        ),
        (
            "It is approved as the first treatment of liposarcoma.",
            "It is approved for liposarcoma in people who already had an anthracycline.",
            "first for later",
        ),
        (
            "Trials have shown that it helps people live longer.",
            "Trials must show that it helps people live longer.",
            "not found yet",
        ),
    ],
)
def test_words_that_are_bound_otherwise_are_seen(claim: str, evidence: str, detail: str) -> None:
    found = difference(claim, evidence)
    assert found is not None
    assert found.detail == detail


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It treats ALK-positive lymphoma.", "It treats lymphoma that is ALK positive."),
        ("It treats ROS1-positive cancer.", "It treats cancer that is ALK or ROS1 positive."),
        ("Only 3 % of them had a relapse.", "Of them, 3 % had a relapse."),
        ("Grade is not the only thing that counts.", "Grade and other factors count."),
        ("It is for people treated before.", "It is for people who were previously treated."),
        ("It is given by itself.", "It is given as a single drug."),
        ("It is the first treatment for many.", "At first, many people are given it."),
        ("A study has shown that it helps.", "In a study it reduced symptoms; others will follow."),
    ],
)
def test_words_that_are_bound_alike_are_let_be(claim: str, evidence: str) -> None:
    assert difference(claim, evidence) is None


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "Sunitinib prolonged survival compared with nivolumab.",
            "Nivolumab prolonged survival when compared with sunitinib.",
        ),
        (
            "The outcome of adults was superior to that of children.",
            "The outcome of children was superior to that of adults.",
        ),
        (
            "White men have the highest risk of kidney cancer.",
            "The risk is lowest among White men with kidney cancer.",
        ),
        (
            "Low-dose scans for kidney cancer carry no radiation risk.",
            "Low-dose scans for kidney cancer, instead of others, keep the radiation risk low.",
        ),
    ],
    ids=["compared", "superior", "highest", "no risk"],
)
def test_a_turned_claim_is_refused(claim: str, evidence: str, catalogue: Catalogue) -> None:
    cancer = catalogue.by_slug["kidney-cancer"]
    verdict = check_claim(claim, [Evidence(evidence)], cancer=cancer, catalogue=catalogue)
    assert not verdict.supported


def test_a_comparison_told_from_its_other_end_stands(catalogue: Catalogue) -> None:
    """Fewer deaths in the one group are more deaths in the other."""
    evidence = "Fewer patients died after nivolumab than after sunitinib for kidney cancer."
    cancer = catalogue.by_slug["kidney-cancer"]
    claim = "More patients died after sunitinib than after nivolumab for kidney cancer."
    turned = "More patients died after nivolumab than after sunitinib for kidney cancer."
    assert not check_claim(
        turned, [Evidence(evidence)], cancer=cancer, catalogue=catalogue
    ).supported
    reasons = check_claim(claim, [Evidence(evidence)], cancer=cancer, catalogue=catalogue).reasons
    assert "the other way round" not in {reason.detail for reason in reasons}
