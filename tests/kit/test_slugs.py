import re

from hypothesis import given
from hypothesis import strategies as st

from navis_api.kit.slugs import slugify

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_a_slug_is_lower_case_words_with_hyphens() -> None:
    assert slugify("What's a Lump — in the Bréast?") == "whats-a-lump-in-the-breast"


def test_a_long_slug_is_cut_between_words() -> None:
    assert slugify("one two three", max_length=9) == "one-two"
    assert slugify("one two three", max_length=7) == "one-two"


def test_a_single_long_word_is_cut_within() -> None:
    assert slugify("a" * 50, max_length=10) == "a" * 10


def test_a_text_that_ascii_cannot_show_has_no_slug() -> None:
    assert slugify("癌") == ""


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_slug_is_one_that_the_tables_accept_and_never_too_long(text: str, most: int) -> None:
    slug = slugify(text, max_length=most)
    assert len(slug) <= most
    assert slug == "" or SLUG.fullmatch(slug)
