"""Who asks to judge a doctor or a clinic, and who asks what a doctor does."""

import pytest

from navis_api.vocabulary.judged import judges_somebody


@pytest.mark.parametrize(
    "text",
    [
        "Is my surgeon any good?",
        "Is he a good oncologist?",
        "Can I trust Dr. Miller? He wants to operate",
        "Is St Anne's hospital good for lung cancer?",
        "Does my consultant know what she's doing?",
        "What do you think of our new clinic?",
    ],
)
def test_who_asks_to_judge_somebody(text: str) -> None:
    assert judges_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is surgery a good choice?",
        "My doctor is good. What is the next step?",
        "Can I trust the result of a biopsy?",
        "Is it good to see a specialist for sarcoma?",
        "What does a radiologist do?",
    ],
)
def test_what_is_no_judgement(text: str) -> None:
    assert not judges_somebody(text)
