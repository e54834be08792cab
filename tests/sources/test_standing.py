"""Whether a quote still stands in a text: its words count, and not how they are laid out."""

import pytest

from navis_api.sources.standing import StandingText

TEXT = """\
## Ablation

Ablation destroys small tumors with heat. It takes 5.5 mg of a drug, and non-small cells too.

- Heat ablation: needles heat the tumor.
- Cold ablation: a probe freezes it.

1. First come the needles.
"""


@pytest.mark.parametrize(
    "quote",
    [
        "Ablation destroys small tumors with heat.",
        "destroys small tumors",
        "Ablation  destroys\nsmall tumors with heat.",
        "Ablation destroys small tumors with\u00a0heat.",
        "# Ablation\n\nAblation destroys small tumors with heat.",
        "Heat ablation: needles heat the tumor. Cold ablation: a probe freezes it.",
        "Heat ablation: needles heat the tumor.\n- Cold ablation",
        "5.5 mg of a drug",
        "non-small cells",
        "heat. It takes",
    ],
)
def test_words_that_are_there_stand_however_they_are_laid_out(quote: str) -> None:
    assert StandingText(TEXT).holds(quote)


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("Ablation destroys large tumors with heat.", "another word"),
        ("ablation destroys small tumors with heat.", "another case"),
        ("Ablation destroys small tumors with heat!", "another mark"),
        ("Ablation destroys small tumor", "a word goes on"),
        ("blation destroys small tumors", "a word began before"),
        ("small cells too.", "a hyphen makes it another word"),
        ("It takes 5", "a number goes on"),
        ("5 mg of a drug", "a number began before"),
        ("5.5 mg of a drug, non-small cells", "a word in between is left out"),
        ("Needles heat the tumor. Cold", "another case at the beginning of an item"),
        ("", "nothing at all"),
    ],
)
def test_words_that_differ_do_not_stand(quote: str, why: str) -> None:
    assert not StandingText(TEXT).holds(quote), why


def test_a_quote_stands_whose_first_likeness_is_a_part_of_a_longer_word() -> None:
    assert StandingText("Tumors grow. A tumor in the liver grows.").holds("tumor in the liver")
    assert StandingText("The tumors shrink; the tumor").holds("the tumor")


def test_a_composed_letter_is_the_same_as_its_parts() -> None:
    assert StandingText("The Sjo\u0308gren syndrome.").holds("The Sj\u00f6gren syndrome.")


def test_a_dash_and_a_full_stop_that_stand_alone_join_nothing() -> None:
    assert StandingText("It is rare - very rare. It stays.").holds("very rare")
    assert StandingText("It is rare - very rare. It stays.").holds("It is rare")
    assert StandingText("Doses of 5. Then 7.").holds("Doses of 5")
