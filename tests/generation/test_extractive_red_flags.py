"""Below an urgent notice stands what sources say is urgent of that sign, or nothing; made up."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, GenerationPiece
from navis_api.questions.safety.recognition import SafetyKind, safety_notices
from navis_api.questions.safety.red_flags import urgency_of
from tests.generation.answered import answered, closing, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Treatment of Liver Cancer

Treatment of liver cancer may include blue light. Fever may follow blue light.
""",
)
FEVER = document(
    "side-effects/fever",
    "Fever and Infection during Cancer Treatment",
    """
## When to call

A fever is a warmer body. A fever can be life threatening and needs urgent medical attention.
Talk with your doctor before taking green tea for a fever.

## Fever and your garden

People with a fever may like shade. Ask for a written plan for your garden.
""",
)
TIRED = document(
    "side-effects/fatigue",
    "Fatigue and Cancer Treatment",
    """
## Ways to manage fatigue

If your legs feel weak, rest in the shade. Tell your doctor about it at your next visit.
""",
)
PAGES = [LIVER, FEVER, TIRED]


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "I have liver cancer and a fever of 39 on chemo, should I wait until the morning?",
        "Fever of 39 and shivering after chemo for liver cancer. What are the treatments?",
    ],
)
async def test_only_what_is_urgent_of_the_sign_is_told(database: Database, text: str) -> None:
    pieces = await write(database, text)
    assert any("life threatening" in said for said in texts(pieces))
    assert "Talk with your doctor before taking green tea for a fever." in texts(pieces)
    assert not any("shade" in said or "blue light" in said for said in texts(pieces))
    steps = closing(pieces).next_steps
    assert steps[0].startswith("Call now")
    assert not any("written plan" in step or "visit" in step for step in steps)


async def test_what_no_source_calls_urgent_gets_no_chatty_answer(database: Database) -> None:
    text = (
        "Dad has liver cancer in his spine, since this morning his legs are weak and he can't pee"
    )
    pieces = await write(database, text)
    assert isinstance(pieces[-1], Abstention)
    assert "follow the notice" in pieces[-1].message
    assert texts(pieces) == []


async def test_who_asks_of_the_sign_in_general_is_answered(database: Database) -> None:
    pieces = await write(database, "How is liver cancer treated?")
    assert any("blue light" in said for said in texts(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "My legs have gone numb and I can't urinate, breast cancer in my bones",
        "I can't breathe properly since this morning and I have lung cancer",
    ],
)
def test_named_signs_are_sure(text: str) -> None:
    urgency = urgency_of(text)
    assert urgency is not None
    assert urgency.is_sure
    assert urgency.signs


@pytest.mark.parametrize(
    "text",
    [
        "My mum has ovarian cancer and her belly is swollen with fluid, what can be done?",
        "My arm is swollen after the mastectomy, what helps?",
    ],
)
def test_a_likeness_without_a_sign_holds_no_answer_back(text: str) -> None:
    urgency = urgency_of(text)
    assert urgency is None or not urgency.is_sure


@pytest.mark.parametrize(
    "text",
    ["How is fever treated?", "Mum is dying of liver cancer and can't breathe right now"],
)
def test_what_is_general_or_at_the_end_of_life_is_answered_as_ever(text: str) -> None:
    assert urgency_of(text) is None


def test_weak_legs_are_named_by_the_notice() -> None:
    (said,) = safety_notices("cancer in my spine and now my legs are numb and I can't pee")
    assert said.kind is SafetyKind.EMERGENCY
    assert "legs" in said.message
