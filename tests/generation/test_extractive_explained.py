"""Questions on no cancer that ask what something is; answers on made-up documents."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention
from navis_api.sources.documents import SourceDocument
from tests.generation.answered import answered, gaps, headings, texts
from tests.sources.corpus import document

SCAN = (
    "- **PET scan (positron emission tomography scan)**: A procedure that hums a low tune."
    " A pinch of sugar is sprinkled into a vein. The scanner turns round like a carousel."
)


def page_on(key: str, cancer: str) -> SourceDocument:
    return document(
        key,
        f"{cancer} Treatment",
        f"""
## Tests that are done

These tests may be done:

- **CT scan (CAT scan)**: A procedure that draws {cancer.lower()} with a crayon.
{SCAN}
- **Bone scan**: A procedure that counts bones.

Waiting for the results of {cancer.lower()} is called a long wait.

Care given after the tests, so that nobody is cold, is called blanket therapy.
""",
    )


PAGES = [
    page_on("liver-tests", "Liver Cancer"),
    page_on("breast-tests", "Breast Cancer"),
]


async def test_what_a_test_is_is_told_as_the_pages_of_several_cancers_tell_it(
    database: Database,
) -> None:
    pieces = await answered(database, "what is a pet scan", None, PAGES)

    assert headings(pieces) == ["What “PET scan” means"]
    assert texts(pieces) == [
        "PET scan (positron emission tomography scan): A procedure that hums a low tune.",
        "A pinch of sugar is sprinkled into a vein.",
        "The scanner turns round like a carousel.",
    ]
    assert gaps(pieces) == ""


async def test_what_is_called_so_is_told(database: Database) -> None:
    pieces = await answered(database, "What is blanket therapy?", None, PAGES)

    assert texts(pieces) == [
        "Care given after the tests, so that nobody is cold, is called blanket therapy."
    ]


@pytest.mark.parametrize("text", ["What is a CT scan?", "What is a long wait?"])
async def test_what_is_said_of_one_cancer_is_not_told_of_all(database: Database, text: str) -> None:
    pieces = await answered(database, text, None, PAGES)

    assert isinstance(pieces[-1], Abstention)


async def test_what_stands_on_one_cancers_page_alone_is_not_told_of_all(
    database: Database,
) -> None:
    pieces = await answered(database, "What is a PET scan?", None, PAGES[:1])

    assert isinstance(pieces[-1], Abstention)


GENERAL = document(
    "tickling",
    "Radiation Therapy for Cancer",
    """
Radiation therapy is a treatment that warms the room.

## Parking during radiation therapy

Radiation therapy comes with a place to park.

## What radiation therapy costs

Radiation therapy costs a song and a dance.

## Working during radiation therapy

Radiation therapy leaves the evenings free for work.

## How radiation therapy works

Radiation therapy works by lighting candles one after the other.
""",
)
ELSEWHERE = document(
    "mouths",
    "Care of the Mouth",
    """
## Radiation therapy and the mouth

Radiation therapy makes the mouth sing in the evening.
""",
)


async def test_of_a_treatment_the_page_is_told_that_says_what_it_is(database: Database) -> None:
    pieces = await answered(
        database, "How does radiation therapy work?", None, [GENERAL, ELSEWHERE]
    )

    said = texts(pieces)
    assert said[0] == "Radiation therapy is a treatment that warms the room."
    assert "Radiation therapy works by lighting candles one after the other." in said
    assert not any("mouth" in each for each in said)


async def test_who_asks_for_more_than_what_it_is_is_told_that(database: Database) -> None:
    question = "What is radiation therapy, and what are its side effects on the mouth?"
    pieces = await answered(database, question, None, [GENERAL, ELSEWHERE])

    assert "What “radiation therapy” means" not in headings(pieces)
