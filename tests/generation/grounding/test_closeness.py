"""The learned score beside the rules: what it may decide, and what no score may."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.closeness.loose_numbers import NumberMatches, number_matches
from navis_api.generation.grounding.closeness.model import (
    ClosenessModel,
    ClosenessWeights,
    closeness_model,
)
from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.verdicts import Verdict

PASSAGE = (
    "Nivolumab may be given to some people with advanced kidney cancer after sunitinib. In a study"
    " of 80 people the tumor shrank in 26%. Others are still taking part in trials."
)


def always(score: float) -> ClosenessModel:
    """Return a model that finds every claim alike."""
    return ClosenessModel(ClosenessWeights(learned_from="", start=score, weights={}, trees=()))


SURE, AGAINST = always(99.0), always(-99.0)


def checked(claim: str, catalogue: Catalogue, model: ClosenessModel | None = None) -> Verdict:
    return check_claim(
        claim,
        [Evidence(PASSAGE)],
        cancer=catalogue.by_slug["kidney-cancer"],
        catalogue=catalogue,
        model=model,
    )


def test_the_weights_are_of_the_pairs() -> None:
    pairs = pytest.importorskip(
        "bench.grounding.pairs", reason="bench/ is not part of a source distribution"
    )
    assert closeness_model().file.learned_from == pairs.digest(), (
        "the pairs have changed: run `python -m bench.grounding`"
    )


def test_a_quote_stands_whatever_its_score(catalogue: Catalogue) -> None:
    for quote in PASSAGE.split(". "):
        sentence = f"{quote.removesuffix('.')}."
        assert checked(sentence, catalogue, AGAINST).supported


def test_what_the_rules_accept_falls_where_the_score_is_against_it(catalogue: Catalogue) -> None:
    claim = "Some people with advanced kidney cancer may be given nivolumab after sunitinib."
    assert checked(claim, catalogue, SURE).supported
    assert not checked(claim, catalogue, AGAINST).supported


def test_a_free_paraphrase_stands_where_the_score_is_for_it(catalogue: Catalogue) -> None:
    claim = "For certain patients whose renal tumors are far along, nivolumab is an option later."
    assert not checked(claim, catalogue, AGAINST).supported
    assert checked(claim, catalogue, SURE).supported


@pytest.mark.parametrize(
    "claim",
    [
        "For certain patients whose renal tumors are far along, ipilimumab is an option later.",
        "About two in three of the patients saw what they had get smaller on the medicine.",
        "In stage II, certain patients have nivolumab as an option later.",
        "Patients ought to ask for nivolumab once their renal tumors are far along.",
        "You should take nivolumab once your renal tumor is far along.",
        "Certain patients are given 240 mg of nivolumab once their renal tumors are far along.",
        "According to ESMO, nivolumab is an option later for certain patients.",
        "For certain patients whose lung cancer is far along, nivolumab is an option later.",
        "Nivolumab is a miracle for patients whose renal tumors are far along.",
    ],
    ids=["drug", "number", "stage", "demand", "advice", "dose", "body", "other cancer", "promise"],
)
def test_no_score_saves_what_no_wording_makes_up_for(claim: str, catalogue: Catalogue) -> None:
    assert not checked(claim, catalogue, SURE).supported


def test_what_is_not_guaranteed_is_no_promise(catalogue: Catalogue) -> None:
    evidence = [Evidence("Surgery does not guarantee that the cancer will stay away.")]
    for claim in (
        "Surgery does not guarantee that the cancer will stay away.",
        "Surgery doesn't guarantee that the cancer stays away.",
    ):
        assert check_claim(claim, evidence, cancer=None, catalogue=catalogue).supported
    claim = "Surgery guarantees that the cancer will stay away."
    assert not check_claim(claim, evidence, cancer=None, catalogue=catalogue).supported


@pytest.mark.parametrize(
    ("claim", "evidence", "matches"),
    [
        ("26 percent of patients", "26% of patients", NumberMatches(1, 0, 0)),
        ("about a quarter of patients", "26% of patients", NumberMatches(0, 1, 0)),
        ("one patient in nine", "11% of patients", NumberMatches(0, 1, 0)),
        ("nearly all of 51 children", "49 of 51 children", NumberMatches(1, 0, 0)),
        ("over two decades", "more than 20 years", NumberMatches(1, 0, 0)),
        ("a year and a half longer", "17 months longer", NumberMatches(0, 1, 0)),
        ("three times as often", "in 30% and in 10%", NumberMatches(0, 1, 0)),
        ("two groups", "the groups", NumberMatches(0, 1, 0)),
        ("half of patients", "26% of patients", NumberMatches(0, 0, 1)),
        ("40 patients", "80 patients", NumberMatches(0, 0, 1)),
    ],
)
def test_numbers_are_met_as_people_rephrase_them(
    claim: str, evidence: str, matches: NumberMatches
) -> None:
    assert number_matches(claim, evidence) == matches


def test_words_that_keep_the_same_company_are_near() -> None:
    vectors = word_vectors()

    def near(one: str, other: str) -> float:
        rows = vectors.vectors[[vectors.row[root(one)], vectors.row[root(other)]]]
        return float(rows[0] @ rows[1])

    assert near("nausea", "vomiting") > near("nausea", "prostatectomy") + 0.3
    assert near("boys", "girls") > near("boys", "biopsy") + 0.3


def test_what_the_score_took_hard_already_stands_earlier_but_no_number(
    catalogue: Catalogue,
) -> None:
    evidence = [
        Evidence(
            "Nivolumab and sunitinib are for kidney tumors. One is given into a vein on 12 days. "
            "People who get it may have a rash."
        )
    ]

    def stands(claim: str, score: float) -> bool:
        verdict = check_claim(
            claim, evidence, cancer=None, catalogue=catalogue, model=always(score)
        )
        return verdict.supported

    named = "People who get nivolumab may have a rash."
    assert stands(named, 0.9)
    assert not stands(named, 0.7)
    assert not stands("People who get ipilimumab may have a rash.", 0.9)
    assert not stands("People who get nivolumab may have a rash on 12 days.", 0.9)
