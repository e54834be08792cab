"""The fixed texts around an answer: kind, plain, and without any claim of ours."""

import json
import re
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest

from navis_api.answers.reading import reading_grade
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.closing import closing
from navis_api.generation.extractive.reading import read_question
from tests.sources.corpus import entry

_TEXTS: dict[str, Any] = json.loads(
    files("navis_api.generation.extractive").joinpath("closing.json").read_text("utf-8")
)
# What stands for the gaps of a text when its grade is counted.
_NAMES = defaultdict(lambda: "liver cancer")
_DRUGLIKE = re.compile(r"\b\w+(?:mab|nib|platin|taxel|parib)\b", re.IGNORECASE)


def fixed_texts() -> list[str]:
    listed = [
        text
        for group in ("doctor_questions", "next_steps")
        for texts in _TEXTS[group].values()
        for text in texts
    ]
    return [*listed, *_TEXTS["gaps"].values(), *_TEXTS["abstention"].values()]


@pytest.mark.parametrize("text", fixed_texts())
def test_no_fixed_text_names_a_drug_a_dose_or_a_number(text: str) -> None:
    assert not _DRUGLIKE.search(text)
    assert not any(letter.isdigit() for letter in text)
    assert "you should" not in text.casefold()


@pytest.mark.parametrize("group", ["doctor_questions", "next_steps", "gaps", "abstention"])
def test_the_fixed_texts_read_easily(group: str) -> None:
    held = _TEXTS[group].values()
    texts = [text for value in held for text in (value if isinstance(value, list) else [value])]
    grade = reading_grade(text.format_map(_NAMES) for text in texts)
    assert grade is not None
    assert grade <= 8


def test_there_are_questions_and_steps_for_whatever_is_asked() -> None:
    assert len(_TEXTS["doctor_questions"]["any"]) >= 4
    assert len(_TEXTS["next_steps"]["any"]) >= 3


def questions(text: str, catalogue: Catalogue, slug: str = "liver-cancer") -> tuple[str, ...]:
    cancer: CatalogueEntry = entry(catalogue, slug)
    frame = closing(read_question(text, cancer, catalogue), ())
    assert 4 <= len(frame.doctor_questions) <= 6
    assert 3 <= len(frame.next_steps) <= 5
    assert not any("{" in line for line in (*frame.doctor_questions, *frame.next_steps))
    return frame.doctor_questions


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Is active surveillance safe for low-risk liver cancer?", "Why is it safe for me to wait"),
        ("What is liver cancer?", "What kind of liver cancer do I have"),
        ("What are the options for stage 3 liver cancer?", "How do you know the stage"),
        ("How is BRAF mutated liver cancer treated?", "What does my test result for BRAF mean"),
        ("How does sorafenib work in liver cancer?", "Why do you advise sorafenib for me"),
        ("What happens in surgery for liver cancer?", "What will be removed"),
        ("How do I tell my children that I have liver cancer?", "Who here can help me talk with"),
        ("Does smoking cause liver cancer?", "Who can help me to stop smoking"),
        ("My liver cancer came back", "Has my cancer come back in the same place"),
        ("Can liver cancer come back?", "How often will I have check-ups"),
    ],
)
async def test_the_first_question_for_the_doctor_fits_what_was_asked(
    catalogue: Catalogue, text: str, begins: str
) -> None:
    assert questions(text, catalogue)[0].startswith(begins)


@pytest.mark.parametrize(
    ("text", "beside_the_point"),
    [
        ("Is active surveillance safe for low-risk liver cancer?", "risk factors"),
        ("How does chemotherapy cause hair loss in liver cancer?", "risk factors"),
        ("What are the side effects of treatment for liver cancer?", "Which treatment options"),
        ("Is there screening for liver cancer?", "second opinion"),
        ("Can liver cancer come back?", "Which treatment options"),
        ("What are the early signs of liver cancer?", "stage of my cancer"),
        ("My mum has liver cancer. What causes it?", "stay healthy"),
        ("My liver cancer was removed by surgery. How long is the recovery?", "will be removed"),
        ("How is liver cancer treated in people with HIV?", "tested in my tumor"),
        ("Does a biopsy for liver cancer hurt?", "one of my medicines"),
        ("How fast does liver cancer grow?", "What else should I ask"),
    ],
)
async def test_no_question_is_beside_the_point(
    catalogue: Catalogue, text: str, beside_the_point: str
) -> None:
    assert not any(beside_the_point in question for question in questions(text, catalogue))


async def test_a_drug_is_named_in_each_question_that_speaks_of_it(catalogue: Catalogue) -> None:
    cancer = entry(catalogue, "liver-cancer")
    asked = read_question("How does pembrolizumab work in liver cancer?", cancer, catalogue)
    told = [text for text in closing(asked, ()).doctor_questions if "pembrolizumab" in text]
    assert len(told) == 2
    assert "Does pembrolizumab get along with my other medicines?" in told


async def test_no_two_questions_begin_alike(catalogue: Catalogue) -> None:
    told = questions("How often are check-ups due after surgery for liver cancer?", catalogue)
    assert len([text for text in told if text.startswith("Who do I call")]) == 1
