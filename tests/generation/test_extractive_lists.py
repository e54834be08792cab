"""Lists as pages have them today: without a colon, under labels; answers on made-up documents."""

from navis_api.db.sessions import Database
from navis_api.sources.documents import SourceDocument
from tests.generation.answered import answered, texts
from tests.sources.corpus import document

SYMPTOMS = document(
    "liver-symptoms",
    "Liver Cancer Symptoms",
    """
Liver cancer has signs that differ from person to person.

When symptoms of early-stage liver cancer do occur, they may include

- loud singing
- cold knees

Symptoms of advanced liver cancer may include the symptoms of early-stage liver cancer and

- blue thumbs

Related resources

- A list of pages to read
""",
)
LABELLED = document(
    "liver-labels",
    "Liver Cancer Symptoms",
    """
Check with your doctor if you have any of the following:

Symptoms in the morning

- A stiff hat.

Symptoms in the evening

- Warm ears.
""",
)


async def told(database: Database, page: SourceDocument) -> list[str]:
    question = "What are the symptoms of liver cancer?"
    return texts(await answered(database, question, "liver-cancer", [page]))


async def test_a_list_is_told_whose_sentence_has_no_colon(database: Database) -> None:
    said = await told(database, SYMPTOMS)

    assert "When symptoms of early-stage liver cancer do occur, they may include" in said
    assert said.index("loud singing") < said.index("cold knees")
    assert "A list of pages to read" not in said
    assert "Related resources" not in said


async def test_symptoms_are_told_however_far_the_cancer_has_spread(database: Database) -> None:
    assert "blue thumbs" in await told(database, SYMPTOMS)


async def test_lists_under_labels_of_one_lead_in_are_told_by_their_labels(
    database: Database,
) -> None:
    assert await told(database, LABELLED) == [
        "Symptoms in the morning",
        "A stiff hat.",
        "Symptoms in the evening",
        "Warm ears.",
    ]


STAGES = document(
    "liver-stages",
    "Liver Cancer Stages",
    """
A stage says how far liver cancer has come.

## Stage I liver cancer

In stage I, the tumor is as small as a pea. It sings a song.

- Stage IA: The tumor is a green pea that nobody has seen yet.

## Stage II liver cancer

In stage II, the tumor is as big as a plum. It hides under leaves.

## Stage III liver cancer

In stage III, the tumor is as big as a pear. It wears a yellow coat.

## Treatment by stage

Liver cancer of each stage is treated with patience.
""",
)


async def test_a_page_with_a_heading_for_each_stage_is_told_from_all_of_them(
    database: Database,
) -> None:
    pieces = await answered(
        database, "What are the stages of liver cancer?", "liver-cancer", [STAGES]
    )

    assert texts(pieces) == [
        "A stage says how far liver cancer has come.",
        "In stage I, the tumor is as small as a pea.",
        "It sings a song.",
        "In stage II, the tumor is as big as a plum.",
        "It hides under leaves.",
        "In stage III, the tumor is as big as a pear.",
        "It wears a yellow coat.",
    ]


LONG_SENTENCES = document(
    "liver-long",
    "Liver Cancer Stages",
    f"""
A stage says how far liver cancer has come.

## Stage I liver cancer

In stage I, the tumor is as small as a pea.

## Stage II liver cancer

In stage II, {"the tumor turns left and then right again, and " * 9} rests at last.

Stage II is divided into a morning and an evening.

## Stage III liver cancer

In stage III, {"the tumor turns left and then right again, and " * 9} rests at last.

It wears a yellow coat.
""",
)


async def test_a_part_whose_first_sentence_is_too_long_is_told_from_where_it_names_itself(
    database: Database,
) -> None:
    pieces = await answered(
        database, "What are the stages of liver cancer?", "liver-cancer", [LONG_SENTENCES]
    )

    assert texts(pieces) == [
        "A stage says how far liver cancer has come.",
        "In stage I, the tumor is as small as a pea.",
        "Stage II is divided into a morning and an evening.",
    ]


async def test_who_asks_about_one_stage_is_not_told_all(database: Database) -> None:
    pieces = await answered(
        database, "What does stage II liver cancer mean?", "liver-cancer", [STAGES]
    )

    assert "In stage II, the tumor is as big as a plum." in texts(pieces)
    assert not any("stage III" in text for text in texts(pieces))
