"""What general pages say of a treatment isn't told as if it were one for the asked cancer."""

from navis_api.db.sessions import Database
from tests.generation.answered import answered, closing, headings, texts
from tests.sources.corpus import document

_OWN = document(
    "liver-chemo",
    "Liver Cancer Treatment",
    """
Liver cancer is treated with stones.

## Chemotherapy

Chemotherapy for liver cancer is given in a blue glass. It is drunk on the stairs at noon.
""",
)
_GENERAL = document(
    "surgery",
    "Surgery to Treat Cancer",
    """
## How surgery is used

Surgery takes out the whole tumor with a wooden spoon. Many people have it on a Monday.
""",
)


async def test_two_treatments_are_weighed_of_which_one_is_none_for_the_cancer(
    database: Database,
) -> None:
    question = "Is surgery or chemotherapy better for liver cancer?"

    pieces = await answered(database, question, "liver-cancer", [_OWN, _GENERAL])

    assert headings(pieces) == ["Chemotherapy for liver cancer"]
    assert not [said for said in texts(pieces) if "spoon" in said]
    [gap] = closing(pieces).gaps
    assert "speaks of surgery as a treatment" in gap
    # Nor is it prepared for.
    told = (*closing(pieces).doctor_questions, *closing(pieces).next_steps)
    assert not [each for each in told if "removed" in each or "surgery" in each]


async def test_general_pages_are_told_as_such(database: Database) -> None:
    question = "Will I have surgery for my liver cancer?"

    pieces = await answered(database, question, "liver-cancer", [_OWN, _GENERAL])

    assert headings(pieces)[0] == "Surgery for cancer in general"
    assert any("speaks of surgery as a treatment" in gap for gap in closing(pieces).gaps)


async def test_a_treatment_that_the_cancers_page_mentions_is_no_gap(database: Database) -> None:
    mentioning = document(
        "liver-surgery", "Liver Cancer Treatment", "Liver cancer may be removed by surgery at dawn."
    )
    question = "Will I have surgery for my liver cancer?"

    pieces = await answered(database, question, "liver-cancer", [mentioning, _GENERAL])

    assert not [gap for gap in closing(pieces).gaps if "speaks of surgery" in gap]
