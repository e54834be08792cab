"""Everyday wording in usual words, and what is never lost on the way."""

import importlib
import re
from collections.abc import Iterable
from typing import Any

import pytest

from navis_api.questions.sameness.decision import same_question
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.retelling import retold, rules
from navis_api.questions.sameness.slots import Slot
from tests.questions.sample_catalogue import sample_catalogue


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("dr said it's neutropenia, what is that", "neutropenia, what is that"),
        ("the letter says stage 3. what are they telling me", "stage 3. what does that mean"),
        ("when do they use Zytiga", "when is Zytiga"),
        ("what would the doctors do for liver cancer", "what is the treatment for liver cancer"),
        ("odds of getting through lymphoma", "what is the survival rate for lymphoma"),
        ("is gout more likely if you're obese", "does obese raise the risk of gout"),
        ("now I've had a mastectomy can I swim", "after mastectomy can I swim"),
        ("the rays for throat cancer", "radiation for throat cancer"),
        ("a tumour on his pancreas", "a cancer of the pancreas"),
        ("his prostate has cancer in it, why", "cancer of the prostate, why"),
    ],
)
def test_it_is_put_into_usual_words(said: str, meant: str) -> None:
    assert retold(said) == meant


@pytest.mark.parametrize(
    "plain",
    [
        "How is melanoma treated with BCG?",
        "Is a CA 19-9 test useful?",
        "do X-rays or the rays of the sun cause it",
        "what are the odds of getting through bladder cancer surgery",
        "who says that",
        "a secondary cancer in my kidney",
        "there is cancer in my liver",
    ],
)
def test_what_means_something_else_stays(plain: str) -> None:
    assert retold(plain) == plain


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("What does an MRI show?", "What is an MRI?"),
        ("Do I need somebody with me for a biopsy?", "Do I need a biopsy?"),
        ("Can my doctor refuse me tamoxifen?", "Can I refuse tamoxifen?"),
        ("Can radiation have side effects for people around me?", "Radiation side effects?"),
        ("How long has chemotherapy been around?", "How long does chemotherapy take?"),
        ("How long have doctors been using surgery?", "How long does surgery take?"),
        ("Should I ask how long I've got with lymphoma?", "What is the outlook for lymphoma?"),
        ("What is the most common type of lymphoma?", "What are the types of lymphoma?"),
        ("Which type of lymphoma is the most common?", "What are the types of lymphoma?"),
        (
            "What questions will my doctor ask me about lymphoma?",
            "What questions should I ask about lymphoma?",
        ),
        ("Why is immunotherapy so dear?", "Why is immunotherapy used?"),
        (
            "I have an early sign of melanoma, which doctor do I go to?",
            "What are the early signs of melanoma?",
        ),
    ],
)
def test_what_asks_for_something_else_is_not_served(asked: str, known: str) -> None:
    catalogue = sample_catalogue()
    assert not same_question(asked, known, catalogue).same
    assert not same_question(known, asked, catalogue).same


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the doctor said to avoid sushi during chemo, why", "avoid sushi during chemo"),
        ("my report says HER2 minus, stage 2, age 54", "HER2 negative, stage 2, age 54"),
        ("they say my lymphoma is not in remission", "not in remission"),
        ("the nurse told me not to fly after the op", "not to fly after the surgery"),
    ],
)
def test_facts_and_denials_are_kept(said: str, kept: str) -> None:
    assert kept in retold(said)


def test_a_long_story_is_left_alone_and_costs_nothing() -> None:
    story = "the doctor said it is the rays. " * 100
    assert retold(story) == story


@pytest.mark.parametrize(
    "text", ["", "?", "what " * 180, "is " * 300, "a" * 900, "does - make " * 80]
)
def test_no_text_fails(text: str) -> None:
    assert isinstance(retold(text), str)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "Should I get vaccination against cervical cancer?",
            "Should I vaccine for cervical cancer?",
        ),
        (
            "Can men have the vaccination against cervical cancer?",
            "Can men have the vaccine for cervical cancer?",
        ),
    ],
)
def test_a_word_that_may_be_missing_can_be(said: str, meant: str) -> None:
    assert retold(said) == meant


def least_groups(tree: Iterable[tuple[object, Any]]) -> int:
    """How many groups of a parsed pattern have found something, at the least, where it fits."""
    least = 0
    for operation, told in tree:
        match str(operation):
            case "SUBPATTERN":
                least += (told[0] is not None) + least_groups(told[3])
            case "MAX_REPEAT" | "MIN_REPEAT":
                least += least_groups(told[2]) if told[0] else 0
            case "BRANCH":
                least += min(least_groups(option) for option in told[1])
            case "ASSERT":
                least += least_groups(told[1])
            case _:
                pass
    return least


def test_every_rule_finds_what_it_says_again() -> None:
    """So that no question ends in an error, whichever way to say it was found."""
    parsed = importlib.import_module("re._parser")
    for rule in rules():
        gaps = [int(gap) for gap in re.findall(r"\\(\d)", rule.meant)]
        found = least_groups(parsed.parse(rule.pattern.pattern))
        assert found >= max(gaps, default=0), (rule.meant, rule.written)


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("My doctor warned me against alcohol with breast cancer. Why?", "avoid alcohol"),
        ("My doctor advised against flying during chemo", "avoid flying"),
        ("My doctor warned me against alcohol during chemo. Why?", "avoid alcohol"),
        ("My doctor doesn't want visitors during chemo. Why?", "refuse visitor"),
        ("My surgeon advised against a double mastectomy. Why?", "not offer"),
        ("My oncologist advised against active surveillance. Why?", "not offer"),
    ],
)
def test_only_care_is_not_offered(said: str, denied: str) -> None:
    assert read_slots(said, None, sample_catalogue()).of(Slot.NEGATION) == {denied}


@pytest.mark.parametrize(
    "plain",
    [
        "Can I get time off from chemotherapy?",
        "Can I get money back from chemotherapy?",
        "Can I get a taxi home from chemotherapy?",
        "Can I get rid of bloating from chemotherapy?",
    ],
)
def test_only_an_effect_comes_of_care(plain: str) -> None:
    assert retold(plain) == plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Can I get hair loss from tamoxifen?", "can tamoxifen cause hair loss?"),
        ("Can you get osteoporosis from letrozole?", "can letrozole cause osteoporosis?"),
        ("Do people get blood clots from Revlimid?", "can Revlimid cause blood clots?"),
    ],
)
def test_what_care_may_do_is_named(said: str, meant: str) -> None:
    assert retold(said) == meant
