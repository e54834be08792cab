"""Many voices: the same question in whatever everyday syntax, and its tempting neighbours.

`voices.json` is in our own words, written before the rules of this wording were. The rules
learned from "learned", from "ways" (each question with `{cancer}` for any) and from "ways of
care"; nothing was learned from "unseen". No two questions of a group of "apart" are the
same, and "asides" are what people say around a question.
"""

import json
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import TypedDict

import pytest

from navis_api.questions.sameness.decision import Decision, decide, settle
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import Slots
from tests.questions.sample_catalogue import sample_catalogue

Voices = TypedDict(
    "Voices",
    {
        "learned": dict[str, list[str]],
        "unseen": dict[str, list[str]],
        "ways": dict[str, list[str]],
        "ways of care": dict[str, list[str]],
        "apart": list[list[str]],
        "asides": list[str],
    },
)


@cache
def voices() -> Voices:
    return json.loads((Path(__file__).parent / "voices.json").read_text(encoding="utf-8"))


@cache
def read(text: str) -> Slots:
    return read_slots(text, None, sample_catalogue())


def decided(asked: str, known: str) -> Decision:
    return decide(read(asked), read(known))


def of_cancer(questions: dict[str, list[str]], cancer: str) -> dict[str, list[str]]:
    return {
        known.format(cancer=cancer): [way.format(cancer=cancer) for way in ways]
        for known, ways in questions.items()
    }


def share_served(questions: dict[str, list[str]]) -> float:
    pairs = [(asked, known) for known, ways in questions.items() for asked in ways]
    return sum(decided(*pair).same for pair in pairs) / len(pairs)


def test_there_are_many_voices() -> None:
    said = voices()
    assert sum(map(len, said["learned"].values())) >= 300
    assert sum(map(len, said["unseen"].values())) >= 300
    assert sum(map(len, said["ways"].values())) >= 600
    assert sum(len(list(combinations(group, 2))) for group in said["apart"]) >= 1_400


def test_most_voices_are_understood_without_an_embedder() -> None:
    said = voices()
    assert share_served(said["learned"]) >= 0.82
    assert share_served(said["unseen"]) >= 0.67
    assert share_served(said["ways of care"]) >= 0.92


@pytest.mark.parametrize(
    "cancer",
    ["bladder cancer", "melanoma", "CLL", "cancer of the esophagus", "stage 3 lung cancer"],
)
def test_most_ways_are_understood_of_any_cancer(cancer: str) -> None:
    assert share_served(of_cancer(voices()["ways"], cancer)) >= 0.88


def test_no_voice_is_served_what_another_question_asks() -> None:
    said = voices()
    for questions in (
        said["learned"] | said["unseen"],
        of_cancer(said["ways"], "bladder cancer"),
        said["ways of care"],
    ):
        served = [
            (way, other)
            for known, ways in questions.items()
            for way in ways
            for other in questions
            if other != known and settle(decided(way, other), 1.0).same
        ]
        assert served == []


def test_no_neighbours_are_served_for_each_other() -> None:
    served = [
        pair
        for group in voices()["apart"]
        for pair in permutations(group, 2)
        if settle(decided(*pair), 1.0).same
    ]
    assert served == []


def test_what_is_said_around_a_question_changes_nothing() -> None:
    questions = [*of_cancer(voices()["ways"], "bladder cancer")]
    unlike = [
        (around, known)
        for around in voices()["asides"]
        for known in questions
        if not decided(around.format(question=known), known).same
    ]
    assert unlike == []
