"""What is told of somebody on the way to a question, and what makes it another one."""

import pytest

from navis_api.questions.sameness.decision import Decision, decide
from navis_api.questions.sameness.left_to_reading import CERTAIN_READING
from navis_api.questions.sameness.reading import read_slots
from tests.questions.sample_catalogue import sample_catalogue

KNOWN = "Which foods should I eat on chemo?"


def decided(asked: str, known: str = KNOWN) -> Decision:
    catalogue = sample_catalogue()
    return decide(read_slots(asked, None, catalogue), read_slots(known, None, catalogue))


@pytest.mark.parametrize(
    "asked", ["I eat like a bird and I'm 46. Which foods should I eat on chemo? I'm a carer too."]
)
def test_a_grown_ups_age_is_left_to_a_certain_reading(asked: str) -> None:
    assert decided(asked).sure_from == CERTAIN_READING


@pytest.mark.parametrize(
    "asked",
    [
        "Which foods should children eat on chemo?",
        "Which foods should I eat on chemo while I'm pregnant?",
        "Which foods should the elderly eat on chemo?",
        "Which foods should I eat on chemo at 85?",
    ],
)
def test_who_is_treated_otherwise_is_not(asked: str) -> None:
    assert decided(asked).sure_from is None


def test_what_a_test_takes_is_not_what_the_test_is() -> None:
    known = "What is bone marrow in leukemia?"
    assert decided("What is a lumbar puncture in leukemia?", known).sure_from is None
