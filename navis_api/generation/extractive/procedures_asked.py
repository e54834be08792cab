"""Tests that somebody has before them, and whether they ask how these feel.

"Does a cystoscopy hurt?" is about that test: what helps against the pain of cancer is no answer.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from navis_api.generation.extractive.matching import wanted
from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words

_FEELS = (
    r"(?:hurts?|hurting|pain|painful|sore|uncomfortable|unpleasant|discomfort|sting|stings|awake"
    r"|asleep|sedated|sedation|numb|numbed|anesthetic|anesthesia|anesthetized|knocked out|put under"
    r"|put to sleep|feel (?:it|anything|much)|feel like)"
)
_ASKS_HOW_IT_FEELS = re.compile(
    r"\b(?:does|do|did|will|would|can|could|is|are|am|how|what|should|any)\b[^.?!]*"
    rf"\b{_FEELS}\b|\b(?:afraid|scared|worried|nervous|frightened|dreading)\b[^.?!]*\b{_FEELS}\b"
)
_ASKS_WHAT_IS_DONE = re.compile(
    r"\bwhat (?:happens|do they do|will they do|is done|is involved|should i expect|can i expect"
    r"|is it like|will happen|to expect)\b|\bhow (?:is|are) (?:\w+ ){1,4}(?:done|performed)\b"
)
# Behind it something else is asked: what it found, or what it left.
_IS_BEHIND = re.compile(
    r"\b(?:since|after|following|had|from)(?: (?:a|an|the|my|his|her|our|their|having|last|recent"
    r"|first|second|\w+ing))*$"
)
_TELLS_A_RESULT = re.compile(
    r"^(?:\w+ ){0,3}?(?:showed|shows?|shown|found|confirmed|revealed|came|come|says|said|results?"
    r"|report|was (?:positive|negative|clear|normal))\b"
)
FELT = (
    "pain", "painful", "hurt", "hurts", "discomfort", "uncomfortable", "numb", "numbed", "numbing",
    "anesthesia", "anesthetic", "anesthetics", "sedation", "sedative", "sedated", "asleep",
    "burning sensation", "cramp", "cramps", "cramping", "sore", "soreness", "tenderness",
)  # fmt: skip
"""How sources write of what somebody feels in a test, or doesn't."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A test that is asked about: its name with its article, and how sources write it."""

    name: str
    thing: Telling
    asks_how_it_feels: bool

    @property
    def what_is_done(self) -> str:
        """What is asked about the test, in words."""
        return f"what happens in {self.name}"

    @property
    def how_it_feels(self) -> str:
        """What is asked of how it feels, in words."""
        return f"whether {self.name} hurts"


def procedure_asked(text: str) -> Procedure | None:
    """Return the test of which a text asks what is done in it, or how it feels."""
    feels = _ASKS_HOW_IT_FEELS.search(text) is not None
    if not feels and not _ASKS_WHAT_IS_DONE.search(text):
        return None
    spoken = f" {' '.join(words(text))} "
    named = ((each, name) for each in _procedures() for name in each.phrases)
    found = [
        (len(name), -spoken.index(f" {name} "), each)
        for each, name in named
        if f" {name} " in spoken and _is_ahead(spoken, name)
    ]
    if not found:
        return None
    thing = max(found, key=lambda each: each[:2])[2]
    return Procedure(thing.label, thing, feels)


@cache
def all_procedures() -> tuple[str, ...]:
    """Return how sources write all tests, in the form of `matching.wanted`."""
    return wanted(phrase for each in _procedures() for phrase in each.phrases)


def _is_ahead(spoken: str, name: str) -> bool:
    """Whether a test is still to come, or nothing is said of when."""
    before, _, behind = spoken.partition(f" {name} ")
    return not _IS_BEHIND.search(before) and not _TELLS_A_RESULT.match(behind)


@cache
def _procedures() -> tuple[Telling, ...]:
    text = files("navis_api.generation.extractive").joinpath("procedures.json").read_text("utf-8")
    loaded: list[list[str]] = json.loads(text)
    return tuple(
        Telling(label, tuple(" ".join(words(name)) for name in names)) for label, *names in loaded
    )
