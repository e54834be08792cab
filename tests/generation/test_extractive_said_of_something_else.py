"""Words that say something else beside others, and help on that very problem; made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from tests.generation.answered import answered, asked, closing, headings, texts
from tests.sources.corpus import document

MEMORY = document(
    "memory",
    "Memory Problems and Cancer Treatment",
    """
## Ways to manage memory problems

Here are some steps you can take to manage memory problems:

- Write each name on a blue card.
- Walk around the pond at noon.
""",
)
INFECTION = document(
    "infection",
    "Infection and Cancer Treatment",
    """
## Ways to prevent infection

Your team will talk with you about these and other ways to prevent infection:

- Wash both hands with green soap.
""",
)
LATE = document(
    "late",
    "Late Changes",
    """
## Treating clouded eyes

Clouded eyes are treated with a small lens. Some people have memory problems or an infection then.
""",
)
PAGES = [MEMORY, INFECTION, LATE]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("liver cancer sore that wont heal", {"symptoms", "diagnosis"}),
        (
            "I have an ulcer and a sore with liver cancer that never heals",
            {"symptoms", "diagnosis"},
        ),
        ("My back is sore with liver cancer, what helps?", {"pain"}),
        ("The skin of my hands is red and sore with liver cancer", {"skin"}),
        ("My feet are peeling since the tablets for liver cancer", {"skin"}),
        ("I'm afraid of sex after liver cancer", {"sexuality"}),
        ("I'm so afraid with liver cancer", {"coping"}),
        ("How do I cope with my fear of sex after liver cancer?", {"coping", "sexuality"}),
        ("I had a lump removed and it came back as liver cancer, what now?", {"treatment"}),
        ("My liver cancer came back as two lumps, what now?", {"recurrence", "treatment"}),
    ],
)
async def test_a_word_means_what_it_says_beside_others(
    catalogue: Catalogue, text: str, meant: set[str]
) -> None:
    read = {concept.key for concept in asked(catalogue, text).concepts}
    assert read - {"surgery", "definition"} == meant


async def test_help_is_told_first_and_from_a_heading_on_that_problem(database: Database) -> None:
    pieces = await answered(database, "chemo brain can't remember things", None, PAGES)
    assert headings(pieces)[0] == "What may help"
    said = texts(pieces)
    assert said[:2] == [
        "Here are some steps you can take to manage memory problems:",
        "Write each name on a blue card.",
    ]
    assert not any("lens" in text for text in said)


async def test_a_lead_in_that_points_to_its_list_is_quoted_with_it(database: Database) -> None:
    pieces = await answered(database, "How can I prevent infections during chemo?", None, PAGES)
    assert "Wash both hands with green soap." in texts(pieces)


async def test_no_question_for_the_doctor_has_a_hole(database: Database) -> None:
    pieces = await answered(database, "What helps against infection after chemo?", None, PAGES)
    questions = closing(pieces).doctor_questions
    assert questions
    assert not any("  " in text or " ?" in text for text in questions)
