"""Where a sentence ends in medical prose.

A full stop ends a sentence only where a reader would say so: not in "e.g.", "vs.", "U.S. Food
and Drug Administration", "H. pylori", "J. Smith", "No. 3" or "P = .90", but in "stage IV. The"
and "vitamin C. It". In doubt two sentences stay one, since a quote cut in half misleads while a
long one does not.
"""

import re
from collections.abc import Iterator

from navis_api.sources.layout import trimmed

# A stop, what closes behind it, white space, and then what may open a sentence. A small letter
# opens none, except in names such as p53 or mTOR, which have a capital or a digit soon after.
_CANDIDATE = re.compile(
    r"""[.!?…]["'”’)\]]*(?P<gap>\s+)(?=["'“‘(\[]*(?:[^\W\d_a-z]|\d|[a-z]{1,2}[A-Z0-9]))"""
)
_LAST_TOKEN = re.compile(r"[^\s(\[“\"‘]*\Z")
_NEXT_WORD = re.compile(r"[\"'“‘(\[]*([^\W_]+(?:['’]\w+)?)")
# How far to look back for the word that the stop belongs to, and the one before.
_LOOK_BACK = 40
# "shiitake (Lentinus edodes [Berk.] Pegler)": a bracket is closed before its sentence ends. One
# that is still open after so many characters was never meant to be closed.
_BRACKETED_CHARS = 300

# These are followed by what they abbreviate for; no sentence ends with them.
_NEVER_LAST = frozenset(
    [
        "e.g",
        "i.e",
        "vs",
        "cf",
        "viz",
        "approx",
        "dr",
        "drs",
        "mr",
        "mrs",
        "ms",
        "prof",
        "fig",
        "figs",
        "eq",
        "ref",
        "refs",
        "vol",
        "pp",
        "ca",
        "incl",
        "resp",
        "gen",
        "mt",
        "ft",
        "rev",
        "hon",
    ]
)
_BEFORE_A_NUMBER = frozenset(
    ["no", "nos", "fig", "figs", "vol", "p", "pp", "ch", "sec", "art", "nr", "ver"]
)
# Both inside a sentence and at its end: only a word that opens sentences decides.
_SOMETIMES_LAST = frozenset(
    [
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "a.m",
        "p.m",
        "etc",
        "al",
        "ph.d",
        "m.d",
        "r.n",
        "b.c",
        "a.d",
        "d.c",
        "inc",
        "ltd",
        "co",
        "corp",
        "jr",
        "sr",
        "st",
        "dept",
        "univ",
        "assoc",
        "max",
        "min",
        "est",
    ]
)
_OPENERS = frozenset(
    [
        "a",
        "about",
        "according",
        "additional",
        "after",
        "all",
        "also",
        "although",
        "an",
        "and",
        "another",
        "any",
        "approximately",
        "are",
        "as",
        "at",
        "because",
        "before",
        "both",
        "but",
        "by",
        "can",
        "cancer",
        "certain",
        "clinical",
        "common",
        "data",
        "despite",
        "do",
        "doctors",
        "during",
        "each",
        "even",
        "every",
        "fewer",
        "for",
        "four",
        "from",
        "given",
        "he",
        "health",
        "her",
        "high",
        "his",
        "how",
        "however",
        "i",
        "if",
        "in",
        "information",
        "is",
        "it",
        "its",
        "learn",
        "many",
        "men",
        "more",
        "most",
        "my",
        "new",
        "no",
        "none",
        "not",
        "of",
        "often",
        "on",
        "one",
        "only",
        "other",
        "our",
        "overall",
        "patients",
        "people",
        "researchers",
        "risk",
        "she",
        "side",
        "since",
        "some",
        "studies",
        "study",
        "such",
        "surgery",
        "survival",
        "talk",
        "tell",
        "that",
        "the",
        "their",
        "then",
        "there",
        "therefore",
        "these",
        "they",
        "this",
        "those",
        "three",
        "to",
        "treatment",
        "treatments",
        "tumors",
        "two",
        "under",
        "unlike",
        "until",
        "we",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "with",
        "women",
        "you",
        "your",
    ]
)
# "vitamin C." may end a sentence, "Dr. C." may not: the word before a lone capital tells.
_LETTERED = frozenset(
    [
        "vitamin",
        "vitamins",
        "hepatitis",
        "stage",
        "stages",
        "grade",
        "group",
        "groups",
        "type",
        "types",
        "class",
        "category",
        "arm",
        "part",
        "level",
        "figure",
        "table",
        "cohort",
        "region",
        "subtype",
        "score",
        "factor",
        "interleukin",
        "immunoglobulin",
        "influenza",
        "appendix",
        "schedule",
        "regimen",
        "plan",
        "coenzyme",
        "protein",
    ]
)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of `text[start:end]`, as trimmed offsets into `text`, in order.

    Together they hold every character that is not white space between sentences.
    """
    begin = start
    for match in _CANDIDATE.finditer(text, start, end):
        if not _ends(text, begin, match, end):
            continue
        yield from _unless_blank(text, begin, match.start("gap"))
        begin = match.end("gap")
    yield from _unless_blank(text, begin, end)


def _unless_blank(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first, last = trimmed(text, start, end)
    if first < last:
        yield first, last


def _ends(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    stop = match.start()
    if _inside_brackets(text[max(begin, stop - _BRACKETED_CHARS) : match.start("gap")]):
        return False
    if text[stop] != ".":
        return True
    before = text[max(begin, stop - _LOOK_BACK) : stop]
    token = _last_token(before)
    opener = _NEXT_WORD.match(text, match.end(), end)
    following = opener[1] if opener else ""
    if not token:
        # An ellipsis, or a stop that stands alone.
        return bool(before.rstrip(".")) and following.casefold() in _OPENERS
    closed = match.start("gap") > stop + 1
    word = token.casefold()
    if word in _NEVER_LAST:
        return False
    if word in _BEFORE_A_NUMBER and following[:1].isdigit():
        return False
    if word in _SOMETIMES_LAST:
        return closed or following.casefold() in _OPENERS
    if len(token) == 1 and token.isalpha():
        return closed or _a_letter_may_end(before, token, following)
    # "J.K. Rowling", "Ph.D. Smith": dotted capitals are a name or a title.
    if re.fullmatch(r"(?:[A-Za-z]\.-?)+[A-Za-z]", token):
        return closed or following.casefold() in _OPENERS
    # "1. Item" in the middle of a line: the number belongs to what follows.
    return not (token.isdigit() and len(before) == len(token))


def _inside_brackets(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _a_letter_may_end(before: str, token: str, following: str) -> bool:
    if token.islower():
        return following.casefold() in _OPENERS
    previous = _last_token(before[: -len(token)].rstrip()).casefold()
    return previous in _LETTERED or following.casefold() in _OPENERS - {"a", "i"}


def _last_token(text: str) -> str:
    found = _LAST_TOKEN.search(text)
    return found[0].lstrip("'’").rstrip(".") if found else ""
