"""Stages and people as headings have them; answers on made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.extractive.matching import readable_now
from tests.generation.answered import answered, asked, headings, texts
from tests.sources.corpus import document

BY_STAGE = document(
    "liver-by-stage",
    "Liver Cancer Treatment by Stage",
    """
## Treatment of stage I liver cancer

Treatment of stage I liver cancer may include a walk in the sun.

## Treatment of stages IIB, III, and IVA liver cancer

Treatment of stage III liver cancer may include two spoons of honey.

## Treatment of stages I to III liver cancer at home

Treatment of liver cancer at home may include a warm hat.
""",
)
IN_PREGNANCY = document(
    "liver-pregnancy",
    "Liver Cancer Treatment during Pregnancy",
    """
Liver cancer is rare in pregnant women.

## Treatment of advanced liver cancer in the first trimester

Advanced liver cancer during pregnancy may need treatment at once, which may include

- a green blanket

## Treatment of stage III liver cancer in the last trimester

Treatment of stage III liver cancer may wait for the child during pregnancy.
""",
)


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Stages IIB, III, and IVA", " stage iib stage iii and stage iva "),
        ("stages I to III breast cancer", " stage i to stage iii stage ii breast cancer "),
        ("stages II–IV breast cancer", " stage ii to stage iv stage iii breast cancer "),
        ("stage IB to IIIA lung cancer", " stage ib to stage iiia stage ii lung cancer "),
        ("Stages 0 through II", " stage 0 through stage ii stage i "),
        ("Stage II or III", " stage ii or stage iii "),
        ("stage I 1 to 3 nodes", " stage i 1 to 3 node "),
        ("Stage IIIA: one iv line", " stage iiia one iv line "),
    ],
)
def test_each_of_several_stages_is_read_as_one(text: str, readable: str) -> None:
    assert readable_now(text) == readable


async def test_a_stage_is_found_in_a_heading_on_several(database: Database) -> None:
    pieces = await answered(
        database, "How is stage 3 liver cancer treated?", "liver-cancer", [BY_STAGE]
    )

    assert headings(pieces)[0] == "Treatment options for stage III liver cancer"
    assert "Treatment of stage I liver cancer may include a walk in the sun." not in texts(pieces)
    assert any("honey" in text for text in texts(pieces))
    assert any("warm hat" in text for text in texts(pieces))


async def test_a_page_for_pregnant_women_is_not_quoted_to_others(database: Database) -> None:
    pages = [BY_STAGE, IN_PREGNANCY]
    others = await answered(database, "How is stage 3 liver cancer treated?", "liver-cancer", pages)

    assert "a green blanket" not in texts(others)


async def test_each_trimester_is_told_to_who_is_pregnant(database: Database) -> None:
    text = "How is liver cancer treated during pregnancy?"
    pieces = await answered(database, text, "liver-cancer", [IN_PREGNANCY])

    assert "a green blanket" in texts(pieces)
    assert "Treatment of stage III liver cancer may wait for the child during pregnancy." in (
        texts(pieces)
    )


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("They offer me a PARP inhibitor for liver cancer. What is that?", ["parp"]),
        ("Someone in our group mentioned pemigatinib for it, what is it", ["pemigatinib"]),
        ("Does radon in the basement cause liver cancer?", ["radon"]),
        ("Will I need a bag for the rest of my life with liver cancer?", ["bag"]),
    ],
)
def test_what_is_pointed_at_is_asked_and_what_is_said_besides_is_not(
    catalogue: Catalogue, text: str, required: list[str]
) -> None:
    assert [thing.label for thing in asked(catalogue, text).required] == required
