"""What is said around a question is left out, and nothing that may matter is."""

import pytest

from navis_api.questions.sameness.asides import without_asides


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Sorry if this is a silly question but how is it treated", "how is it treated"),
        ("I'm really scared. Can it be cured?", "Can it be cured?"),
        ("My doctor didn't explain this. What is CLL?", "What is CLL?"),
        ("What is CLL? Thank you so much", "What is CLL?"),
        ("please can you tell me is it hereditary", "is it hereditary"),
        ("OK so what causes it", "what causes it"),
        ("can I ask, is chemo painful", "is chemo painful"),
    ],
)
def test_an_aside_is_left_out(said: str, left: str) -> None:
    assert without_asides(said) == left


@pytest.mark.parametrize(
    "said",
    [
        # Symptoms, facts and denials stand in a clause of their own as well.
        "I keep being sick. How is it treated?",
        "I'm pregnant. How is it treated?",
        "My doctor said I can't have surgery. How is it treated?",
        "Not small cell. How is it treated?",
        "I don't want chemo. How is it treated?",
        # What is asked, or what is to be explained, is no aside.
        "nausea from chemo, what helps",
        "HER2 positive, please explain",
        "I know about stage 2. Can it come back?",
        "can I do yoga during chemo",
        "",
        "?",
        "thanks",
    ],
)
def test_what_may_matter_stays(said: str) -> None:
    assert without_asides(said) == said


@pytest.mark.parametrize(
    "text",
    ["please " * 200, "can you tell me " * 60, "thanks. " * 120, "- - - -", ":;,.", "so so so"],
)
def test_no_text_fails(text: str) -> None:
    assert isinstance(without_asides(text), str)
