"""The glossary beside an answer: terms on first use, unless the text explains them itself."""

import json
from importlib.resources import files
from typing import Any

import pytest

from navis_api.answers.glossary import GlossaryEntry, glossary_of
from navis_api.answers.reading import reading_grade

_TERMS: list[dict[str, Any]] = json.loads(
    files("navis_api.answers").joinpath("glossary.json").read_text("utf-8")
)["terms"]


def terms(*claims: str) -> list[str]:
    return [entry.term for entry in glossary_of(claims)]


def test_a_term_is_explained_with_its_source() -> None:
    (entry,) = glossary_of(["Surgery may be followed by neutropenia."])
    assert entry == GlossaryEntry(
        "neutropenia",
        "Too few of the white blood cells that fight germs.",
        "Navis API glossary, in our own words",
    )


def test_terms_come_once_and_in_the_order_of_first_use() -> None:
    assert terms("A stent or a biopsy may help.", "A biopsy, then a stoma.") == [
        "stent",
        "biopsy",
        "stoma",
    ]


def test_the_longest_term_wins() -> None:
    assert terms("Doctors may offer stem cell transplants.") == ["stem cell transplant"]
    assert terms("They look at the sentinel lymph node.") == ["sentinel lymph node"]


@pytest.mark.parametrize(
    ("claim", "term"),
    [
        ("METASTASES were seen.", "metastasis"),
        ("The cancer is metastatic.", "metastasis"),
        ("Pembrolizumab is one of the monoclonal antibodies.", "monoclonal antibody"),
        ("Radical cystectomies are rare, a cystectomy isn't.", "cystectomy"),
        ("Two biopsies and CT scans.", "computed tomography"),
    ],
)
def test_other_forms_are_the_same_term(claim: str, term: str) -> None:
    assert term in terms(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "Doctors look for metastasis (spread to another part of the body).",
        "The cancer has come back (recurred), which is a recurrence (a return of the cancer).",
        "Lobectomy is surgery to take out a lobe of the lung.",
        "Treatment given after surgery is called adjuvant therapy.",
        "Biopsy: The removal of cells for a look under a microscope.",
        "A low number of red cells (anemia) can make people tired.",
        "MRI (magnetic resonance imaging) is a test with magnets.",
    ],
)
def test_what_the_text_explains_itself_is_not_explained_again(claim: str) -> None:
    assert terms(claim) == []


def test_an_explanation_further_on_counts_too() -> None:
    assert terms("A stent may help.", "A stent is a tube that keeps a passage open.") == []


def test_an_abbreviation_in_brackets_is_no_explanation() -> None:
    assert terms("People may have a complete blood count (CBC).") == ["complete blood count"]


def test_parts_of_other_words_are_no_terms() -> None:
    assert terms("A vegetarian stage-managed a backstage party in Larynxville.") == []
    assert terms("", "Talk with your doctor.") == []


def test_there_are_plenty_of_terms_and_each_form_belongs_to_one() -> None:
    forms = [form.lower() for term in _TERMS for form in (term["term"], *term.get("also", ()))]
    assert len(_TERMS) >= 150
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("term", _TERMS, ids=lambda term: term["term"])
def test_an_explanation_is_plain_whole_and_says_more_than_the_term(term: dict[str, Any]) -> None:
    explanation = term["explanation"]
    grade = reading_grade([explanation])
    assert grade is not None
    assert grade <= 8
    assert explanation.endswith(".")
    assert explanation[0].isupper()
    assert len(explanation.split()) <= 26
    assert "you should" not in explanation.lower()
    assert term["term"].lower() not in explanation.lower()
