"""When two wordings are the same question to the letter (law 5)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.questions.matching import QuestionEmpty, match_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is HCC?", "what is hcc"),
        ("What is HCC?", "  What\u00a0is\n\tHCC ? "),
        ("Is it back, again?", "Is it back again!!"),
        ("What\u2019s next?", "What's next?"),
        ("What\u2018s next", "what`s next?"),
        ("\u201cWhat is remission?\u201d", '"What is remission?"'),
        ("My tumour is back", "My tumor is back"),
        ("Oesophageal cancer and leukaemia", "esophageal cancer and leukemia"),
        ("Has it metastasised?", "Has it metastasized?"),
        ("café", "cafe\u0301"),
        ("cafe", "café"),
        ("HER2+ breast cancer", "HER2-positive breast cancer"),
        ("HER2+ breast cancer", "HER2 positive breast cancer"),
        ("HER2 (+)", "her2+"),
        ("HER2- breast cancer", "HER2-negative breast cancer"),
        ("HER2\u2212 breast cancer", "HER2 negative breast cancer"),
        ("HER2\u2013", "HER2 (-)"),
        ("ER+/HER2-", "ER+ / HER2\u2212"),
        ("HER2\u207a", "HER2+"),
        ("HER2\u207b", "HER2-"),
        ('What is "HER2-"?', "What is HER2-negative?"),
        ("[HER2-]", "HER2 (-)"),
        ("ntrk- lung cancer", "NTRK-negative lung cancer"),
        ("PSA \uff1c 5", "PSA < 5"),
        ("came back\u2014what now", "came back, what now"),
        ("Is PSA < 5 good?", "Is PSA<5 good"),
        ("Is PSA < 5 good?", "Is PSA less than 5 good?"),
        ("PSA \u2265 5", "psa\u22655"),
        ("50% chance", "50 % chance"),
        ("50% chance", "50 percent chance"),
        ("surgery & chemo", "surgery and chemo"),
        ("triple-negative breast cancer", "triple negative breast cancer"),
        ("ＨＣＣ", "HCC"),
        ("ﬁrst line", "first line"),
        ("stage \u2163", "stage IV"),
        ("what\u200bever", "what\u200bever"),
    ],
)
def test_one_question_has_one_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HER2+ breast cancer", "HER2- breast cancer"),
        ("HER2+ breast cancer", "HER2 breast cancer"),
        ("HER2- breast cancer", "HER2 breast cancer"),
        ("HER2 (+)", "HER2 (-)"),
        ("Is it HER2+?", "Is it HER2-?"),
        ("ER+/PR-", "ER-/PR+"),
        ("ER+, PR-, HER2-", "ER+, PR+, HER2-"),
        ("ER\u2212 cancer", "ER+ cancer"),
        ("PSA < 5", "PSA > 5"),
        ("PSA <5", "PSA 5"),
        ("PSA \u2264 5", "PSA \u2265 5"),
        ("PSA \u2264 5", "PSA < 5"),
        ("a 1.5 cm lump", "a 15 cm lump"),
        ("a 1.5 cm lump", "a 1 5 cm lump"),
        ("1,5 cm", "15 cm"),
        ("Should I have surgery?", "Should I not have surgery?"),
        ("I can have chemo", "I can't have chemo"),
        ("with metastases", "without metastases"),
        ("stage 3", "stage 4"),
        ("stage III", "stage IV"),
        ("stage IIIA", "stage IIIB"),
        ("stage 2", "stage 2a"),
        ("T1N0", "T1N1"),
        ("first line", "second line"),
        ("in adults", "in children"),
        ("5% chance", "5 chance"),
        ("KRAS G12C", "KRAS G12D"),
        ("t(9;22)", "t(8;14)"),
        ("HER2\u207a cancer", "HER2\u207b cancer"),
        ("PSA \uff1c5", "PSA \uff1e5"),
        ("PSA \u22665", "PSA \u22675"),
        ("PSA \u2a7d5", "PSA \u2a7e5"),
        ("PSA \u226e5", "PSA \u226f5"),
        ("ER \u2260 PR", "ER = PR"),
        ("1\u00bd years", "11 2 years"),
        ("a T-score of -2.5", "a T-score of 2.5"),
        ("a T-score of \u22122.5", "a T-score of +2.5"),
        ('What is "HER2-"?', "What is HER2?"),
        ("What is ER?", "What is PR?"),
        ("癌症", "癌"),
    ],
)
def test_a_sign_or_word_that_changes_the_question_changes_the_key(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "...",
        "\u2014",
        "'\u2019`",
        "_",
        "/",
        "/ / /",
        "\u0301",
        "\U0001f600",
        "\u200b",
    ],
)
def test_a_text_without_a_word_is_no_question(text: str) -> None:
    with pytest.raises(QuestionEmpty) as refused:
        match_key(text)
    assert refused.value.path == ("input", "text")


def test_a_key_is_no_longer_than_an_index_can_hold() -> None:
    assert len(match_key("word " * 5_000)) <= 2_000
    assert len(match_key("\ufdfa " * 1_000)) <= 2_000


_WORDS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=8)
_BETWEEN = st.sampled_from(
    [" ", "  ", "\n", ", ", "; ", " ... ", "\u00a0", "! ", "? ", " \u201c", ": "]
)


@given(_WORDS, st.data())
def test_case_and_punctuation_between_words_never_change_the_key(
    words: list[str], data: st.DataObject
) -> None:
    plain = " ".join(words)
    varied = ""
    for word in words:
        cased = data.draw(st.sampled_from([word.lower(), word.upper(), word.capitalize()]))
        varied += cased + data.draw(_BETWEEN)
    assert match_key(varied) == match_key(plain)


@given(st.text(max_size=200))
def test_any_text_has_a_key_or_is_refused_and_a_key_holds_no_punctuation(text: str) -> None:
    try:
        key = match_key(text)
    except QuestionEmpty:
        return
    assert key == key.strip()
    assert "  " not in key
    assert not re.search(r"[^\w\s'.,/]", key)


@given(_WORDS)
def test_the_key_of_a_key_is_the_key(words: list[str]) -> None:
    key = match_key(" ".join(words))
    assert match_key(key) == key
