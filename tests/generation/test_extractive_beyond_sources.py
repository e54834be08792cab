"""What no source knows is left open, and what it leaves is answered; on made-up documents."""

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, GenerationPiece
from tests.generation.answered import answered, asked, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Getting a second opinion

You may get a second opinion on liver cancer. Bring the green folder.

## Stages of Liver Cancer

### Stage II

In stage II, liver cancer has the size of a plum.

### Stage III

In stage III, liver cancer has the size of a melon.

## Chemotherapy

Chemotherapy for liver cancer is blue.
""",
)
GROUPS = document(
    "groups",
    "Cancer Support Groups",
    """
## Where to find support groups

Ask a social worker where support groups meet.
""",
)
THROAT = document(
    "throat",
    "Throat Problems",
    """
## What makes it worse

Drinking alcohol during chemotherapy may hurt the throat. A rinse with alcohol hurts the gums.
""",
)
HAIR = document(
    "hair",
    "Hair Loss and Cancer Treatment",
    """
## Hair loss

Hair loss begins two weeks after chemotherapy.

## Ways to manage hair loss

A woolen cap may help with hair loss.
""",
)
PREVENTION = document(
    "prevention",
    "Liver Cancer Prevention",
    """
## Preventing liver cancer

Yellow tea may prevent liver cancer.
""",
)
PAGES = [LIVER, GROUPS, THROAT, HAIR, PREVENTION]


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


async def test_who_asks_if_a_doctor_is_good_is_told_of_a_second_opinion(
    database: Database,
) -> None:
    pieces = await write(database, "Is my liver cancer surgeon any good?")
    assert "Bring the green folder." in texts(pieces)
    assert "whether a doctor" in gaps(pieces)


async def test_where_no_source_has_that_it_is_said_all_the_same(database: Database) -> None:
    (last,) = (
        each
        for each in await write(database, "Can I trust my doctor?", None)
        if isinstance(each, Abstention)
    )
    assert "second opinion" in last.message


async def test_a_group_in_a_town_is_told_of_as_groups_are(database: Database) -> None:
    pieces = await write(database, "Where can I find a liver cancer support group in Swansea?")
    assert texts(pieces) == ["Ask a social worker where support groups meet."]
    assert "where you live" in gaps(pieces)
    assert "swansea" not in gaps(pieces)


async def test_the_system_of_a_numbered_stage_goes_without_saying(database: Database) -> None:
    pieces = await write(database, "What does TNM stage 2 mean in liver cancer?")
    assert headings(pieces)[0] == "What stage II means"
    assert not any("melon" in text for text in texts(pieces))


async def test_a_system_that_no_source_has_is_no_drug(database: Database) -> None:
    pieces = await write(database, "What is BCLC stage B liver cancer?")
    assert headings(pieces)[0] == "The stages of liver cancer"
    assert "bclc" in gaps(pieces)


async def test_what_may_be_done_during_treatment_is_told_of_whoever_has_it(
    database: Database,
) -> None:
    pieces = await write(database, "Can I drink alcohol during chemotherapy for liver cancer?")
    assert texts(pieces) == ["Drinking alcohol during chemotherapy may hurt the throat."]


async def test_to_prevent_it_is_to_prevent_what_was_told(
    database: Database, catalogue: Catalogue
) -> None:
    text = "I have liver cancer. Will I lose my hair with taxol and how can I prevent it?"
    pieces = await write(database, text)
    assert "A woolen cap may help with hair loss." in texts(pieces)
    assert not any("tea" in text for text in texts(pieces))
    of_cancer = asked(catalogue, "I lost my hair. How can I prevent liver cancer?")
    assert of_cancer.has("prevention")
