"""A remedy that is asked for in place of treatment: what is known of it, and first not to stop."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import GenerationPiece
from navis_api.questions.generality.reader import is_of_anybody
from navis_api.vocabulary.remedies import asked_remedies
from tests.generation.answered import answered, closing, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Treatment of Liver Cancer

Liver cancer is rarely cured by blue light. Chemotherapy may be used for liver cancer.
""",
)
ESSIAC = document(
    "cam/patient/essiac",
    "Essiac",
    """
## What is Essiac?

Essiac is a tea that some people drink.

## Have any studies of Essiac been done in people?

Studies have not shown Essiac to be a treatment for tumors. Essiac is thought to clean the blood.

## Have any side effects been reported from Essiac?

Essiac may be harmful to the kidneys.

## Have any laboratory or animal studies been done?

Essiac showed green spots in fish.

## General CAM Information

Who considers complementary and alternative therapies should discuss that with their doctor.
""",
)
PAGES = [LIVER, ESSIAC]


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "I read that Essiac cures liver cancer without chemo. Should I do that instead?",
        "Dad wants to stop chemo for liver cancer and drink Essiac tea",
    ],
)
async def test_the_remedys_own_page_is_told_and_first_not_to_stop(
    database: Database, text: str
) -> None:
    pieces = await write(database, text)
    assert headings(pieces)[0] == "Before you stop or replace treatment"
    assert texts(pieces)[0].endswith("should discuss that with their doctor.")
    assert "Studies have not shown Essiac to be a treatment for tumors." in texts(pieces)
    assert "Essiac may be harmful to the kidneys." in texts(pieces)
    assert not any("thought to" in said or "fish" in said for said in texts(pieces))
    assert not any("rarely cured" in said for said in texts(pieces))
    assert closing(pieces).summary.startswith("Please don't stop, put off or replace")


async def test_a_remedy_without_a_page_leaves_a_gap(database: Database) -> None:
    pieces = await write(database, "Can ivermectin cure liver cancer?")
    assert headings(pieces) == ["Before you stop or replace treatment"]
    assert any("ivermectin" in gap for gap in closing(pieces).gaps)


@pytest.mark.parametrize(
    "text",
    [
        "do apricot kernels cure cancer?",
        "high dose vitamin C for pancreatic cancer",
        "should my dad refuse surgery and fast instead",
        "mistletoe injections rather than chemo",
        "can I take cannabis oil instead of radiotherapy",
        "alkaline diet kills cancer cells, true?",
        "my sister quit treatment and takes herbs",
        "does turmeric shrink tumours",
    ],
)
def test_remedies_as_a_treatment_are_recognised_and_need_no_cancer(text: str) -> None:
    assert asked_remedies(text) is not None
    assert is_of_anybody(text)


@pytest.mark.parametrize(
    "text",
    [
        "does cannabis help with nausea from chemo",
        "can I take turmeric with tamoxifen",
        "what should I eat during chemo",
        "which vitamins may I take during radiotherapy",
        "what is the best diet after colon surgery",
    ],
)
def test_what_is_asked_beside_treatment_is_no_remedy(text: str) -> None:
    assert asked_remedies(text) is None
