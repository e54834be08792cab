"""The learned reader is what its texts make it, and does well on texts it hasn't learned."""

import pytest

from navis_api.questions.urgency import SafetyKind, safety_notices, safety_reasons
from navis_api.questions.urgency_features import features
from navis_api.questions.urgency_model import Model, learned_model
from navis_api.questions.urgency_rules import urgency_rules

texts = pytest.importorskip(
    "bench.urgency.texts", reason="bench/ is not part of a source distribution"
)
training = pytest.importorskip("bench.urgency.training")

LEARNED_RECALL = {
    SafetyKind.EMERGENCY: 0.95,
    SafetyKind.CRISIS: 0.88,
    SafetyKind.NO_DOSING: 0.88,
    SafetyKind.OUT_OF_SCOPE: 0.85,
}
"""Floors of the two readers together on others' sets, when nothing was learned from those.
What was measured stands in decision 13."""


def test_the_weights_are_of_these_texts() -> None:
    learned = texts.training_texts()
    learned += texts.mistyped(learned)
    assert learned_model().file.learned_from == training.digest(learned), (
        "the texts have changed: run `python -m bench.urgency`"
    )


def test_the_same_texts_make_the_same_weights() -> None:
    some = texts.training_texts()[::40]
    seen = training.shown(some)
    once, again = training.learn(some, seen), training.learn(some, seen)
    assert training.packed(once) == training.packed(again)
    assert len(once.file.weights) > 100


@pytest.fixture(scope="module")
def unprimed() -> Model:
    """A reader that learned from our own texts only."""
    own = [text for text in texts.training_texts() if not text.group.startswith("blind")]
    return training.learn(own, training.shown(own))


@pytest.fixture
def read_by(unprimed: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("navis_api.questions.urgency.learned_model", lambda: unprimed)


@pytest.mark.usefixtures("read_by")
def test_texts_of_others_are_recognised_without_having_been_learned() -> None:
    others = [text for text in texts.training_texts() if text.group.startswith("blind")]
    assert len(others) > 600
    for kind, floor in LEARNED_RECALL.items():
        wanted = [text for text in others if text.kind == kind.value]
        found = [text for text in wanted if kind in {n.kind for n in safety_notices(text.text)}]
        assert len(found) / len(wanted) >= floor, kind
    ordinary = [text for text in others if text.kind == "NONE"]
    alarmed = [text for text in ordinary if safety_notices(text.text)]
    assert len(alarmed) / len(ordinary) < 0.08


def test_every_text_of_an_emergency_or_a_crisis_that_was_learned_is_recognised() -> None:
    known = [text for text in texts.training_texts() if text.kind in {"EMERGENCY", "CRISIS"}]
    missed = [
        text.text
        for text in known
        if text.kind not in {notice.kind.value for notice in safety_notices(text.text)}
    ]
    assert len(missed) <= 0.01 * len(known), missed


def test_few_ordinary_texts_that_were_learned_alarm() -> None:
    known = [text for text in texts.training_texts() if text.kind == "NONE"]
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
