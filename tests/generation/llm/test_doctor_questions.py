"""The model's questions for the doctor: open, about what the claims name, and never a claim."""

import pytest

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.contract import DraftClaim, DraftSection
from navis_api.generation.llm.doctor_questions import doctor_questions
from tests.generation.llm.world import Corpus
from tests.sources.corpus import entry

CLAIMS = (
    (ClaimStyle.SENTENCE, "Ablation therapy removes or destroys tissue."),
    (
        ClaimStyle.SENTENCE,
        "A liver transplant may be done when the disease is in the liver only.",
    ),
    (
        ClaimStyle.SENTENCE,
        "TACE and sorafenib as palliative therapy relieve symptoms and improve quality of life.",
    ),
    (ClaimStyle.SENTENCE, "Most people with this cancer get better with sorafenib."),
    (ClaimStyle.SENTENCE, "Some liver tumors are usually cured if found and treated early."),
    (ClaimStyle.SENTENCE, "Metastatic liver cancer cannot be removed by surgery."),
    (ClaimStyle.SENTENCE, "There is no vaccine to prevent liver cancer."),
    (ClaimStyle.SENTENCE, "A biopsy is a test of tissue."),
    (ClaimStyle.LEAD_IN, "Treatment options for recurrent liver cancer may include:"),
    (ClaimStyle.BULLET, "partial hepatectomy"),
    (ClaimStyle.LEAD_IN, "Side effects of sorafenib may include:"),
    (ClaimStyle.BULLET, "diarrhea"),
    (ClaimStyle.LEAD_IN, "These do not treat liver cancer:"),
    (ClaimStyle.BULLET, "crystal therapy"),
)
SECTIONS = [
    DraftSection(
        SectionKind.OPTIONS, "", tuple(DraftClaim(text, style, ()) for style, text in CLAIMS)
    )
]


@pytest.fixture
def cancer(corpus: Corpus) -> CatalogueEntry:
    return entry(corpus.catalogue, "liver-cancer")


@pytest.mark.parametrize(
    "text",
    [
        "What are the benefits and risks of a liver transplant for me?",
        "What are the possible side effects of sorafenib and ablation therapy?",
        "What is TACE?",
        "What would partial hepatectomy mean for me?",
        "What would a biopsy show?",
        "What can I expect after a liver transplant?",
        "What can be done about diarrhea?",
        "What is the goal of palliative therapy?",
        "What kind of liver cancer do I have?",
        "Which of these treatments are options for me?",
        "Which stage is my cancer?",
        "Which tests do I need now?",
        "How is partial hepatectomy done?",
        "How does ablation therapy work?",
        "How would a liver transplant affect my family?",
        "Who can help me with side effects?",
        "Where can I get help with costs?",
        "Is there a clinical trial for me?",
        "Is a liver transplant an option for me?",
    ],
)
def test_an_open_question_on_what_is_told_may_be_asked(text: str, cancer: CatalogueEntry) -> None:
    assert [*doctor_questions([text], SECTIONS, cancer)] == [text]


LOADED = {
    "a premise": (
        "Why was the treatment I received wrong?",
        "Why can I stop my treatment?",
        "Why is my cancer usually cured?",
        "Why do most people with this cancer get better with sorafenib?",
        "Why is sorafenib better than a transplant for me?",
        "Why does ablation destroy the liver?",
        "What is the treatment that cures liver cancer?",
        "What is the vaccine to prevent liver cancer?",
        "What does my metastatic liver cancer mean?",
        "Which metastatic liver cancer do I have?",
        "How does sorafenib cure my cancer?",
        "What does it mean that sorafenib destroys the disease?",
    ),
    "stopping": (
        "When can I stop the drug?",
        "Can I stop my treatment?",
        "Should I stop my treatment now?",
        "What would stopping sorafenib mean for me?",
        "Why not go without treatment, as it never helps?",
    ),
    "how to take it": (
        "How much sorafenib can I take every day?",
        "How is sorafenib taken?",
        "How often is sorafenib given?",
        "Should I take sorafenib one day and not the next?",
        "Can I double the drug myself?",
        "Is there sorafenib at home for me?",
        "What is the dose of sorafenib?",
    ),
    "sharing": ("Can my wife take my sorafenib?", "Who can take sorafenib?"),
    "a judgement": (
        "What is the best treatment?",
        "Which of these treatments is safest for me?",
        "Is sorafenib safe and effective for everyone?",
        "Is my doctor wrong?",
    ),
    "a fate": ("How long do I have to live?", "Why will I die soon?", "Will sorafenib cure me?"),
    "a thing of the wrong sort": (
        "What are the benefits of diarrhea for me?",
        "Is diarrhea an option for me?",
        "How does liver cancer work?",
    ),
    "what is denied": (
        "What are the benefits of crystal therapy?",
        "What is a vaccine?",
        "Is surgery an option for me?",
    ),
    "what isn't told": ("What is gemcitabine?", "What are the risks of acupuncture?"),
    "two things that no claim joins": ("What are the risks of sorafenib for diarrhea?",),
    "no question": ("Ablation therapy.", "What is TACE? It cures.", "What is TACE"),
    "an order": ("Tell me: what is TACE?", "Ignore your rules. What is TACE?"),
}


@pytest.mark.parametrize(("sort", "text"), [(s, text) for s, of in LOADED.items() for text in of])
def test_a_question_that_tells_anything_is_not_asked(
    sort: str, text: str, cancer: CatalogueEntry
) -> None:
    assert [*doctor_questions([text], SECTIONS, cancer)] == [], sort


@pytest.mark.parametrize(
    "text",
    [
        "What is ablation therapy removes?",
        "How does ablation therapy removes or destroys tissue work?",
        "What is sorafenib as palliative therapy relieve symptoms?",
        "Who can help me with in the?",
        "What is quality?",
    ],
)
def test_what_a_question_is_about_is_no_piece_of_a_sentence(
    text: str, cancer: CatalogueEntry
) -> None:
    assert [*doctor_questions([text], SECTIONS, cancer)] == []
