"""Tests that somebody has before them: what is done and how it feels, and no cancer pain."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention
from navis_api.generation.extractive.procedures_asked import procedure_asked
from tests.generation.answered import answered, asked, closing, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Diagnosis",
    """
## Tests to diagnose liver cancer

### Laparoscopy

Laparoscopy is a procedure in which the doctor looks at the liver through a small cut. A thin tube
goes in through the cut.

Talk with your doctor before your laparoscopy. Some people have a sore belly for a day.

### Other tests for liver cancer

The following tests may be used:

- Bone marrow aspiration and biopsy: The removal of bone marrow with a hollow needle. It is looked
at under a microscope.

## Pain from liver cancer

Liver cancer may cause pain under the ribs on the right side.
""",
)
PAIN = document(
    "pain",
    "Cancer Pain",
    """
## What is cancer pain?

Cancer pain is pain that comes from cancer or from its treatment.

## Treating pain

Opioids are strong medicines that are used for cancer pain of many kinds.
""",
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("does a laparoscopy hurt", "a laparoscopy"),
        ("i am having a bone marrow biopsy . is it painful", "a bone marrow biopsy"),
        ("what happens during a colonoscopy", "a colonoscopy"),
        ("will i be put to sleep for my bronchoscopy", "a bronchoscopy"),
        ("how is a lumbar puncture done", "a lumbar puncture"),
    ],
)
def test_a_test_is_asked_about_by_the_longest_of_its_names(text: str, name: str) -> None:
    found = procedure_asked(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "i have had pain since my biopsy . what can i do",
        "my biopsy showed cancer . is it painful",
        "is cancer painful",
        "which biopsy do i need",
    ],
)
def test_pain_that_is_of_no_test_is_asked_about_as_pain(text: str) -> None:
    assert procedure_asked(text) is None


async def test_who_asks_whether_a_test_hurts_is_told_of_that_test(database: Database) -> None:
    pieces = await answered(
        database,
        "I have a laparoscopy next week for suspected liver cancer. What happens and does it hurt?",
        "liver-cancer",
        [LIVER, PAIN],
    )
    said = " ".join(texts(pieces))
    assert "looks at the liver through a small cut" in said
    assert "sore belly for a day" in said
    assert "pain" not in said
    assert "Opioids" not in said
    assert not closing(pieces).gaps


async def test_what_nobody_says_of_a_test_is_an_honest_gap(database: Database) -> None:
    pieces = await answered(
        database, "Is a bone marrow biopsy painful in liver cancer?", "liver-cancer", [LIVER, PAIN]
    )
    assert headings(pieces) == ["What happens in the test"]
    assert "hollow needle" in " ".join(texts(pieces))
    assert "whether a bone marrow biopsy hurts" in gaps(pieces)
    assert any("numb the pain" in question for question in closing(pieces).doctor_questions)
    assert not any("medicines" in question for question in closing(pieces).doctor_questions)


async def test_of_a_test_that_nobody_knows_there_is_no_answer(database: Database) -> None:
    pieces = await answered(
        database, "Does a cystoscopy hurt in liver cancer?", "liver-cancer", [LIVER, PAIN]
    )
    assert isinstance(pieces[-1], Abstention)


async def test_what_else_is_asked_is_answered_behind_the_test(catalogue: Catalogue) -> None:
    read = asked(catalogue, "Does a biopsy hurt, and what treatment is there for liver cancer?")
    assert read.procedure is not None
    assert read.has("treatment")
    assert not read.has("pain")
