from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.subject import cancers_of_question


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
    )
)


def about(text: str) -> list[str]:
    return [found.slug for found in cancers_of_question(text, CATALOGUE)]


def test_a_question_is_about_the_most_specific_cancer_that_it_names() -> None:
    assert about("Is Hodgkin lymphoma a lymphoma?") == ["hodgkin-lymphoma"]


def test_kinds_of_one_cancer_are_that_cancer() -> None:
    assert about("Is Hodgkin lymphoma worse than follicular lymphoma?") == ["lymphoma"]


def test_cancers_with_nothing_in_common_stay_apart() -> None:
    assert about("Hodgkin lymphoma after breast cancer") == ["hodgkin-lymphoma", "breast-cancer"]


def test_a_question_that_names_none_is_about_none() -> None:
    assert about("What are my options?") == []
