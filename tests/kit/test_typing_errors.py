import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.kit.typing_errors import best_correction, deletions, is_one_error_away

_LETTERS = st.text(alphabet=string.ascii_lowercase[:5], min_size=1, max_size=7)


@pytest.mark.parametrize(
    "typed", ["liverr", "livr", "lover", "lievr", "iver", "aliver", "livers", "live"]
)
def test_one_dropped_added_changed_or_swapped_letter_is_one_error(typed: str) -> None:
    assert is_one_error_away(typed, "liver")


@pytest.mark.parametrize("typed", ["liver", "li", "livrre", "lovers", "revil", ""])
def test_equal_words_and_two_errors_are_not_one_error(typed: str) -> None:
    assert not is_one_error_away(typed, "liver")


@given(_LETTERS, st.integers(0, 6), st.sampled_from("abcde"), st.sampled_from("dacs"))
def test_words_one_error_apart_share_a_form_with_a_letter_left_out(
    word: str, at: int, letter: str, error: str
) -> None:
    before, after = word[:at], word[at:]
    typed = {
        "d": before + after[1:],
        "a": before + letter + after,
        "c": before + letter + after[1:],
        "s": before + after[1:2] + after[:1] + after[2:],
    }[error]
    assert typed == word or is_one_error_away(typed, word)
    assert set(deletions(typed)) & set(deletions(word))


@given(_LETTERS, _LETTERS)
def test_being_one_error_away_goes_both_ways(one: str, other: str) -> None:
    assert is_one_error_away(one, other) == is_one_error_away(other, one)


def test_the_word_with_the_same_first_letter_goes_before_the_more_used_one() -> None:
    assert best_correction("lever", [("fever", 90), ("liver", 1)]) == "liver"


def test_among_equals_the_more_used_word_is_meant() -> None:
    assert best_correction("cance", [("cancer", 5), ("dance", 7), ("canc", 3)]) == "cancer"


def test_nothing_is_corrected_to_a_word_two_errors_away() -> None:
    assert best_correction("livr", [("lung", 100), ("", 3)]) is None
