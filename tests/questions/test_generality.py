import pytest

from navis_api.questions.generality.reader import is_of_anybody, weights

texts = pytest.importorskip(
    "bench.generality.texts", reason="bench/ is not part of a source distribution"
)
training = pytest.importorskip("bench.generality.training")


def test_the_weights_are_of_these_questions() -> None:
    assert weights().learned_from == training.digest(texts.to_learn()), (
        "the questions have changed: run `python -m bench.generality`"
    )


def test_of_a_stranger_nearly_all_are_seen_and_asked_back_for() -> None:
    apart = [each for each in texts.asked() if each.author == texts.APART]
    for wanted, floor in ((True, 0.93), (False, 0.93)):
        told = [is_of_anybody(each.text) for each in apart if each.of_anybody is wanted]
        assert len(told) >= 90
        assert sum(each is wanted for each in told) / len(told) >= floor


@pytest.mark.parametrize(
    "text",
    [
        "How do I tell my children that I have cancer?",
        "How do I tell my 9 year old and my teenager that I've got cancer?",
        "Should I tell my employer I have cancer?",
        "everything tastes of metal since chemo started, tips for eating?",
        "Going back to work after treatment - what do I say to my boss?",
        "I can't sleep since my diagnosis, what helps?",
        "Is there anything to cannabis for nausea from chemotherapy?",
        "How long does fatigue last after radiation therapy?",
        "What can be done about hot flashes from hormone therapy?",
        "What is pembrolizumab?",
        "folfirinox what drugs are in it",
        "What is immunotherapy?",
        "How does radiation therapy work?",
        "What does metastatic mean?",
        "Should he bank sperm before chemo?",
        "How can I support my wife during chemo?",
        "what is a pet scan",
        "What is a sentinel lymph node biopsy and what are its risks?",
        "What is a bone scan?",
        "What is a lumbar puncture and why is it done?",
        "What happens during a CT scan?",
        "What is a clinical trial?",
        "What does staging mean?",
        "What is palliative care?",
        "Can I drink beer during chemotherapy?",
        "Is it safe to fly while having radiotherapy?",
        "Will docetaxel make me bald and how can I prevent it?",
        "What is tumor lysis syndrome?",
        "What is graft versus host disease?",
        "Is my oncologist any good?",
        "Can stress cause cancer?",
        "What helps against pain?",
        "Who pays for the tests in a clinical trial?",
        "how do people pay for cancer treatment without insurance",
        "What is the difference between stage and grade?",
        "What does it mean that the margins are positive?",
        "How does cancer spread?",
        "My gene test says variant of uncertain significance. What is that?",
        "friends stopped calling since i got sick",
    ],
)
def test_what_anybody_may_ask_needs_no_cancer(text: str) -> None:
    assert is_of_anybody(text)


@pytest.mark.parametrize(
    "text",
    [
        "What are my options at stage 3?",
        "Is it curable?",
        "How long do people usually have with this?",
        "What is the best chemo?",
        "Should I have chemo or radiation?",
        "Will she need chemotherapy as well?",
        "Which targeted drugs are approved for my type?",
        "It came back after two years. What chemo do they use second time round?",
        "Are my daughters going to inherit this from me?",
        "What could have caused my cancer?",
        "What are the chances that it comes back after surgery?",
        "Is there a screening test that I should have at 44?",
        "biopsy came back grade 3, what will they do",
        "What are the stages?",
        "What happens during a biopsy of the liver?",
        "What does my CT scan show?",
        "How long until I die if I stop chemo because of nausea?",
        "How long do I have before the cancer kills me? I have nausea.",
        "What medicines treat my tumor? I have fatigue from chemo.",
        "What kind of cancer do I have if my lymph nodes hurt?",
        "My radioactive implant fell out, is my cancer back?",
        "Can it come back while on chemo?",
        "What is my stage?",
    ],
)
def test_what_depends_on_the_cancer_needs_it(text: str) -> None:
    assert not is_of_anybody(text)


@pytest.mark.parametrize("text", ["My back hurts", "I keep getting headaches, what is it?"])
def test_what_says_nothing_of_cancer_is_not_taken_for_it(text: str) -> None:
    assert not is_of_anybody(text)


def test_who_asks_for_the_dying_is_not_asked_which_cancer_it_is() -> None:
    assert is_of_anybody("My sister is dying of cancer and can't swallow. What can we do?")
    assert is_of_anybody("Dad is on hospice and has stopped drinking")
    assert not is_of_anybody("My sister has cancer. What can we do?")
