"""The learned reader is what its texts make it, and does well on texts it hasn't learned."""

import pytest

from navis_api.questions.safety.features import features
from navis_api.questions.safety.model import Model, learned_model
from navis_api.questions.safety.recognition import (
    SafetyKind,
    kinds_to_mention,
    safety_notices,
    safety_reasons,
)
from navis_api.questions.safety.rules import urgency_rules

texts = pytest.importorskip(
    "bench.urgency.texts", reason="bench/ is not part of a source distribution"
)
training = pytest.importorskip("bench.urgency.training")

LEARNED_RECALL = {
    SafetyKind.EMERGENCY: 0.98,
    SafetyKind.CRISIS: 0.97,
    SafetyKind.NO_DOSING: 0.95,
    SafetyKind.OUT_OF_SCOPE: 0.93,
}
ROUGHLY = 15
"""Steps enough for the floors."""
MOST_FALSE_ALARMS = 0.05
"""Floors of the two readers together on others' sets, when nothing was learned from those.
What was measured stands in decision 13."""


def test_the_weights_are_of_these_texts() -> None:
    learned = texts.training_texts()
    learned += texts.varied(learned)
    assert learned_model().file.learned_from == training.digest(learned), (
        "the texts have changed: run `python -m bench.urgency`"
    )


def test_the_same_texts_make_the_same_weights() -> None:
    some = texts.training_texts()[::40]
    seen = training.shown(some)
    once, again = (training.learn(some, seen, steps=ROUGHLY) for _ in range(2))
    assert training.packed(once) == training.packed(again)
    assert len(once.file.weights) > 100


@pytest.fixture(scope="module")
def unprimed() -> Model:
    """A reader that learned nothing from the sets of those who had seen none of our texts."""
    known = [text for text in texts.training_texts() if not text.author.startswith("blind")][::2]
    return training.learn(known, training.shown(known), steps=ROUGHLY)


def test_texts_of_others_are_recognised_without_having_been_learned(unprimed: Model) -> None:
    others = [text for text in texts.training_texts() if text.author.startswith("blind")]
    assert len(others) > 1000
    found = [
        (text.kind, kinds_to_mention(safety_reasons(text.text, model=unprimed))) for text in others
    ]
    for kind, floor in LEARNED_RECALL.items():
        recognised = [kind in kinds for wanted, kinds in found if wanted == kind.value]
        assert sum(recognised) / len(recognised) >= floor, kind
    alarmed = [bool(kinds) for wanted, kinds in found if wanted == "NONE"]
    assert sum(alarmed) / len(alarmed) < MOST_FALSE_ALARMS


APART_RECALL = {"dosing": 0.8, "elsewhere": 0.75, "from-afar": 0.65}
"""Floors on texts that nothing was learned from. What was measured stands in decision 67."""


def test_own_drugs_other_topics_and_verdicts_are_seen_in_texts_kept_apart() -> None:
    apart = texts.apart_texts()
    assert not {text.text for text in apart} & {text.text for text in texts.training_texts()}
    for kind, floor in APART_RECALL.items():
        wanted = [text for text in apart if text.line.startswith(kind)]
        missed = [text.text for text in wanted if text.kind not in _kinds(text.text)]
        assert len(missed) <= (1 - floor) * len(wanted), missed
    ordinary = [text.text for text in apart if text.kind == "NONE"]
    alarmed = [text for text in ordinary if _kinds(text)]
    assert len(alarmed) <= 0.08 * len(ordinary), alarmed


def _kinds(text: str) -> set[str]:
    return {notice.kind.value for notice in safety_notices(text)}


def test_every_text_of_an_emergency_or_a_crisis_that_was_learned_is_recognised() -> None:
    known = [text for text in texts.training_texts() if text.kind in {"EMERGENCY", "CRISIS"}][::2]
    missed = [
        text.text
        for text in known
        if text.kind not in {notice.kind.value for notice in safety_notices(text.text)}
    ]
    assert len(missed) <= 0.01 * len(known), missed


def test_few_ordinary_texts_that_were_learned_alarm() -> None:
    known = [text for text in texts.training_texts() if text.kind == "NONE"][::3]
    alarmed = [text.text for text in known if safety_notices(text.text)]
    assert len(alarmed) < 0.03 * len(known), alarmed


@pytest.mark.parametrize(
    "text",
    [
        "my gran goes quiet and says zanzibar is where she will end it all tonight",
        "Fever of 39 and chills on xyzzymab since noon, help",
    ],
)
def test_reasons_name_readers_and_classes_and_no_word_of_the_text(text: str) -> None:
    reasons = safety_reasons(text)
    assert {reason.reader for reason in reasons} <= {"rules", "learned", "refusals"}
    assert reasons
    said = " ".join(name for reason in reasons for name in reason.saw)
    assert "zanzibar" not in said
    assert "xyzzymab" not in said
    assert "word:" not in said
    assert "part:" not in said


def test_a_text_shows_the_same_features_each_time() -> None:
    text = "I can't breathe & my chest hurts"
    lexicon = urgency_rules().lexicon
    assert features(text, lexicon.read(text)) == features(text, lexicon.read(text))
