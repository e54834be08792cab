"""The fixed texts around an answer: kind, plain, and without any claim of ours."""

import json
import re
from importlib.resources import files
from typing import Any

import pytest

_TEXTS: dict[str, Any] = json.loads(
    files("navis_api.generation.extractive").joinpath("closing.json").read_text("utf-8")
)
_DRUGLIKE = re.compile(r"\b\w+(?:mab|nib|platin|taxel|parib)\b", re.IGNORECASE)


def fixed_texts() -> list[str]:
    listed = [
        text
        for group in ("doctor_questions", "next_steps")
        for texts in _TEXTS[group].values()
        for text in texts
    ]
    return [*listed, *_TEXTS["gaps"].values(), *_TEXTS["abstention"].values()]


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade (Kincaid et al. 1975), with syllables counted as vowel groups."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?]+", text)))
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", word.casefold().removesuffix("e")))) for word in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("text", fixed_texts())
def test_no_fixed_text_names_a_drug_a_dose_or_a_number(text: str) -> None:
    assert not _DRUGLIKE.search(text)
    assert not any(letter.isdigit() for letter in text)
    assert "you should" not in text.casefold()


@pytest.mark.parametrize("group", ["doctor_questions", "next_steps", "gaps", "abstention"])
def test_the_fixed_texts_read_easily(group: str) -> None:
    held = _TEXTS[group].values()
    texts = [text for value in held for text in (value if isinstance(value, list) else [value])]
    assert reading_grade(" ".join(texts)) <= 8


def test_there_are_questions_and_steps_for_whatever_is_asked() -> None:
    assert len(_TEXTS["doctor_questions"]["any"]) >= 4
    assert len(_TEXTS["next_steps"]["any"]) >= 3
