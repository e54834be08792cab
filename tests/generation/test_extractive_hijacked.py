"""One word of a question that means something else than it does elsewhere; made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from tests.generation.answered import answered, asked, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Signs of liver cancer

Signs of liver cancer include blood in the stool.

## Tests for liver cancer

The lantern test is used to diagnose liver cancer.

## Treatment of liver cancer

Treatment of liver cancer may include:

- blue light
- high-dose chemotherapy with a stem cell transplant

For people who are not able to have intensive chemotherapy, drops may be given.

## Prognosis of liver cancer

The prognosis of liver cancer depends on the moon.
""",
)
TIRED = document(
    "tired",
    "Fatigue and Cancer",
    """
## Fatigue

Fatigue makes people nap.
""",
)
BLEEDING = document(
    "bleeding",
    "Bleeding and Bruising",
    """
## Bleeding

Bleeding comes with few platelets. Press a cloth on it.
""",
)
PAGES = [LIVER, TIRED, BLEEDING]


@pytest.mark.parametrize(
    "text",
    [
        "My uncle is too weak for strong chemo for his liver cancer, what options are there?",
        "Treatment of liver cancer for somebody who can't have intensive chemotherapy",
    ],
)
async def test_who_is_too_weak_is_told_of_milder_treatment(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", PAGES)
    said = texts(pieces)
    assert not any("nap" in each or "high-dose" in each for each in said)
    assert any("blue light" in each for each in said)


def test_who_is_weak_from_treatment_is_tired(catalogue: Catalogue) -> None:
    assert asked(catalogue, "I feel so weak after chemo for liver cancer").has("fatigue")
    assert not asked(catalogue, "She is too weak for chemo, what else is there?").has("fatigue")


async def test_blood_where_none_should_be_is_a_sign(database: Database) -> None:
    pieces = await answered(database, "Liver cancer, blood in my stool", "liver-cancer", PAGES)
    said = texts(pieces)
    assert "Signs of liver cancer include blood in the stool." in said
    assert any("lantern" in each for each in said)
    assert not any("cloth" in each for each in said)


def test_bleeding_with_few_platelets_is_none(catalogue: Catalogue) -> None:
    read = asked(catalogue, "My platelets are low and there is blood in my stool")
    assert read.has("bleeding") or not read.has("symptoms")


async def test_how_long_treatment_takes_is_no_question_on_survival(database: Database) -> None:
    text = "What is the treatment of liver cancer and how long does it take?"
    pieces = await answered(database, text, "liver-cancer", PAGES)
    assert not any("moon" in each for each in texts(pieces))
    assert "Outlook" not in " ".join(headings(pieces))
    assert "how long treatment takes" in gaps(pieces)
    assert "survival" not in gaps(pieces)
