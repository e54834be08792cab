"""Combinations of drugs are told by the page that goes by their name, and never without a drug."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.extractive.regimens import asks_what_is_in_it, is_on_another_regimen
from navis_api.generation.extractive.regimens import regimens_named as named
from navis_api.generation.wording import is_unfit
from navis_api.sources.documents import SourceDocument
from tests.generation.answered import answered, headings, texts
from tests.sources.corpus import document

_FOX = [
    "FOL = Leucovorin Calcium (Folinic Acid)",
    "F = Fluorouracil",
    "OX = Oxaliplatin",
]


def page(title: str, members: list[str], slug: str) -> SourceDocument:
    listed = "\n".join(f"- {member}" for member in members)
    return document(
        slug,
        title,
        f"""
This combination contains chemotherapy drugs with very long names.

Drugs in the {title} combination:

{listed}

## Use in Cancer

{title} is used to treat:

- Cancer that sits in a chair.
""",
    )


async def test_a_combination_is_told_by_its_own_page(database: Database) -> None:
    pages = [
        page("FOLFOX", _FOX, "folfox"),
        page("FOLFIRINOX", [*_FOX[:2], "IRIN = Irinotecan Hydrochloride", _FOX[2]], "folfirinox"),
    ]

    pieces = await answered(database, "What is FOLFOX for liver cancer?", "liver-cancer", pages)

    said = texts(pieces)
    assert headings(pieces) == ["What FOLFOX is"]
    assert said[0] == "This combination contains chemotherapy drugs with very long names."
    assert [each for each in said if " = " in each] == _FOX
    assert "Drugs in the FOLFIRINOX combination:" not in said


async def test_no_list_is_told_of_which_a_drug_is_left_out(database: Database) -> None:
    unfit = "OX = Oxaliplatin 85 mg/m2"
    pages = [page("FOLFOX", [*_FOX[:2], unfit], "folfox")]

    said = texts(await answered(database, "What is FOLFOX?", None, pages))

    assert not [each for each in said if " = " in each]


def test_a_drug_by_its_letter_is_no_figure_of_a_study() -> None:
    assert not is_unfit("P = Prednisone")
    assert is_unfit("It was longer by far (P = .03).")
    assert is_unfit("The risk was the same (HR = 0.98).")


@pytest.mark.parametrize(
    "question",
    [
        "What is R-CHOP?",
        "lymphoma R-CHOP what is it",
        "They want to give me FOLFOX. What's that?",
        "which drugs does it have? what drugs are in BEP",
        "What does CMF mean in breast cancer",
    ],
)
def test_who_asks_what_is_in_it(question: str) -> None:
    assert asks_what_is_in_it(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the chance of a cure with R-CHOP?",
        "How often is FOLFOX given?",
        "What is liver cancer?",
    ],
)
def test_who_asks_something_else(question: str) -> None:
    assert not asks_what_is_in_it(question)


def test_a_page_on_another_combination_is_known_by_its_title() -> None:
    asked = named("R-CHOP")

    assert is_on_another_regimen("CHOP", asked)
    assert not is_on_another_regimen("R-CHOP", asked)
    assert not is_on_another_regimen("Liver Cancer Treatment", asked)
