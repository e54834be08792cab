"""Syllables of the words that answers are made of."""

import pytest

from navis_api.answers.syllables import syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cure", 1),
        ("treated", 2),
        ("needed", 2),
        ("types", 1),
        ("doses", 2),
        ("likely", 2),
        ("able", 2),
        ("sometimes", 2),
        ("lifetime", 2),
        ("movement", 2),
        ("created", 3),
        ("treating", 2),
        ("area", 3),
        ("nuclear", 3),
        ("clear", 1),
        ("leukemia", 4),
        ("patient", 2),
        ("nutrient", 3),
        ("radiation", 4),
        ("diagnosis", 4),
        ("biopsy", 3),
        ("chemotherapy", 5),
        ("colonoscopy", 5),
        ("immunotherapy", 6),
        ("physicians", 3),
        ("physically", 3),
        ("delayed", 2),
        ("layer", 2),
        ("anxiety", 4),
        ("fatigue", 2),
        ("gradual", 3),
        ("metabolism", 5),
        ("doctor's", 2),
        ("doctor\u2019s", 2),
        ("isn't", 2),
        ("don't", 1),
        ("a", 1),
        ("I", 1),
    ],
)
def test_a_word_has_the_syllables_that_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(("word", "count"), [("MRI", 3), ("CT", 2), ("EGFR", 4), ("W", 3)])
def test_abbreviations_are_said_letter_by_letter(word: str, count: int) -> None:
    assert syllables(word) == count


def test_case_and_accents_change_nothing_else() -> None:
    assert syllables("Tumor") == syllables("tumor") == 2
    assert syllables("naïve") >= 1
    assert syllables("") == 1
