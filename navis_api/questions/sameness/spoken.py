"""A question as words with their places, in the form that all readers of slots share."""

import re
import unicodedata
from dataclasses import dataclass

from navis_api.kit.text import american, fold

_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    }
)
_SHORT_SIGN = re.compile(r"\s?(?P<sign>[+-])ve\b")
_SIGNED = {"+": " positive", "-": " negative"}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SIGN = re.compile(r"[<>\u2264\u2265=%+]")
_CLAUSE_END = re.compile(r"[,;:()\n]|\s-+\s|\.\.+")
_SENTENCE_END = re.compile(r"[.?!](?=\s|$|[\"'])|\n")

_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ies|ing|ed|(?<=[sxzh])es|(?<!s)s)$")

_LONG_STEM = 5
"""A stem of so many letters still tells its word: "car" would be "care" as well."""

_SIGN_NAMES = {
    "<": "under",
    ">": "over",
    "\u2264": "atmost",
    "\u2265": "atleast",
    "=": "equals",
    "%": "percent",
    "+": "plus",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word: folded, with its place in the plain text and the clause and sentence it is in."""

    word: str
    start: int
    end: int
    clause: int
    sentence: int


def plain_text(text: str) -> str:
    """Return the text with one kind of dash and quote, its case kept; readers' places are in it."""
    straight = unicodedata.normalize("NFKC", text).translate(_STRAIGHT)
    return _SHORT_SIGN.sub(lambda found: _SIGNED[found["sign"]], straight)


def spoken_words(plain: str) -> list[Spoken]:
    """Return the words of a plain text; a sign that means something is a word of its own."""
    marks = sorted(
        [(found.start(), found.end(), True) for found in _WORD.finditer(plain)]
        + [(found.start(), found.end(), False) for found in _SIGN.finditer(plain)]
    )
    clause_ends = [found.start() for found in _CLAUSE_END.finditer(plain)]
    sentence_ends = [found.start() for found in _SENTENCE_END.finditer(plain)]
    words: list[Spoken] = []
    for start, end, is_word in marks:
        written = plain[start:end]
        word = american(fold(written)).removesuffix("'s") if is_word else _SIGN_NAMES[written]
        sentence = sum(at < start for at in sentence_ends)
        clause = sentence + sum(at < start for at in clause_ends)
        words.append(Spoken(word, start, end, clause, sentence))
    return words


def stem(word: str) -> str:
    """Return a word without the ending that its forms differ in: "scans" and "scan" are one."""
    short = _ENDINGS.sub(lambda found: "y" if found.group() == "ies" else "", word)
    doubled = len(short) >= _LONG_STEM and short[-1] == short[-2] and short[-1] not in "ls"
    if short != word and doubled:
        return short[:-1]
    return short.removesuffix("e") if len(short) > _LONG_STEM else short
