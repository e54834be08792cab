"""Everyday wording: the same question in other voices, and questions that only look the same.

`everyday.json` is in our own words. Under "same" is each question with other ways to ask it;
under "apart" are groups of questions of which no two are the same, made to tempt each rule
that puts everyday wording into usual words.
"""

import json
from itertools import combinations
from pathlib import Path
from typing import TypedDict

import pytest

from navis_api.questions.sameness.decision import Decision, same_question, settle
from tests.questions.sample_catalogue import sample_catalogue


class Everyday(TypedDict):
    """The file: questions with their paraphrases, and groups of different questions."""

    same: dict[str, list[str]]
    apart: list[list[str]]


def everyday() -> Everyday:
    return json.loads((Path(__file__).parent / "everyday.json").read_text(encoding="utf-8"))


def decided(asked: str, known: str) -> Decision:
    return same_question(asked, known, sample_catalogue())


def test_there_are_many_voices_and_many_temptations() -> None:
    cases = everyday()
    assert len(cases["same"]) >= 200
    assert sum(map(len, cases["same"].values())) >= 600
    assert sum(map(len, cases["apart"])) >= 600


def test_most_everyday_paraphrases_are_served_without_an_embedder() -> None:
    pairs = [(asked, known) for known, ways in everyday()["same"].items() for asked in ways]
    served = [pair for pair in pairs if decided(*pair).same]
    assert len(served) / len(pairs) >= 0.83


def test_no_two_questions_of_a_group_are_served_for_each_other() -> None:
    served = [
        (one, other)
        for group in everyday()["apart"]
        for one, other in combinations(group, 2)
        if settle(decided(one, other), 1.0).same or settle(decided(other, one), 1.0).same
    ]
    assert served == []


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        # It is asked how a cancer does it, or whether it does.
        (
            "How does leukemia cause anemia?",
            "What are the signs of low red blood cells in leukemia?",
        ),
        # What one once did isn't what one does.
        ("is lung cancer more likely if you used to smoke", "Does smoking cause lung cancer?"),
        # Care that is over, under way, or turned down.
        ("had surgery for lung cancer, can I fly", "Can I fly during surgery for lung cancer?"),
        ("refused surgery for lung cancer, can I fly", "Can I fly after surgery for lung cancer?"),
        # Whose child it is matters but to what the word means.
        ("my son has osteosarcoma, how is it treated", "How is osteosarcoma treated?"),
    ],
)
def test_what_a_voice_adds_is_kept(asked: str, known: str) -> None:
    assert not decided(asked, known).same
    assert not decided(known, asked).same


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("had surgery for lung cancer, can I fly", "Can I fly after surgery for lung cancer?"),
        ("my son has osteosarcoma, what is it", "What is osteosarcoma?"),
        ("how do doctors remove a BCC", "How is a basal cell carcinoma removed?"),
        (
            "when I go on holiday is flying ok after chemo",
            "When I go on holiday can I fly after chemo?",
        ),
    ],
)
def test_what_a_voice_leaves_as_it_was_is_served(asked: str, known: str) -> None:
    assert decided(asked, known).same
