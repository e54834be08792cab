"""When two questions are the same: on pairs that differ in one slot, and on paraphrases."""

import json
from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest

from navis_api.questions.sameness.decision import (
    SETTLING_SIMILARITY,
    Decision,
    Sameness,
    same_question,
    settle,
)
from navis_api.questions.sameness.slots import Slot
from tests.questions.near_misses import near_misses
from tests.questions.one_slot_pairs import pairs
from tests.questions.sample_catalogue import sample_catalogue

PARAPHRASES = Path(__file__).parent / "paraphrases.jsonl"


class ParaphrasePair(TypedDict):
    """A line of the file: does `b` ask what `a` asks?"""

    id: str
    a: str
    b: str
    same: bool


def decided(asked: str, known: str) -> Decision:
    return same_question(asked, known, sample_catalogue())


def paraphrases(kind: str) -> list[ParaphrasePair]:
    lines = PARAPHRASES.read_text(encoding="utf-8").splitlines()
    read: list[ParaphrasePair] = [json.loads(line) for line in lines]
    return [pair for pair in read if pair["id"].startswith(kind)]


def test_the_pairs_cover_every_slot_of_many_cancers() -> None:
    made = pairs()
    counted = Counter(pair.slot for pair in made)
    assert len(made) >= 4_000
    assert min(counted.values()) >= 20
    assert len(counted) >= 18
    assert made == pairs()


def test_no_pair_that_differs_in_one_slot_is_served() -> None:
    served = [pair for pair in pairs()[::2] if decided(pair.b, pair.a).same]
    assert served == []


def test_no_near_miss_is_served_even_if_an_embedder_finds_all_alike() -> None:
    made = near_misses()[::2]
    assert len(made) >= 2_000
    served = [pair for pair in made if settle(decided(pair.b, pair.a), 1.0).same]
    assert served == []


def test_no_pair_is_served_the_other_way_round_either() -> None:
    served = [pair for pair in pairs()[::5] if decided(pair.a, pair.b).same]
    assert served == []


@pytest.mark.parametrize(
    ("kind", "least"), [("unseen", 0.85), ("seen", 0.9), ("later", 0.85), ("fresh", 0.8)]
)
def test_most_paraphrases_are_served_without_an_embedder(kind: str, least: float) -> None:
    same = [pair for pair in paraphrases(kind) if pair["same"]]
    served = [pair for pair in same if decided(pair["b"], pair["a"]).same]
    assert len(served) / len(same) >= least


def test_no_hard_negative_is_served() -> None:
    others = [pair for pair in paraphrases("") if not pair["same"]]
    assert len(others) >= 150
    for pair in others:
        assert not settle(decided(pair["b"], pair["a"]), 1.0).same, pair["id"]
        assert not settle(decided(pair["a"], pair["b"]), 1.0).same, pair["id"]


@pytest.mark.parametrize(
    ("asked", "known", "reason"),
    [
        (
            "stage 4 colon cancer treatment",
            "How is stage III colon cancer treated?",
            "stage: metastatic here, iii there",
        ),
        (
            "How is HER2- breast cancer treated?",
            "How is HER2+ breast cancer treated?",
            "biomarker: her2 negative here, her2 positive there",
        ),
        (
            "Nolvadex side effects breast cancer",
            "What are the side effects of letrozole for breast cancer?",
            "drug: tamoxifen here, letrozole there",
        ),
        (
            "Can colon cancer be treated without surgery?",
            "Can colon cancer be treated with surgery?",
            "negation: without surgery here, none there",
        ),
        (
            "Can I drive before surgery for kidney cancer?",
            "Can I drive after surgery for kidney cancer?",
            "timing: before surgery here, after surgery there",
        ),
        (
            "symptoms of liver cancer",
            "What causes liver cancer?",
            "what is asked: symptoms here, causes there",
        ),
    ],
)
def test_a_difference_is_named_in_plain_words(asked: str, known: str, reason: str) -> None:
    decision = decided(asked, known)
    assert decision.verdict is Sameness.DIFFERENT
    assert any(each.text.startswith(reason) for each in decision.reasons)


def test_a_word_that_nothing_explains_leaves_it_open() -> None:
    known = "Can I eat kumquats during chemotherapy for lymphoma?"
    decision = decided("Can I eat durians during chemotherapy for lymphoma?", known)
    assert decision.verdict is Sameness.UNCERTAIN
    assert not decision.can_be_settled
    assert [reason.slot for reason in decision.reasons] == [Slot.WORDING]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        # Words that no list has, each in the place of another.
        ("Is zorvatib safe with melanoma?", "Is quellomab safe with melanoma?"),
        ("Is frobbing a symptom of melanoma?", "Is twerling a symptom of melanoma?"),
        ("Does Dr Gray's clinic treat melanoma?", "Does Dr Green's clinic treat melanoma?"),
        # The parent's answer isn't the subtype's, nor the other way round.
        ("How is hepatocellular carcinoma treated?", "How is liver cancer treated?"),
        ("How is liver cancer treated?", "How is hepatocellular carcinoma treated?"),
        # A misspelt drug is no other drug; a real word is no misspelling.
        ("Is lenalidomid used for myeloma?", "Is thalidomide used for myeloma?"),
        ("caring for someone with melanoma", "curing someone with melanoma"),
        # Whose it is, where that changes the answer.
        ("My dad has breast cancer. How is it treated?", "How is breast cancer treated?"),
        ("My 7 year old has leukemia. How is it treated?", "How is leukemia treated in adults?"),
        ("How is colon cancer treated at 45?", "How is colon cancer treated at 75?"),
        # A kind of a treatment isn't the treatment.
        (
            "What is a nipple-sparing mastectomy for breast cancer?",
            "What is a mastectomy for breast cancer?",
        ),
        # Names alone don't say what is asked.
        ("colon cancer", "What is colon cancer?"),
        ("surgery colon cancer", "Do I need surgery for colon cancer?"),
    ],
)
def test_what_changes_the_answer_is_never_served(asked: str, known: str) -> None:
    assert not decided(asked, known).same


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("My mother has breast cancer. How is it treated?", "How is breast cancer treated?"),
        ("treatment for women with breast cancer", "How is breast cancer treated?"),
        ("Herceptin side effects breast cancer",
         "What are the side effects of trastuzumab for breast cancer?"),
        ("How is breast cancer that is HER2 positive treated?",
         "How is HER2-positive breast cancer treated?"),
        ("Treatment of oesophageal cancer", "How is esophageal cancer treated?"),
        ("what are the symtpoms of colon cancer", "What are the symptoms of colon cancer?"),
        ("My 6 year old has ALL, how is it treated?",
         "How is acute lymphoblastic leukemia treated in children?"),
        ("is surgery or radiation better for prostate cancer",
         "Radiation versus surgery for prostate cancer?"),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_the_same(asked: str, known: str) -> None:
    assert decided(asked, known).same
    assert decided(known, asked).same


def test_a_cancer_given_beside_the_text_counts_as_one_named_in_it() -> None:
    catalogue = sample_catalogue()
    melanoma, glioma = catalogue.by_slug["melanoma"], catalogue.by_slug["glioma"]
    known = "How is melanoma treated?"

    assert same_question("How is it treated?", known, catalogue, asked_cancer=melanoma).same
    assert not same_question("How is it treated?", known, catalogue, asked_cancer=glioma).same
    assert not same_question("How is it treated?", known, catalogue).same


def test_an_embedder_settles_everyday_words_and_nothing_else() -> None:
    known = "How is bladder cancer treated?"
    everyday = decided("How is bladder cancer realistically treated?", known)
    assert everyday.verdict is Sameness.UNCERTAIN
    assert settle(everyday, SETTLING_SIMILARITY).same
    assert not settle(everyday, SETTLING_SIMILARITY - 0.01).same
    assert "similarity 0.90" in settle(everyday, SETTLING_SIMILARITY).reasons[-1].text

    for asked in (
        "How is stage 2 bladder cancer treated?",
        "How is bladder cancer treated with garlic?",
        "How is bladder cancer not treated?",
        "How is bladder cancer treated in 5 years?",
        "How is bladder cancer treated with zorvatib?",
    ):
        assert not settle(decided(asked, known), 1.0).same


def test_an_embedder_serves_no_pair_that_differs_in_one_slot() -> None:
    served = [pair for pair in pairs()[::3] if settle(decided(pair.b, pair.a), 1.0).same]
    assert served == []


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("tell employer cancer how", "Can my doctor tell my employer about my cancer?"),
        ("DCIS treatment necessary or not", "What treatments are there for DCIS?"),
        (
            "exercise during cancer treatment safe",
            "Which exercises are best during cancer treatment?",
        ),
    ],
)
def test_whether_it_is_needed_or_safe_is_no_question_of_what_there_is(
    asked: str, known: str
) -> None:
    assert not decided(asked, known).same
