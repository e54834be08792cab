"""What no source knows gets no answer about something else; answers on made-up documents."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention
from tests.generation.answered import answered, texts
from tests.sources.corpus import document

DRUGS = document(
    "liver-drugs",
    "Liver Cancer Treatment",
    """
## Chemotherapy

Chemotherapy for liver cancer uses drugs that stop the growth of cancer cells. Chemotherapy for
liver cancer may be given with sorafenib.

## Targeted therapy

Sorafenib is a targeted therapy that may shrink liver cancer. It may make the hands red.

## Treatment options for liver cancer

Treatment of liver cancer may include surgery and chemotherapy.
""",
)


@pytest.mark.parametrize(
    "text",
    [
        "What is zolemtirsen and does it work on liver cancer?",
        "My doctor brought up daraxonrasib for liver cancer. How many people respond to it?",
        "Does ivonescimab plus chemo work for liver cancer?",
        "My liver cancer has a ZNF814 mutation, which drug matches ZNF814?",
        "Is a zorb mat worth it for liver cancer, does chemotherapy need it?",
        "How good is the Lumivex blood test after chemotherapy of liver cancer?",
        "LivCheckDx was positive after chemotherapy of liver cancer. What does that result say?",
        "My dad was put on ivonescimab for liver cancer. Does chemotherapy go with it?",
    ],
)
async def test_what_is_named_and_unknown_is_not_answered_with_something_else(
    database: Database, text: str
) -> None:
    pieces = await answered(database, text, "liver-cancer", [DRUGS])

    assert isinstance(pieces[-1], Abstention)
    assert "what you name" in pieces[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "Does sorafenib work for liver cancer?",
        "What are the treatment options for liver cancer? And what is zolemtirsen?",
        "After zolatinib failed, what are the treatment options for liver cancer?",
        "What treatment options for liver cancer would Lindqvist-7 have?",
        "My dad is taking ivonescimab for liver cancer. What does chemotherapy do?",
        "What is zolemtirsen, and what treatment options do people that have liver cancer get?",
        "What are the treatment options for my husband Mark, who has liver cancer?",
        "I live in Texas. What are the treatment options in Texas for liver cancer?",
    ],
)
async def test_what_is_known_or_only_told_is_answered(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [DRUGS])

    assert texts(pieces)


@pytest.mark.parametrize(
    "text",
    [
        "Which hospital is best for chemotherapy of liver cancer?",
        "How long is the waiting list for liver cancer treatment?",
        "Is there a liver cancer treatment center near me?",
        "Is there a chemotherapy nurse near Swansea for people with liver cancer?",
        "Any liver cancer groups in hull that meet after chemotherapy?",
    ],
)
async def test_hospitals_and_services_are_not_looked_up(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [DRUGS])

    assert isinstance(pieces[-1], Abstention)
    assert "social worker" in pieces[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "I have a lump near my nipple. What are the treatment options for liver cancer?",
        "Which doctors give chemotherapy for liver cancer?",
        "How long is the wait between surgery and chemotherapy for liver cancer?",
    ],
)
async def test_what_only_sounds_like_a_place_is_answered(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [DRUGS])

    assert texts(pieces)


async def test_what_is_to_come_is_not_foretold(database: Database) -> None:
    text = "Will there be a cure for liver cancer by 2032?"
    pieces = await answered(database, text, "liver-cancer", [DRUGS])

    assert isinstance(pieces[-1], Abstention)
