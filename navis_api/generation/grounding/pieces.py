"""The words and signs of a sentence, folded."""

import re
from dataclasses import dataclass

from navis_api.generation.grounding.roots import without_contraction
from navis_api.kit.text import american, fold

_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![^\W_])|\d+(?:\.\d+)?(?![^\W_])|[^\W_]+(?:['\u2019][^\W_]+)?"
    r"|[.,;:!?()\[\]%+/\u2013\u2014\u2212-]"
)
_SIGNS = frozenset("+-\u2212\u2013")
_DASHES = {"\u2212": "-"}
_SIGNED_NAMES = frozenset({"er", "pr", "hr", "her2", "hpv", "ebv", "hiv", "rh", "ph"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a sign, folded, and where it begins; `written` is how it stands in the text."""

    word: str
    start: int
    written: str


def pieces_of(text: str) -> list[Piece]:
    """Split into words and signs; "HER2+" and "ER-" are said in words."""
    pieces: list[Piece] = []
    end_before = -1
    for found in _TOKEN.finditer(text):
        written, start, end = found[0], found.start(), found.end()
        sticks = start == end_before and bool(pieces)
        end_before = end
        if not written[0].isalnum():
            closes = end == len(text) or not text[end].isalnum()
            if sticks and closes and written in _SIGNS and _takes_sign(pieces[-1].word, written):
                written = "positive" if written == "+" else "negative"
            if sticks and not closes and written == "-":
                # "Breast-conserving" is two words of one phrase.
                continue
            pieces.append(Piece(_DASHES.get(written, written), start, written))
            continue
        for word in without_contraction(american(fold(written))).split():
            said = word.removesuffix("'s")
            said = said.replace(",", "") if said[:1].isdigit() else said
            if said:
                pieces.append(Piece(said, start, written))
    return pieces


def _takes_sign(word: str, sign: str) -> bool:
    if word in _SIGNED_NAMES:
        return True
    return sign == "+" and any(letter.isdigit() for letter in word) and word[0].isalpha()
