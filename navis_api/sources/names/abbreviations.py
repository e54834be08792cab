"""Short forms beside their long ones: "acute myeloid leukemia (AML)", "AML (acute myeloid …)".

The rule is that of Schwartz and Hearst (Pacific Symposium on Biocomputing 2003): each letter of
the short form stands in the long form, in order, and the first one begins a word.
"""

import re
from collections.abc import Iterator

# "AML", "MALT", "NPC", "t-MN": at most these many letters and digits, two of them capitals.
_SHORT = r"[A-Za-z0-9][A-Za-z0-9-]{1,9}"
_IN_BRACKETS = re.compile(rf"\s\(({_SHORT}?)s?\)")
_EXPLAINED = re.compile(r"\(([^\n().;:|]{6,80})\)")
_LAST_WORD = re.compile(rf"\b({_SHORT})\s$")
_CLAUSE = re.compile(r"[\n().;:|]")
_LONG_CHARS = 120
_SHORT_CHARS = 12
_CAPITALS_AT_LEAST = 2
_MOST_SKIPPED_WORDS = 2
_NO_LONG_FORM_ENDS_WITH = frozenset({"a", "an", "and", "or", "the", "of", "in", "with", "called"})


def abbreviations_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the long and the short form of each short form that a text explains."""
    for read in _IN_BRACKETS.finditer(text):
        short = read[1]
        if _is_short_form(short):
            before = text[max(read.start() - _LONG_CHARS, 0) : read.start()]
            long = _long_form(short, _CLAUSE.split(before)[-1])
            if long:
                yield long, short
    for read in _EXPLAINED.finditer(text):
        named = _LAST_WORD.search(text[max(read.start() - _SHORT_CHARS, 0) : read.start()])
        if named and _is_short_form(named[1]) and _long_form(named[1], read[1]) == read[1]:
            yield read[1], named[1]


def _is_short_form(text: str) -> bool:
    return sum(letter.isupper() for letter in text) >= _CAPITALS_AT_LEAST


def _long_form(short: str, before: str) -> str | None:
    """Return the end of a text that a short form stands for, or None."""
    spoken = before.split()
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    spoken = spoken[-min(len(letters) + 5, 2 * len(letters)) :]
    long = " ".join(spoken)
    at = len(long) - 1
    for place in range(len(letters) - 1, -1, -1):
        while at >= 0 and not (
            long[at].casefold() == letters[place]
            and (place > 0 or at == 0 or not long[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    found = long[at + 1 :]
    told = found.split()
    if len(told) < 2 or told[-1].casefold() in _NO_LONG_FORM_ENDS_WITH:  # noqa: PLR2004  (one word has no short form of this sort)
        return None
    initials = sum(part[:1].casefold() in letters for part in re.split(r"[\s-]+", found))
    skipped = len(re.split(r"[\s-]+", found)) - initials
    return found if skipped <= _MOST_SKIPPED_WORDS else None
