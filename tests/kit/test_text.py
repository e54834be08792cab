import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.kit.text import american, fold, squeeze, words


def test_squeeze_makes_each_run_of_white_space_one_space_and_composes_letters() -> None:
    assert squeeze("  what\t\nis \u00a0 cafe\u0301 ") == "what is caf\u00e9"


def test_fold_lowers_strips_accents_and_straightens_quotes() -> None:
    assert fold("Sjögren\u2019s ﬁbrosis ＡＢＣ") == "sjogren's fibrosis abc"


@pytest.mark.parametrize(
    ("british", "expected"),
    [
        ("tumours", "tumors"),
        ("oesophageal", "esophageal"),
        ("leukaemia", "leukemia"),
        ("anaemia", "anemia"),
        ("metastasised", "metastasized"),
        ("immunisation", "immunization"),
        ("haemoglobin", "hemoglobin"),
    ],
)
def test_british_spelling_becomes_american(british: str, expected: str) -> None:
    assert american(british) == expected


@pytest.mark.parametrize("word", ["hour", "four", "exercise", "advise", "promise", "otherwise"])
def test_words_that_only_look_british_stay(word: str) -> None:
    assert american(word) == word


def test_words_drop_possessive_endings_but_keep_contractions() -> None:
    assert words("Hodgkin's lymphoma: don\u2019t wait, Mom`s") == [
        "hodgkin",
        "lymphoma",
        "don't",
        "wait",
        "mom",
    ]


def test_words_of_a_text_without_letters_are_none() -> None:
    assert words(" \u2014 ?! ... _ ") == []


@given(st.text())
def test_words_split_again_are_themselves(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == [word.removesuffix("'s") for word in once]


@given(st.text())
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
