"""What says nothing, or goes without saying, costs no answer; what turns a question still does."""

import pytest

from navis_api.questions.sameness.decision import Sameness, same_question
from navis_api.questions.sameness.learned.model import usual_questions
from navis_api.questions.sameness.phrasing import phrasing
from tests.questions.sample_catalogue import sample_catalogue

TURNING = (
    "not no never without before after during until while stop start more less most only again "
    "early late long first second other new than better worse how what why when where who should "
    "can must safe always often adult child men women guy human simple radical basic term high low"
)


def serves(asked: str, known: str) -> bool:
    return same_question(asked, known, sample_catalogue()).same


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("The degree of accuracy of a bone scan", "How accurate is a bone scan?"),
        (
            "I would like to read about the speed at which bladder cancer grows.",
            "How fast does bladder cancer grow?",
        ),
        (
            "Please tell me about the permanence of the colostomy after surgery.",
            "Is the colostomy after surgery permanent?",
        ),
        ("I need a simple explanation of melanoma as a condition.", "What is melanoma?"),
        ("How would you describe brachytherapy to a patient?", "What is brachytherapy?"),
        (
            "Lumpectomy versus mastectomy: in what way are they different?",
            "What is the difference between a lumpectomy and a mastectomy?",
        ),
        (
            "Consequences of leaving bladder cancer untreated",
            "What happens if bladder cancer is not treated?",
        ),
        ("By what sort of doctor is melanoma treated?", "What kind of doctor treats melanoma?"),
        ("Could you walk me through the steps of a biopsy?", "How is a biopsy done?"),
        (
            "Is it safe to fly for people having chemotherapy?",
            "Is it safe to fly during chemotherapy?",
        ),
        ("Can chemotherapy patients fly?", "Can people fly during chemotherapy?"),
        (
            "How is melanoma treated when it has reached the brain?",
            "How is melanoma treated that has spread to the brain?",
        ),
        (
            "How likely is melanoma to come back after treatment?",
            "How likely is melanoma to come back?",
        ),
        ("Be straight with me, does a biopsy hurt?", "Does a biopsy hurt?"),
        (
            "How does this immunotherapy stuff fight melanoma?",
            "How does immunotherapy work in melanoma?",
        ),
        ("Which early warning signs does melanoma cause?", "What are the early signs of melanoma?"),
        (
            "How many days do patients stay in hospital following a colectomy?",
            "How long will I be in hospital for a colectomy?",
        ),
    ],
)
def test_other_words_for_the_same_are_served(asked: str, known: str) -> None:
    assert serves(asked, known)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("How do I explain cancer to my child?", "What is cancer?"),
        ("How would you explain melanoma to a child?", "What is melanoma?"),
        ("How can the weight loss be explained?", "What is weight loss?"),
        ("How can I care for someone on chemo?", "How can I care for myself during chemo?"),
        ("What can I do for people on chemo?", "What can I do during chemo?"),
        ("How can I cook for people having chemo?", "How can I cook during chemo?"),
        ("How long does a chemo session take?", "How long does chemo take?"),
        ("How long does each chemo treatment last?", "How long does chemotherapy last?"),
        ("The reasons that people refuse chemo", "Why is chemo given?"),
        ("The reason melanoma comes back", "Why does melanoma occur?"),
        ("The permanence of a stoma", "Can a stoma be reversed?"),
        ("The need for chemotherapy in melanoma", "Is chemotherapy safe in melanoma?"),
        ("A fault in the BRCA1 gene: what is it?", "A fault in the BRCA2 gene: what is it?"),
        (
            "How is prostate cancer classed as high-risk treated?",
            "How is prostate cancer classed as low-risk treated?",
        ),
        (
            "Options when breast cancer has reached the brain",
            "Options when breast cancer has reached the liver",
        ),
        (
            "How likely is melanoma to come back after treatment?",
            "How likely is melanoma to come back after surgery?",
        ),
        (
            "How likely is melanoma to come back after treatment?",
            "How likely is melanoma to come back without treatment?",
        ),
        (
            "How is melanoma treated when it comes back after treatment?",
            "How likely is melanoma to come back after treatment?",
        ),
        ("What should I do before a colonoscopy?", "What do they do before a colonoscopy?"),
        ("Clinical trials for melanoma", "How do I find a clinical trial for melanoma?"),
        ("How do I get a second opinion?", "Why would I get a second opinion?"),
        ("When is it safe to drive after surgery?", "Is it safe to drive after surgery?"),
        ("Which early warning signs does melanoma cause?", "What causes melanoma?"),
        ("Can guys get breast cancer?", "Can folks get breast cancer?"),
        ("Ought I to have chemo?", "Can I have chemo?"),
        (
            "Implications of testing positive for BRCA1",
            "Implications of testing negative for BRCA1",
        ),
        ("Can I delay tamoxifen?", "Can I put tamoxifen?"),
    ],
)
def test_what_asks_for_something_else_is_not_served(first: str, second: str) -> None:
    assert not serves(first, second)
    assert not serves(second, first)


def test_an_idle_word_is_left_out_only_where_slots_say_what_is_asked() -> None:
    served = same_question(
        "How does the stuff in chemo work?", "How does chemo work?", sample_catalogue()
    )
    doubted = same_question("Should I put tamoxifen?", "Should I tamoxifen?", sample_catalogue())
    assert served.same
    assert doubted.verdict is not Sameness.SAME


def test_no_word_that_turns_a_question_is_idle() -> None:
    assert phrasing().idle.isdisjoint(TURNING.split())


def test_what_is_implied_is_not_what_is_asked() -> None:
    """Else a usual question would be any of those that its implied topics ask."""
    for kind, question in usual_questions().items():
        assert question.implied.isdisjoint({"causes", "survival", "cost"}), kind
