"""Whom a text speaks of: children, older people, pregnant women, people with a transplant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.phrases import phrases


@dataclass(frozen=True, slots=True)
class PopulationMention:
    """A group of people, at `text[start:end]`: "child", "older", "pregnant", "male"."""

    key: str
    start: int
    end: int


# Ages from which and up to which a text about people of an age speaks of a group.
_OLDER_FROM: Final = 65
_ADULT_FROM: Final = 18
_TEEN_FROM: Final = 13
_AGED = re.compile(
    r"\b(?:aged?|ages)\s+(?:of\s+|over\s+)?(?P<after>\d{1,3})\b(?!,\d|\s?(?:weeks?|months?|days?))"
    r"|\b(?:over|older\s+than|above)\s+(?:the\s+age\s+of\s+|age\s+)?(?P<over>\d{2})\b(?![,.]\d|\s?[%\w])"
    r"|\b(?:under|younger\s+than|below)\s+(?:the\s+age\s+of\s+|age\s+)?(?P<under>\d{1,2})\b"
    r"(?![,.]\d|\s?%|\s+(?!years)\w)"
    r"|\b(?P<years>\d{1,3})[\s-]?(?:years?|yrs?|y)[\s-]?(?:of\s+age|olds?|/o)\b"
    r"|\b(?P<yo>\d{1,3})\s?(?:yo|y/o|y\.o\.)"
    r"|\b(?P<months>\d{1,2})[\s-]?(?:months?|weeks?)[\s-]old\b"
    r"|\b(?P<plus>\d{2})\s+(?:years\s+)?(?:and|or)\s+(?:older|over|above)\b"
    r"|\bin\s+(?:my|his|her|their)\s+(?P<decade>\d0)s\b",
    re.IGNORECASE,
)
_GROWN_CHILD = re.compile(r"\b(?:son|daughter)\b", re.IGNORECASE)
_AIDS_TO = re.compile(
    r"\b(?:hearing|decision|visual|walking|sleep|first|mobility)\s$", re.IGNORECASE
)


def populations_in(text: str) -> list[PopulationMention]:
    """Return the groups of people that a text names, in order, ages read as groups too."""
    ages = list(_ages(text))
    grown = any(mention.key in {"adult", "older"} for mention in ages)
    found = [*ages, *(named for named in _named(text) if not (grown and _is_grown(text, named)))]
    return sorted(set(found), key=lambda mention: (mention.start, mention.end, mention.key))


def _is_grown(text: str, mention: PopulationMention) -> bool:
    return _GROWN_CHILD.search(text[mention.start : mention.end]) is not None


def _named(text: str) -> Iterator[PopulationMention]:
    for found in _book().find(text):
        written = text[found.start : found.end]
        if written == "aids" or (written == "AIDS" and _AIDS_TO.search(text[: found.start][-12:])):
            continue
        yield PopulationMention(found.meaning, found.start, found.end)


def _ages(text: str) -> Iterator[PopulationMention]:
    for found in _AGED.finditer(text):
        if found["months"]:
            yield PopulationMention("child", found.start(), found.end())
            continue
        age = int(next(group for group in found.groups() if group))
        if found["under"]:
            age -= 1
        yield PopulationMention(_group(age), found.start(), found.end())


def _group(age: int) -> str:
    if age < _TEEN_FROM:
        return "child"
    if age < _ADULT_FROM:
        return "adolescent"
    return "adult" if age < _OLDER_FROM else "older"


@cache
def _book() -> PhraseBook[str]:
    return phrasebook(phrases("populations"))
