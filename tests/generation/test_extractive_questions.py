"""What kinds of question call for: the extractive engine on made-up documents."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    GenerationPiece,
    GenerationRequest,
)
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import SourceVersion
from tests.generation.answered import answered, asked, closing, sections, texts
from tests.sources.corpus import document, fill

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## General Information About Liver Cancer

### Liver cancer is a rare made-up disease in which cells of the liver grow too fast.

The liver sits on the right side, below the ribs. Doctors weigh it in feathers.

## Tests to diagnose liver cancer

The following made-up tests and procedures are used to diagnose liver cancer:

### Feather test

A feather test shows how fast the liver cells grow. Doctors read it after an hour.

### Whistle scan

A whistle scan draws a picture of the liver with sound. Nobody feels it at all.

## Treatment Option Overview

Liver cancer with a BRAF mutation may be treated with madeupinib.

Liver cancer without a BRAF mutation may be treated with plainostat.

### Targeted therapy

Targeted therapy uses drugs that act on marked cells of the liver.

## Palliative care

Palliative care helps people with liver cancer feel better.

Some of its aims are to:

- ease pain in the side
- support people who need higher doses of opioids

## Screening for liver cancer

Screening for liver cancer looks for it before there are any signs.

People at high risk may have screening for liver cancer every 2 years from age 40.
""",
)
SKIN = document(
    "skin",
    "Skin Cancer Treatment",
    """
## General Information About Skin Cancer

Skin cancer is a disease in which cells of the skin grow without order.

Basal cell carcinoma is a type of skin cancer that looks like a small pearl.

Squamous cell carcinoma of the skin is a type of skin cancer that looks like a red scale.

## Signs of skin cancer

Signs of skin cancer include a spot on the skin that does not heal.
""",
)
BASAL = document(
    "basal",
    "Basal Cell Carcinoma",
    """
## What is basal cell carcinoma?

Basal cell carcinoma is a type of skin cancer that looks like a small pearl.

It grows slowly and stays where it began.
""",
)
SQUAMOUS = document(
    "squamous",
    "Squamous Cell Carcinoma of the Skin",
    """
## What is squamous cell carcinoma of the skin?

Squamous cell carcinoma of the skin is a type of skin cancer that looks like a red scale.

It can grow deep if nobody looks after it.
""",
)
LEUKEMIA_OF_A_FEW = document(
    "aids",
    "AIDS-Related Leukemia",
    """
## What is AIDS-related leukemia?

AIDS-related leukemia is a disease in which a few people have strange blood cells.
""",
)
PAGES = (LIVER, SKIN, BASAL, SQUAMOUS, LEUKEMIA_OF_A_FEW)


async def write(
    database: Database, text: str, slug: str, pages: Sequence[SourceDocument] = PAGES
) -> list[GenerationPiece]:
    return await answered(database, text, slug, pages)


async def test_a_heading_that_is_a_statement_is_quoted_from_where_it_stands(
    database: Database,
) -> None:
    pieces = await write(database, "What is liver cancer?", "liver-cancer")
    first = sections(pieces)[0].claims[0]
    assert first.text.startswith("Liver cancer is a rare made-up disease")
    (citation,) = first.citations
    async with database.reading() as session:
        held = await session.get_one(SourceVersion, citation.source_version_id)
    assert held.text[citation.start : citation.end] == first.text
    assert held.text[: citation.start].endswith("### ")


async def test_the_definition_of_the_very_cancer_stands_first(database: Database) -> None:
    pieces = await write(database, "What is basal cell carcinoma?", "basal-cell-carcinoma", (SKIN,))
    assert (
        texts(pieces)[0]
        == "Basal cell carcinoma is a type of skin cancer that looks like a small pearl."
    )


async def test_what_a_wider_guide_says_is_headed_by_what_it_is_about(database: Database) -> None:
    pieces = await write(
        database, "What are the signs of basal cell carcinoma?", "basal-cell-carcinoma", (SKIN,)
    )
    assert [section.heading for section in sections(pieces)] == [
        "Signs and symptoms of skin cancer"
    ]


async def test_kinds_that_are_compared_are_each_defined(database: Database) -> None:
    text = (
        "What is the difference between basal cell carcinoma and squamous cell carcinoma of the"
        " skin?"
    )
    pieces = await write(database, text, "skin-cancer", (BASAL, SQUAMOUS))
    headings = [section.heading for section in sections(pieces)]
    assert "What basal cell carcinoma is" in headings
    assert "What squamous cell carcinoma of the skin is" in headings
    assert any("pearl" in text for text in texts(pieces))
    assert any("red scale" in text for text in texts(pieces))


async def test_kinds_are_defined_by_items_of_a_list_too(database: Database) -> None:
    listed = document(
        "listed",
        "Skin Cancer Treatment",
        """
## General Information About Skin Cancer

This is about the following types of skin cancer:

- **Basal cell carcinoma.** Basal cell carcinoma is the most common type of skin cancer. It looks
like a small pearl.
- **Squamous cell carcinoma of the skin.** Squamous cell carcinoma of the skin is a type of skin
cancer that looks like a red scale.
""",
    )
    text = (
        "What is the difference between basal cell carcinoma and squamous cell carcinoma of the"
        " skin?"
    )
    pieces = await write(database, text, "skin-cancer", (listed,))
    told = {section.heading: section.claims[0].text for section in sections(pieces)}
    basal = "Basal cell carcinoma is the most common type of skin cancer."
    assert told["What basal cell carcinoma is"] == basal
    assert "red scale" in told["What squamous cell carcinoma of the skin is"]


async def test_a_text_on_a_few_does_not_answer_for_all(database: Database) -> None:
    pieces = await write(database, "What is leukemia?", "leukemia")
    assert isinstance(pieces[-1], Abstention)


async def test_a_marker_is_answered_first_and_without_its_opposite(database: Database) -> None:
    pieces = await write(
        database, "How is liver cancer with a BRAF mutation treated?", "liver-cancer"
    )
    assert sections(pieces)[0].heading == "Treatment that depends on BRAF"
    assert "madeupinib" in texts(pieces)[0]
    assert not any("plainostat" in text for text in texts(pieces))
    assert any("BRAF" in question for question in closing(pieces).doctor_questions)


async def test_without_the_marker_it_is_the_other_way_round(database: Database) -> None:
    pieces = await write(
        database, "What is the treatment for liver cancer without a BRAF mutation?", "liver-cancer"
    )
    assert any("plainostat" in text for text in texts(pieces))
    assert not any("madeupinib" in text for text in texts(pieces))


async def test_tests_under_headings_of_their_own_are_taken(database: Database) -> None:
    pieces = await write(database, "What tests are used to diagnose liver cancer?", "liver-cancer")
    assert any("feather test shows" in text for text in texts(pieces))
    assert any("whistle scan draws" in text for text in texts(pieces))


async def test_how_often_is_answered_by_ages_and_intervals_first(database: Database) -> None:
    pieces = await write(
        database, "How often should I have screening for liver cancer?", "liver-cancer"
    )
    assert sections(pieces)[0].heading == "At what age, and how often"
    assert "every 2 years from age 40" in texts(pieces)[0]


async def test_what_is_for_a_few_is_no_part_of_palliative_care_for_all(database: Database) -> None:
    pieces = await write(database, "What is palliative care for liver cancer?", "liver-cancer")
    assert any("feel better" in text for text in texts(pieces))
    assert not any("opioid" in text for text in texts(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "What did my feather test show about my liver cancer?",
        "What will my copay for liver cancer screening be?",
    ],
)
async def test_what_stands_in_the_askers_papers_is_not_answered(
    database: Database, text: str
) -> None:
    pieces = await write(database, text, "liver-cancer")
    assert sections(pieces) == []
    assert isinstance(pieces[-1], Abstention)


async def test_of_two_that_fit_the_plainer_one_comes_first(database: Database) -> None:
    hard = document(
        "hard",
        "Liver Cancer Screening",
        """
## Screening for liver cancer

Screening for liver cancer necessitates multidisciplinary ultrasonographic evaluation procedures.
""",
    )
    plain = document(
        "zplain",
        "Liver Cancer Screening",
        """
## Screening for liver cancer

Screening for liver cancer is a look at the liver with sound waves.
""",
    )
    pieces = await write(
        database, "Is there screening for liver cancer?", "liver-cancer", (hard, plain)
    )
    assert "sound waves" in texts(pieces)[0]


async def test_every_quote_is_to_the_letter_whatever_is_asked(database: Database) -> None:
    pieces = await write(database, "What is liver cancer and how is it treated?", "liver-cancer")
    async with database.reading() as session:
        held = {row.id: row.text for row in await session.scalars(select(SourceVersion))}
    for section in sections(pieces):
        for claim in section.claims:
            (citation,) = claim.citations
            quoted = held[citation.source_version_id][citation.start : citation.end]
            assert claim.text == citation.quote == quoted


@pytest.mark.parametrize(
    "text", ["What causes foamy saliva?", "What are the causes of a wet floor?"]
)
async def test_in_general_every_telling_word_has_to_be_met(database: Database, text: str) -> None:
    page = document(
        "causes",
        "Causes of Cancer",
        """
## Risk factors

Risk factors for cancer include smoking and too much sun.
""",
    )
    await fill(database, (page,))
    engine = ExtractiveEngine(database, CatalogueKeeper(database))
    pieces = [piece async for piece in engine.write(GenerationRequest(text, None))]
    assert isinstance(pieces[-1], Abstention)
    asked = GenerationRequest("What are the risk factors for cancer?", None)
    assert sections([piece async for piece in engine.write(asked)])


@pytest.mark.parametrize(
    "text",
    [
        "How is liver cancer found early?",
        "Can liver cancer be detected early?",
        "Is there a test to find liver cancer early?",
        "Which blood test catches liver cancer early?",
        "How do doctors spot liver cancer sooner?",
    ],
)
async def test_finding_it_early_is_asked_of_screening(database: Database, text: str) -> None:
    question = asked(await fill(database), text)

    assert question.has("screening")
    assert not question.has("early_stage")


@pytest.mark.parametrize(
    "text",
    [
        "How is liver cancer treated when it is found early?",
        "My liver cancer was found early. What comes next?",
        "What are the chances if liver cancer is found early?",
    ],
)
async def test_one_that_was_found_early_is_none_to_be_looked_for(
    database: Database, text: str
) -> None:
    question = asked(await fill(database), text)

    assert question.has("early_stage")
    assert not question.has("screening")
