"""Statements that say by themselves what is asked; on made-up documents."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, GenerationPiece
from navis_api.questions.generality.reader import is_of_anybody
from navis_api.vocabulary.passing_on import asks_if_it_passes_on
from tests.generation.answered import answered, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## General information

Hepatitis B virus is passed from person to person through glass marbles. Hepatitis B may lower
the number of marbles. A brother or sister of somebody with liver cancer has twice the risk.

## Signs of liver cancer

Sometimes liver cancer blocks the marble duct, causing itching of the knees.

## Surgery

- A marblectomy is an operation in which the marbles are removed through the ear. A shelf is
made for them. This is called a glasserostomy. This procedure is used only for liver cancer that
remains after tea.

## Treatment of liver cancer

Liver cancer is treated with tea.
""",
)
STOMACH = document(
    "stomach",
    "Stomach Cancer Causes",
    """
## Helicobacter

H. pylori infection is spread through shared violins.
""",
)
PARENTS = document(
    "parents",
    "Help for Families",
    """
## What to say

Cancer is not contagious, and nobody gets it from a hug.
""",
)
TIRED = document(
    "tired",
    "Fatigue and Cancer",
    """
## What fatigue is

Fatigue is being as tired as a snail. Fatigue usually lessens within seven weeks after treatment.
Tell your doctor about fatigue that does not go away.

## Ways to manage fatigue

A hammock may help with fatigue.
""",
)
NUMB = document(
    "numb",
    "Nerve Problems and Cancer",
    """
## Nerve problems

Neuropathy is a tingling of the elbows. Wear velvet gloves with neuropathy.
""",
)
CHEESE = document(
    "cheese",
    "Eating During Treatment",
    """
## Food

Whether you eat radishes during treatment may be asked. Avoid blue cheese during chemotherapy.
Time your meals, cheese boards and radishes well.
""",
)
PAGES = [LIVER, STOMACH, PARENTS, TIRED, NUMB, CHEESE]


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "Is cancer contagious?",
        "liver cancer hepatitis b can i give it to my wife",
        "Can my husband catch HPV from me?",
        "How is hepatitis C passed on?",
        "Can I infect my family with liver cancer?",
        "Can you get stomach cancer from kissing?",
    ],
)
def test_who_asks_if_others_can_catch_it_is_understood(text: str) -> None:
    assert asks_if_it_passes_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "Can they catch ovarian cancer early?",
        "Can lung cancer spread to my brain?",
        "Can I pass breast cancer on to my children?",
        "My mother had it. Did she pass on the gene?",
        "Can liver cancer spread to the lungs?",
        "Will the doctor give me chemotherapy?",
    ],
)
def test_what_spreads_in_the_body_or_is_inherited_is_no_contagion(text: str) -> None:
    assert not asks_if_it_passes_on(text)


async def test_how_an_infection_passes_on_is_told_and_nothing_beside_it(
    database: Database,
) -> None:
    pieces = await write(database, "Can I give hepatitis B with my liver cancer to my wife?")
    assert texts(pieces) == [
        "Hepatitis B virus is passed from person to person through glass marbles."
    ]
    assert gaps(pieces) == ""


async def test_an_infection_passes_on_as_any_page_says(database: Database) -> None:
    pieces = await write(database, "Can I catch H. pylori from someone, I have liver cancer?")
    assert texts(pieces) == ["H. pylori infection is spread through shared violins."]


async def test_nobody_catches_a_cancer(database: Database) -> None:
    assert is_of_anybody("Is cancer contagious?")
    pieces = await write(database, "Is liver cancer contagious?")
    assert texts(pieces)[0] == "Cancer is not contagious, and nobody gets it from a hug."
    assert not any("violins" in text for text in texts(pieces))


async def test_what_no_page_says_of_passing_on_is_no_answer(database: Database) -> None:
    pieces = await write(database, "Can I give my wife HIV, I have liver cancer?")
    assert isinstance(pieces[-1], Abstention)


async def test_what_may_be_had_during_treatment_is_told_from_advice_alone(
    database: Database,
) -> None:
    pieces = await write(database, "Can I eat cheese during chemotherapy for liver cancer?")
    assert texts(pieces) == ["Avoid blue cheese during chemotherapy."]
    pieces = await write(database, "Can I eat radishes during chemotherapy for liver cancer?")
    assert isinstance(pieces[-1], Abstention)


async def test_how_long_an_effect_lasts_is_told_first(database: Database) -> None:
    pieces = await write(database, "How long does fatigue last after liver cancer treatment?")
    assert texts(pieces)[0] == "Fatigue usually lessens within seven weeks after treatment."
    assert "how long" not in gaps(pieces)


async def test_where_that_is_not_told_only_that_is_left_open(database: Database) -> None:
    pieces = await write(database, "Will my neuropathy go away? I have liver cancer.")
    assert headings(pieces)[0] == "Nerve problems"
    assert "how long nerve problems may last" in gaps(pieces)


async def test_why_something_is_felt_is_told(database: Database) -> None:
    pieces = await write(database, "Why do I itch with liver cancer?")
    assert headings(pieces)[0] == "Why this happens"
    assert "blocks the marble duct" in texts(pieces)[0]


async def test_what_relatives_risk_is_told(database: Database) -> None:
    pieces = await write(database, "My brother has liver cancer. What is my risk?")
    assert any("twice the risk" in text for text in texts(pieces))


async def test_a_word_is_told_with_the_whole_item_around_it(database: Database) -> None:
    pieces = await write(database, "Will I need a glasserostomy with liver cancer?")
    (told,) = texts(pieces)
    assert "removed through the ear" in told
    assert "used only for liver cancer" in told


async def test_a_gap_is_not_about_what_stands_in_the_answer(database: Database) -> None:
    text = "How is liver cancer treated and will I need a glasserostomy?"
    pieces = await write(database, text)
    assert any("glasserostomy" in told for told in texts(pieces))
    assert "glasserostomy" not in gaps(pieces)


COMPARED = document(
    "compared",
    "Liver Cancer Treatment",
    """
## Surgery

Surgery for liver cancer is done at dawn.

## Radiation therapy

Radiation therapy for liver cancer is violet. Radiation therapy is also used for liver cancer
that has spread to the bones.

## Choosing

After surgery people with liver cancer live just as long as after radiation therapy.

## Targeted therapy

Targeted therapies used to treat liver cancer include:

- erlotinib
- imatinib

In liver cancer with an EGFR mutation, targeted therapy with erlotinib may be used.
""",
)


@pytest.mark.parametrize(
    "text",
    [
        "Is surgery or radiation therapy better for liver cancer?",
        "Is surgery as good as radiation therapy for liver cancer?",
        "is radiation therapy as effective as surgery in liver cancer",
    ],
)
async def test_how_two_treatments_compare_is_told_first(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [COMPARED])
    assert headings(pieces)[0] == "How they compare"
    assert "just as long" in texts(pieces)[0]
    assert not any("spread to the bones" in told for told in texts(pieces))
    assert "which of these treatments is better" not in gaps(pieces)


async def test_where_no_page_compares_them_that_is_left_open(database: Database) -> None:
    page = document(
        "apart",
        "Liver Cancer Treatment",
        """
## Surgery

Surgery for liver cancer is done at dawn.

## Chemotherapy

Chemotherapy for liver cancer is given in jars.
""",
    )
    text = "Is surgery or chemotherapy better for liver cancer?"
    pieces = await answered(database, text, "liver-cancer", [page])
    assert "Chemotherapy for liver cancer is given in jars." in texts(pieces)
    assert "which of these treatments is better" in gaps(pieces)


async def test_of_drugs_those_are_told_that_a_page_ties_to_the_marker(database: Database) -> None:
    text = "Which drugs are there for liver cancer with EGFR mutation?"
    pieces = await answered(database, text, "liver-cancer", [COMPARED])
    assert any("with erlotinib may be used" in told for told in texts(pieces))
    assert "imatinib" not in texts(pieces)


async def test_a_disease_is_told_from_its_own_heading_on_a_page_on_more(
    database: Database,
) -> None:
    more = document(
        "more",
        "Neck Drawer Growths (Including Thymoma) Treatment",
        """
## Neck drawer growths are diseases in which there are too many drawers.

Drawers hold spoons.

## Thymoma

In thymoma, spoons knit scarves in the neck.
""",
    )
    pieces = await answered(database, "What is thymoma?", "thymoma", [more])
    assert any("knit scarves" in told for told in texts(pieces))


async def test_what_stands_under_a_definition_comes_before_what_resembles_it(
    database: Database,
) -> None:
    page = document(
        "page",
        "Thymoma Treatment",
        """
## General information

### Thymoma is a type of cancer that forms in the drawers of a desk.

Thymoma may form in the uppermost compartments, and neurodevelopmental particularities
notwithstanding most individuals experience thymoma before mastering orthography.

### Stonefruit is a type of cancer that may form in the drawers of a desk.

Stonefruit is big. It may be red and round. It may be cold to the hand. Stonefruit has a pit.
Stonefruit may fall from a tree. You may see it in the sun. It may roll on the floor all day.
""",
    )
    pieces = await answered(database, "What is thymoma?", "thymoma", [page])
    assert "orthography" in texts(pieces)[1]
