"""Two questions read side by side: held-out groups, both ways round, and what is never read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from navis_api.questions.sameness.decision import Sameness, decide, same_question
from navis_api.questions.sameness.left_to_reading import SURE_READING, VERY_SURE_READING
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.side_by_side.reader import SideBySide, side_by_side
from navis_api.side_by_side.reader import Model
from tests.questions.sample_catalogue import sample_catalogue

pairs = pytest.importorskip(
    "bench.side_by_side.pairs", reason="bench/ is not part of a source distribution"
)
NEVER_ENOUGH = float("-inf")
"""Of this, every reading is sure, and every pair is read both ways."""


class Counting:
    """A model that counts how often it is run."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.runs = 0

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]], /
    ) -> Sequence[NDArray[np.float32]]:
        self.runs += 1
        return self._model.run(output_names, input_feed)


def served(asked: str, known: str) -> bool:
    return same_question(asked, known, sample_catalogue()).same


def needed(asked: str, known: str) -> float | None:
    catalogue = sample_catalogue()
    read = [read_slots(text, None, catalogue) for text in (asked, known)]
    return decide(read[0], read[1]).sure_from


def is_left(asked: str, known: str) -> bool:
    return needed(asked, known) is not None


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (
            "what can be taken or done for nerve damage in hands + feet caused by chemo",
            "What helps with numbness and tingling in the hands and feet from chemotherapy?",
        ),
        (
            "must i disclose cancer to employer",
            "Am I legally required to tell my employer about my cancer diagnosis?",
        ),
    ],
)
def test_what_no_rule_knows_is_read(asked: str, known: str) -> None:
    decision = same_question(asked, known, sample_catalogue())
    assert decision.verdict is Sameness.SAME
    assert decision.reasons[-1].text.startswith("read side by side: ")


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("How is stage II breast cancer treated?", "How is stage III breast cancer treated?"),
        ("How is colon cancer treated?", "How is rectal cancer treated?"),
        ("What does pemetrexed do to you?", "What are the side effects of pembrolizumab?"),
        ("How is leukemia in children treated?", "How is leukemia treated?"),
        ("Does chemo make you lose weight?", "Does chemo cause weight gain?"),
        (
            "Treatment for HER2-negative breast cancer",
            "How is HER2-positive breast cancer treated?",
        ),
        ("What if I can't have chemo for lung cancer?", "Can I have chemo for lung cancer?"),
        ("Retinoblastoma in both eyes, what is done?", "How is retinoblastoma of one eye treated?"),
        ("My liver cancer is back after 3 years, what now?", "My liver cancer is back, what now?"),
        ("How many people get bladder cancer?", "What is the outlook for bladder cancer?"),
    ],
)
def test_what_makes_it_another_question_is_never_left_to_reading(asked: str, known: str) -> None:
    assert not is_left(asked, known)
    assert not served(asked, known)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (
            "I sleep nine hours since chemo began. Why does chemo make me so tired?",
            "Why does chemo make me so tired?",
        ),
        (
            "My brother never mows the lawn. Which foods should I eat on chemo?",
            "Which foods should I eat on chemo?",
        ),
        ("Which blood tests are used to diagnose liver cancer?", "How is liver cancer diagnosed?"),
    ],
)
def test_where_one_tells_what_the_other_leaves_open_reading_has_to_be_very_sure(
    asked: str, known: str
) -> None:
    assert needed(asked, known) == VERY_SURE_READING


@pytest.mark.parametrize(
    "asked",
    [
        "I can't have surgery. How is liver cancer treated?",
        "How is liver cancer treated after 3 years?",
        "I have 3 tumors. How is liver cancer treated?",
    ],
)
def test_a_number_or_a_denial_that_may_matter_stays(asked: str) -> None:
    assert not served(asked, "How is liver cancer treated?")


def test_what_nobody_has_met_is_never_left_to_reading() -> None:
    known = "What do doctors do against bladder cancer?"
    assert is_left("How do doctors use needles against bladder cancer?", known)
    assert not is_left("How do doctors use zorgons against bladder cancer?", known)


def test_a_pair_that_may_be_sure_is_as_sure_whichever_is_asked() -> None:
    one, other = "how bald will chemo leave me", "Does chemotherapy cause hair loss?"
    (there,) = side_by_side().scores(one, [other], enough=NEVER_ENOUGH)
    assert side_by_side().scores(other, ["What is a biopsy?", one], enough=NEVER_ENOUGH)[1] == there


def test_what_one_reading_is_not_sure_of_is_read_once() -> None:
    model = Counting(side_by_side().reader.model)
    reader = SideBySide(replace(side_by_side().reader, model=model))
    asked, known = "What is a biopsy?", ["Does chemotherapy cause hair loss?"]
    (score,) = reader.scores(asked, known, enough=SURE_READING)
    assert score < SURE_READING
    assert model.runs == 1


def test_nothing_to_compare_with_gets_no_scores() -> None:
    assert side_by_side().scores("What is a biopsy?", [], enough=SURE_READING) == []


def test_absurd_texts_are_read_too() -> None:
    texts = ["", "\0", "?" * 20_000, "x" * 20_000, "\ud800", "日本語", "\u200b"]
    scores = side_by_side().scores("What is a biopsy?", texts, enough=NEVER_ENOUGH)
    assert len(scores) == len(texts)


def test_of_strangers_groups_that_nothing_was_learned_of_many_are_served() -> None:
    held_out = pairs.groups(held_out=True)[::2]
    ways = [(group.same[0], way) for group in held_out for way in group.same[1:]]
    assert len(ways) >= 400
    assert sum(served(way, known) for known, way in ways) / len(ways) >= 0.25


def test_of_their_neighbours_hardly_any_is() -> None:
    held_out = pairs.groups(held_out=True)[::2]
    neighbours = [(group.same[0], near) for group in held_out for near in group.near]
    assert len(neighbours) >= 400
    wrong = [(known, near) for known, near in neighbours if served(near, known)]
    assert len(wrong) <= 3, wrong
