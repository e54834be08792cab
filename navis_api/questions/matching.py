"""When two wordings are the same question to the letter: the key that they share (law 5)."""

import re
import unicodedata

from navis_api.errors import InvalidInput
from navis_api.kit.text import american, fold

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))

# Case, spacing and punctuation change nothing, but a sign can change everything:
# HER2+ is not HER2-, and under 5 is not over 5. Signs that mean something become words.
_POSITIVE = re.compile(r"(?<=\w)\s?\(?\+\)?(?![\w+])")
_NEGATIVE = re.compile(
    r"\b((?:[A-Za-z]*\d[A-Za-z0-9]*|[A-Z]{2,}|(?i:er|pr|hr|her2|ebv|hpv|psa|alk|egfr|braf|kras|brca|ntrk|fgfr|idh"
    r"|kit|ret|msi|mmr)))(?:\s?\(-\)|-(?!\w))"
)
_MINUS = re.compile(r"(?<![^\s(=<>])-(?=[.,]?\d)")
_SIGNS = {
    "<": " less than ",
    ">": " more than ",
    "\u2264": " at most ",
    "\u2265": " at least ",
    "=": " equals ",
    "%": " percent ",
    "+": " plus ",
    "&": " and ",
    "/": " / ",
}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)*|/")
_MAX_KEY_CHARS = 2_000


class QuestionEmpty(InvalidInput):
    """A text without a word in it."""

    def __init__(self) -> None:
        super().__init__("Write your question in words.", path=("input", "text"))


def _as_word(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGNS[letter]
    # Of the many further signs of mathematics none may be lost, so each has its own name.
    if not letter.isascii() and unicodedata.category(letter) == "Sm":
        return f" {unicodedata.name(letter, '')} "
    return letter


def match_key(text: str) -> str:
    """Return the key: the question's words in order, folded, in American spelling.

    Raises QuestionEmpty when there is no word.
    """
    # The composed compatibility form: HER2 with a raised plus is HER2+, and "\u2260" stays whole.
    signed = unicodedata.normalize("NFKC", text).translate(_DASHES)
    signed = _POSITIVE.sub(" positive ", signed)
    signed = _NEGATIVE.sub(r"\1 negative ", signed)
    signed = _MINUS.sub(" minus ", signed)
    signed = "".join(map(_as_word, signed))
    key = " ".join(_TOKEN.findall(american(fold(signed))))[:_MAX_KEY_CHARS]
    if not key.replace("/", "").strip():
        raise QuestionEmpty
    return key
