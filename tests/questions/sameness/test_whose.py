"""Whose question it is and under which conditions, said in other words.

`whose.json` holds classes of wording, each with questions and other ways to ask them ("same"),
and with groups of neighbours of which no two are the same ("apart").
"""

import json
from itertools import combinations
from pathlib import Path
from typing import TypedDict

import pytest

from navis_api.questions.sameness.decision import Decision, same_question, settle
from navis_api.questions.subject import cancers_of_question
from tests.questions.sample_catalogue import sample_catalogue


class Wording(TypedDict):
    """A class: questions with other ways to ask them, and groups that stay apart."""

    same: dict[str, list[str]]
    apart: list[list[str]]


def whose() -> dict[str, Wording]:
    return json.loads((Path(__file__).parent / "whose.json").read_text(encoding="utf-8"))


def decided(asked: str, known: str, *, with_cancers: bool) -> Decision:
    catalogue = sample_catalogue()
    cancers = [
        named[0] if with_cancers and len(named) == 1 else None
        for named in (cancers_of_question(text, catalogue) for text in (asked, known))
    ]
    return same_question(asked, known, catalogue, asked_cancer=cancers[0], known_cancer=cancers[1])


@pytest.mark.parametrize("wording", whose())
def test_the_same_in_other_words_is_served(wording: str) -> None:
    missed = [
        (asked, known)
        for known, ways in whose()[wording]["same"].items()
        for asked in ways
        for with_cancers in (False, True)
        if not decided(asked, known, with_cancers=with_cancers).same
    ]
    assert missed == []


@pytest.mark.parametrize("wording", whose())
def test_no_neighbour_is_served(wording: str) -> None:
    served = [
        (asked, known)
        for group in whose()[wording]["apart"]
        for pair in combinations(group, 2)
        for asked, known in (pair, pair[::-1])
        for with_cancers in (False, True)
        if settle(decided(asked, known, with_cancers=with_cancers), 1.0).same
    ]
    assert served == []
