"""Who is dying stops drinking; whoever may be in despair is heard all the same."""

import pytest

from navis_api.questions.safety.notices import SafetyKind
from navis_api.questions.safety.recognition import safety_notices


def kinds(text: str) -> set[SafetyKind]:
    return {notice.kind for notice in safety_notices(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Near the end. He doesn't want to drink any more",
        "My mum is dying and she doesn't want to eat anymore, what can we do?",
        "My dad is in hospice. Dad doesn't want to eat or drink any more. Should we worry?",
    ],
)
def test_no_longer_drinking_near_the_end_is_no_wish_to_die(text: str) -> None:
    assert SafetyKind.CRISIS not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "He doesn't want to drink any more",
        "Near the end. He doesn't want to live any more",
        "Near the end. He doesn't want to drink any more and wants to kill himself",
        "Near the end. He doesn't want to drink any more or live",
        "She is dying. She doesn't want to eat any more, she wants to die",
        "I'm near the end and I don't want to drink any more",
        "He is dying. He doesn't want to drink, I want to die too",
    ],
)
def test_whatever_else_is_told_counts(text: str) -> None:
    assert SafetyKind.CRISIS in kinds(text)
