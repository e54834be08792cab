"""What is told where somebody is dying: the end of life, and nothing on treatment; made up."""

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, GenerationPiece
from tests.generation.answered import answered, closing, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Prognosis of Liver Cancer

The prognosis of liver cancer depends on the moon. It is usually cured if found early.

## Treatment of Liver Cancer

Treatment of liver cancer may include blue light.
""",
)
FOOD = document(
    "food",
    "Eating During Cancer Care",
    """
## Eating at the end of life

People at the end of life want little food. Nobody should be made to eat.

## Eating when food tastes of tin

A wooden spoon may help with eating.
""",
)
SLEEP = document(
    "breath",
    "Trouble Breathing and Cancer",
    """
## Causes of trouble breathing

Trouble breathing may be caused by pets.
""",
)
PAGES = [LIVER, FOOD, SLEEP]


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


async def test_what_is_felt_is_told_of_as_at_the_end_of_life(database: Database) -> None:
    pieces = await write(
        database, "Dad is dying of liver cancer and won't eat. Should we make him?"
    )
    assert "Nobody should be made to eat." in texts(pieces)
    assert not any("spoon" in text or "cured" in text for text in texts(pieces))
    assert "Eating" not in headings(pieces)


async def test_what_no_source_says_of_the_last_days_is_said_to_be_left_open(
    database: Database,
) -> None:
    pieces = await write(database, "My mum is dying of cancer, her breath rattles", None)
    assert not any("pets" in text or "spoon" in text for text in texts(pieces))
    assert "trouble breathing at the end of life" in gaps(pieces)
    assert "rattles" not in gaps(pieces)


async def test_what_to_ask_is_for_those_who_are_there(database: Database) -> None:
    end = closing(await write(database, "Dad is dying of liver cancer and won't eat. Why?"))
    assert not any("second opinion" in each for each in end.doctor_questions)
    assert "hospice" in end.next_steps[0]


async def test_without_an_answer_the_hospice_is_named(database: Database) -> None:
    pieces = await answered(
        database, "Dad is dying of liver cancer. Why is he restless?", "liver-cancer", [LIVER]
    )
    (last,) = (piece for piece in pieces if isinstance(piece, Abstention))
    assert "hospice" in last.message
