"""Texts in pieces of words, as an encoder reads them."""

from navis_api.side_by_side.tokens import BETWEEN, FIRST, UNKNOWN, Pieces, words_of

PLACES = {"[PAD]": 0, UNKNOWN: 1, FIRST: 2, BETWEEN: 3, "chemo": 4, "##therapy": 5, "?": 6}
MOST_TOKENS = 96


def test_words_are_read_plain() -> None:
    assert words_of("Naïve \u200bT-cells") == ["naive", "t", "-", "cells"]


def test_a_word_is_read_in_the_longest_pieces_that_are_known() -> None:
    pieces = Pieces(PLACES)
    assert pieces.of("Chemotherapy?") == [4, 5, 6]
    assert pieces.of("chemotherapies") == [1]


def test_the_longer_of_two_texts_is_cut() -> None:
    ids, sides = Pieces(PLACES).pair("chemo " * 200, "chemotherapy?", MOST_TOKENS)
    assert len(ids) == len(sides) == MOST_TOKENS
    assert ids[-5:] == [3, 4, 5, 6, 3]
    assert sides[-5:] == [0, 1, 1, 1, 1]
