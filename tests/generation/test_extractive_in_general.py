"""Questions that name no cancer: what pages on one effect or remedy say isn't said in general."""

from dataclasses import replace

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention
from navis_api.sources.documents import SourceDocument
from tests.generation.answered import answered, texts
from tests.sources.corpus import document

DIARRHEA = document(
    "diarrhea",
    "Diarrhea and Cancer",
    "## Stages and grades of diarrhea\n\nGrades of diarrhea tell how many hats are worn a day."
    " Stages of diarrhea in people with cancer are counted in coats.\n\n"
    "## Risk factors of diarrhea\n\nRisk factors for diarrhea in people with cancer are red hats.",
)
STAGING = document(
    "staging",
    "Stages of Cancer",
    "## Stages of cancer\n\nThe stage of a cancer tells how far it has walked from home.",
)
VIRUS = replace(
    document(
        "zebra",
        "Zebra Disease Virus",
        "## What the zebra disease virus is\n\nThe zebra disease virus is a virus that some people"
        " say can cause cancer cells to sneeze.",
    ),
    url="https://example.org/treatment/cam/patient/zebra",
)


async def abstains(database: Database, question: str, *pages: SourceDocument) -> bool:
    pieces = await answered(database, question, None, pages)
    return isinstance(pieces[-1], Abstention)


async def test_an_effects_stages_and_risks_are_not_those_of_cancer(database: Database) -> None:
    assert await abstains(database, "What are the stages of cancer?", DIARRHEA)
    assert await abstains(database, "What are risk factors for cancer?", DIARRHEA)


async def test_a_page_on_what_is_asked_is_told(database: Database) -> None:
    pieces = await answered(database, "What are the stages of cancer?", None, [DIARRHEA, STAGING])
    assert texts(pieces) == ["The stage of a cancer tells how far it has walked from home."]


async def test_who_asks_of_the_effect_is_told_its_grades(database: Database) -> None:
    pieces = await answered(database, "What are the grades of diarrhea?", None, [DIARRHEA])
    assert "Grades of diarrhea tell how many hats are worn a day." in texts(pieces)


async def test_one_word_of_a_remedys_name_is_no_question_about_it(database: Database) -> None:
    assert await abstains(database, "Which viruses can cause cancer?", VIRUS)
    pieces = await answered(database, "What is the zebra disease virus?", None, [VIRUS])
    assert any("zebra" in text for text in texts(pieces))
