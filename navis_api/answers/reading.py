"""How hard a text is to read."""

import re
from collections.abc import Iterable

from navis_api.answers.syllables import syllables

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
# A full stop before a small letter ends an abbreviation ("e.g. of"), not a sentence.
_SENTENCE_END = re.compile(r"[.!?][)\"\u2019\u201d]*(?=\s+[^a-z\s]|\s*$)")


def reading_grade(claims: Iterable[str]) -> float | None:
    """Return the US school grade that reads the claims with ease, or None for no text.

    The Flesch-Kincaid grade level: 0.39 words a sentence + 11.8 syllables a word - 15.59
    (Kincaid, Fishburne, Rogers and Chissom, Research Branch Report 8-75, 1975). A bullet counts
    as a sentence, since readers stop at its end; figures have no words.
    """
    sentences = 0
    words: list[str] = []
    for claim in claims:
        found = _WORD.findall(claim)
        if found:
            words.extend(found)
            sentences += max(1, len(_SENTENCE_END.findall(claim)))
    if not words:
        return None
    spoken = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
    return round(max(grade, 0.0), 1)
