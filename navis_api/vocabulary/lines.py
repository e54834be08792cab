"""Which line or phase of treatment a text speaks of."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.phrases import phrases


@dataclass(frozen=True, slots=True)
class LineMention:
    """A line of treatment, at `text[start:end]`: "first_line", "adjuvant", "maintenance"."""

    key: str
    start: int
    end: int


_OTHER_SENSES: Final = re.compile(r"\s+(?:of\s+defen[cs]e|defen[cs]e)", re.IGNORECASE)


def lines_in(text: str) -> list[LineMention]:
    """Return the lines and phases of treatment that a text names, in order."""
    return [
        LineMention(found.meaning, found.start, found.end)
        for found in _book().find(text)
        if not _OTHER_SENSES.match(text, found.end)
    ]


@cache
def _book() -> PhraseBook[str]:
    return phrasebook(phrases("lines"))
