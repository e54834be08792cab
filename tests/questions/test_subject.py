from uuid import UUID

import pytest

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.subject import cancers_meant, cancers_of_question
from tests.questions.sample_catalogue import sample_catalogue


def entry(number: int, name: str, parent: int | None = None) -> CatalogueEntry:
    return CatalogueEntry(
        id=UUID(int=number),
        slug=name.lower().replace(" ", "-"),
        name=name,
        clinical_name=None,
        aliases=(),
        abbreviations=(),
        body_site="somewhere",
        icd10_codes=(),
        summary="",
        parent_id=UUID(int=parent) if parent else None,
    )


CATALOGUE = Catalogue(
    (
        entry(1, "Lymphoma"),
        entry(2, "Hodgkin lymphoma", 1),
        entry(3, "Follicular lymphoma", 1),
        entry(4, "Breast cancer"),
        entry(5, "Pancreatic cancer"),
        entry(6, "Bile duct cancer"),
        entry(7, "Ovarian cancer"),
        entry(8, "Head and neck cancer"),
        entry(9, "Cancer of the lip", 8),
    )
)


def about(text: str) -> list[str]:
    return [found.slug for found in cancers_of_question(text, CATALOGUE)]


def meant(text: str) -> list[str]:
    return [found.slug for found in cancers_meant(text, CATALOGUE)]


def test_a_question_is_about_the_most_specific_cancer_that_it_names() -> None:
    assert about("Is Hodgkin lymphoma a lymphoma?") == ["hodgkin-lymphoma"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What causes carcinoma of the breast?", ["breast-cancer"]),
        ("Are there early signs of a malignancy of the pancreas?", ["pancreatic-cancer"]),
        ("survival in ovarian carcinoma", ["ovarian-cancer"]),
        ("how do i notice cancer in my balls", ["testicular-cancer"]),
        ("is a tumour of the urinary bladder from smoking", ["bladder-cancer"]),
        ("how does a malignant tumor of the salivary glands feel", ["salivary-gland-cancer"]),
        ("What helps with squamous cell carcinoma of the penis?", []),
    ],
)
def test_a_carcinoma_of_an_organ_is_its_cancer(text: str, named: list[str]) -> None:
    found = cancers_of_question(text, sample_catalogue())
    assert [each.slug for each in found] == named


def test_kinds_of_one_cancer_are_that_cancer() -> None:
    assert about("Is Hodgkin lymphoma worse than follicular lymphoma?") == ["lymphoma"]


def test_cancers_with_nothing_in_common_stay_apart() -> None:
    assert about("Hodgkin lymphoma after breast cancer") == ["hodgkin-lymphoma", "breast-cancer"]


def test_a_question_that_names_none_is_about_none() -> None:
    assert about("What are my options?") == []


def test_what_is_done_to_somebody_tells_the_cancer() -> None:
    assert about("Does a mammogram hurt?") == []
    assert meant("Does a mammogram hurt?") == ["breast-cancer"]
    assert meant("How long does it hurt after a lumpectomy?") == ["breast-cancer"]
    assert meant("I found a lump in my left breast, what now?") == ["breast-cancer"]
    assert meant("How will I look when both breasts have been removed?") == ["breast-cancer"]


def test_what_is_done_for_several_cancers_leaves_the_choice() -> None:
    assert meant("What should I get checked with a BRCA2 change?") == [
        "breast-cancer",
        "ovarian-cancer",
    ]
    assert meant("What happens in a Whipple operation?") == ["pancreatic-cancer"]


def test_a_cancer_that_is_named_counts_before_one_that_is_told() -> None:
    assert meant("Do I need mammograms after Hodgkin lymphoma?") == ["hodgkin-lymphoma"]


def test_a_cancer_that_the_catalogue_lacks_is_not_told() -> None:
    assert meant("What happens in a prostatectomy?") == []


def test_where_other_cancers_often_spread_to_tells_nothing() -> None:
    assert meant("They found a spot on my liver, and want a bone biopsy") == []


def test_the_place_behind_a_wider_name_is_what_is_meant() -> None:
    assert about("How is recurrent head and neck cancer of the lip treated?") == [
        "cancer-of-the-lip"
    ]
    assert about("Can head and neck cancer of the jaw come back?") == ["head-and-neck-cancer"]
    assert about("Is breast cancer in the lung treated as breast cancer?") == ["breast-cancer"]
