"""Questions to the doctor are put in the voice of who asks, and fit what was told."""

import json
import re
from importlib.resources import files

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.extractive.asked_for_others import in_their_voice, whose
from navis_api.generation.extractive.closing import closing
from navis_api.generation.extractive.reading import read_question
from tests.sources.corpus import entry

_QUESTIONS: dict[str, list[str]] = json.loads(
    files("navis_api.generation.extractive").joinpath("closing.json").read_text("utf-8")
)["doctor_questions"]


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("What treatment will my mother get? She has liver cancer.", "she"),
        ("Dad's liver cancer can't be operated on. What else is there?", "he"),
        ("husband stage 4 lung cancer, what drugs are there", "he"),
        ("my 4 year old has leukemia", "they"),
        ("pancreatic cancer what can he eat", "he"),
        ("My partner was told it is lymphoma", "they"),
        ("My mother had breast cancer. What are my chances?", ""),
        ("My father had colon cancer. Should I be screened?", ""),
        ("How do I tell my children I have cancer?", ""),
        ("Can I give it to my wife?", ""),
        ("The surgeon says he takes out the whole kidney. Is that usual?", ""),
        ("My liver cancer came back - what are my options now", ""),
        ("What are the signs of liver cancer?", ""),
    ],
)
def test_whose_cancer_it_is(text: str, pronoun: str) -> None:
    assert whose(text) == pronoun


def test_parents_ask_of_a_cancer_that_only_children_have() -> None:
    assert whose("stage II Wilms tumor treatment", is_childrens=True) == "they"
    assert not whose("My neuroblastoma was treated twenty years ago", is_childrens=True)
    assert not whose("I had a Wilms tumor as a baby", is_childrens=True)


@pytest.mark.parametrize(
    ("question", "theirs"),
    [
        ("Which tests do I need?", "Which tests does she need?"),
        ("Am I fit, and where would I have it?", "Is she fit, and where would she have it?"),
        ("Which signs should make me call you?", "Which signs should make me call you?"),
        ("Who do I call if I have a symptom?", "Who do I call if she has a symptom?"),
        ("How can we care for both me and my baby?", "How can we care for both her and her baby?"),
        ("Who will help my child?", "Who will help my child?"),
    ],
)  # fmt: skip
def test_a_question_in_the_voice_of_a_relative(question: str, theirs: str) -> None:
    assert in_their_voice(question, "she") == theirs


@pytest.mark.parametrize("text", [text for texts in _QUESTIONS.values() for text in texts])
def test_no_question_for_somebody_else_is_malformed(text: str) -> None:
    for_him, for_them = in_their_voice(text, "he"), in_their_voice(text, "they")

    assert not re.search(
        r"\bhe (?:have|do|am|need|feel)\b(?!\w)",
        re.sub(
            r"\b(?:does|did|can|will|would|should|may) he \w+", "", for_him, flags=re.IGNORECASE
        ),
    )
    assert not re.search(r"\bthey (?:has|does|is|am|\w+s)\b", for_them)
    assert in_their_voice(text, "") == text


def asked_of_doctors(text: str, catalogue: Catalogue, slug: str = "liver-cancer") -> str:
    return " ".join(
        closing(read_question(text, entry(catalogue, slug), catalogue), ()).doctor_questions
    )


def test_who_stopped_smoking_needs_no_help_with_it(catalogue: Catalogue) -> None:
    told = "Could my liver cancer come from smoking? I stopped smoking ten years ago."

    assert "smoked in the past" in asked_of_doctors(told, catalogue)
    assert "stop smoking" not in asked_of_doctors(told, catalogue)
    still = asked_of_doctors("Does smoking cause liver cancer?", catalogue)
    assert "stop smoking" in still


def test_a_gene_of_somebody_without_a_tumor_is_not_tested_in_one(catalogue: Catalogue) -> None:
    told = "I carry a BRCA1 mutation. Should I have my ovaries removed to lower my risk?"

    assert "tumor" not in asked_of_doctors(told, catalogue, "ovarian-cancer")


def test_nobody_is_asked_for_a_second_opinion_on_telling_children(catalogue: Catalogue) -> None:
    told = asked_of_doctors("How do I tell my children that I have liver cancer?", catalogue)

    assert "second opinion" not in told
