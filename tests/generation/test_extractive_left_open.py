"""What an answer says that it leaves open: things that were asked, and that are truly absent."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.extractive.named_gaps import things_named
from navis_api.generation.extractive.telling import Telling
from tests.generation.answered import answered, closing, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Signs of liver cancer

Signs of liver cancer include yellow elbows.

## Treatment Option Overview

Treatment of liver cancer may include surgery and a long rest.

### Surgery

Surgery is used to treat liver cancer that has not spread. Surgery for liver cancer takes a day.

### Palliative care

Palliative care for liver cancer relieves pain.

### Follow-up care may be needed.

Follow-up care for liver cancer is looking again.

## Treatment of Stage IV Liver Cancer

Treatment of stage IV liver cancer may include a long rest.
""",
)


def named(*labels: str, known: bool = True) -> list[str]:
    things = [Telling(label, (label,)) for label in labels]
    told = things_named(things, ("Mesothelioma", "Liver Cancer"), lambda _: known)
    return [thing.label for thing in told]


def test_what_is_mistyped_or_only_colours_a_sentence_is_no_gap() -> None:
    assert not named("suspected", "beating", "mesotheleoma", "quickly")
    assert not named("wat", known=False)


def test_a_thing_that_was_asked_is_a_gap() -> None:
    assert named("tablets", "sing", "turmeric") == ["tablets", "sing", "turmeric"]
    assert named("sing", known=False) == ["sing"]


@pytest.mark.parametrize(
    "text",
    ["wat are the signs of liver cancer", "What are the signs of suspected liver cancer?"],
)
async def test_no_stray_word_is_left_open(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [LIVER])
    assert "yellow elbows" in " ".join(texts(pieces))
    assert not closing(pieces).gaps


async def test_care_that_nobody_asked_for_stands_beside_no_treatment(database: Database) -> None:
    pieces = await answered(database, "How is liver cancer treated?", "liver-cancer", [LIVER])
    assert "a long rest" in " ".join(texts(pieces))
    assert not {"Relief of symptoms and support", "Follow-up and tests along the way"} & set(
        headings(pieces)
    )


async def test_what_is_for_cancer_where_it_began_is_not_for_stage_four(database: Database) -> None:
    pieces = await answered(
        database, "What treatment is there for stage 4 liver cancer?", "liver-cancer", [LIVER]
    )
    said = " ".join(texts(pieces))
    assert "stage IV liver cancer may include a long rest" in said
    assert "has not spread" not in said
    assert "stage" not in gaps(pieces)
