"""Grown-ups who had cancer as children; on made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from tests.generation.answered import answered, asked, headings, texts
from tests.sources.corpus import document

CHILD = document(
    "child-liver",
    "Childhood Liver Cancer",
    """
## Treatment of childhood liver cancer

Treatment of childhood liver cancer may include a blue balloon.

## Late effects of treatment for childhood liver cancer

Late effects may include slow steps and a need for long naps. Talk with your child's doctor
about late effects of the balloon.
""",
)
LATER = document(
    "late",
    "Late Effects of Treatment for Childhood Cancer",
    """
## Regular follow-up care is very important for survivors of childhood cancer.

Survivors may be asked to walk up a hill and back every autumn.
""",
)


@pytest.mark.parametrize(
    "text",
    [
        "I had liver cancer as a child. What should I look out for now?",
        "I had liver cancer when I was 5. Which check-ups do I need as an adult?",
        "I'm a childhood liver cancer survivor, what late effects can I get?",
    ],
)
async def test_a_grown_up_is_told_what_comes_later(database: Database, text: str) -> None:
    pieces = await answered(database, text, "liver-cancer", [CHILD, LATER])

    assert headings(pieces)[0] == "Late effects of treatment in childhood"
    told = texts(pieces)
    assert "Late effects may include slow steps and a need for long naps." in told
    assert "Survivors may be asked to walk up a hill and back every autumn." in told
    assert not any("your child" in said or "balloon" in said for said in told)


@pytest.mark.parametrize(
    ("text", "is_grown_up"),
    [
        ("I had liver cancer as a baby, am I cured?", True),
        ("When I was 12 I had liver cancer. Will it come back?", True),
        ("My son had liver cancer as a baby, what now?", False),
        ("I had liver cancer 20 years ago. What now?", False),
        ("I have liver cancer and a child. What now?", False),
    ],
)
def test_who_had_it_as_a_child(catalogue: Catalogue, text: str, *, is_grown_up: bool) -> None:
    assert asked(catalogue, text).is_grown_up is is_grown_up
