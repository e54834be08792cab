"""How far a disease is, as a text says it: stages, extent, state, TNM, grade and risk.

Stages are those of the AJCC and FIGO ("IIIB", "3b" and "three B" are one), Ann Arbor and INSS
letters included; grades those that pathologists give, Gleason scores and grade groups too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.phrases import stage_phrases
from navis_api.vocabulary.spread import spread_in


class StageKind(StrEnum):
    """What a mention says of a disease."""

    STAGE = "stage"
    """A numbered stage: "iiib"."""
    EXTENT = "extent"
    """How far it has come in words: "metastatic", "locally_advanced", "extensive"."""
    STATE = "state"
    """Where it stands in time or under treatment: "recurrent", "newly_diagnosed"."""
    TNM = "tnm"
    """Tumor, nodes or metastases by themselves: "t2", "n1", "m0", "node_negative"."""
    GRADE = "grade"
    """How its cells look: "grade_3", "high_grade", "gleason_7"."""
    RISK = "risk"
    """The group of risk it is put in: "high_risk"."""


@dataclass(frozen=True, slots=True)
class StageMention:
    """One stage, extent or grade, at `text[start:end]`.

    A range ("stages I to III") is a mention for each of its stages, those between its ends too,
    which stand at the whole range.
    """

    key: str
    start: int
    end: int
    kind: StageKind = StageKind.STAGE


_NUMERALS: Final = {
    "0": "0", "1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v",
    "zero": "0", "one": "i", "two": "ii", "three": "iii", "four": "iv", "five": "v",
}  # fmt: skip
_ORDER: Final = ("0", "i", "ii", "iii", "iv", "v")
_ARABIC: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}

# "Stage vs grade" holds two things against each other.
_NUMBER = r"(?:(?:iv|v(?!s\b)|i{1,3}|[0-5])|(?:zero|one|two|three|four|five)\b)"
_LETTER = (
    r"(?:[ -]?(?-i:[A-E])(?![a-z])|[a-e](?![a-z])|(?<=[4vV])-?s\b|(?-i:S)\b)?"
    r"(?:[1-3](?!\d))?(?:\((?:i{1,3})\))?"
)
_ONE = rf"(?P<number>{_NUMBER})(?P<letter>{_LETTER})"
# What shows that a number counts something else, or that "i" is the person who asks.
_NOT_A_STAGE = (
    r"(?!\s?(?:cm|mm|%|percent|mg|years?|months?|weeks?|days?|hours?|people|patients|of\s+\d|\.\d)\b)"
    r"(?!(?<=\bi)(?:\s+(?:am|was|have|had|do|did|think|need|want|can|should|would|will|got|know)\b|['’]))"
)
_ONE_STAGE = re.compile(rf"{_ONE}(?![A-Za-z0-9]){_NOT_A_STAGE}", re.IGNORECASE)
_LETTERED_STAGE = re.compile(r"(?P<number>[A-D])(?P<letter>)(?![A-Za-z0-9])")
_LINK = re.compile(
    r"(?P<range>\s*(?:[-–—‑]|\bto\b|\bthrough\b|\buntil\b)\s*)|\s*(?:,\s*(?:and|or|and/or)?|/|&|\+"
    r"|\band/or\b|\band\b|\bor\b|\bversus\b|\bvs\.?)\s*(?:stages?\s+)?",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b(?P<what>stages?|staged(?:\s+as)?|grades?)[\s:-]{1,2}", re.IGNORECASE)
_GLEASON = re.compile(
    r"\bgleason(?:'s)?(?:\s+(?:score|grade|sum))?(?:\s+of)?\s?:?\s?"
    r"(?P<value>\d{1,2}(?:\s?\+\s?\d)?(?:\s?=\s?\d{1,2})?)",
    re.IGNORECASE,
)
_GRADE_GROUP = re.compile(r"\bgrade\s+groups?\s+(?P<value>[1-5])\b", re.IGNORECASE)
_TNM = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[cpy]{0,2})"
    r"(?P<t>T(?:is|[0-4X])[a-d]?)?[ ,]?(?P<n>[Np]?N[0-3X][a-c]?)?[ ,]?(?P<m>M[01X][a-d]?)?"
    r"(?![A-Za-z0-9-])"
)

# Words after "advanced" that it says something else with.
_NOT_A_DISEASE: Final = re.compile(
    r"\s+(?:age|maternal|directives?|care\s+plan|planning|practice|nurse|practitioner|technolog\w+"
    r"|imaging|techniques?|training|radiation\s+techn\w+|degree|glycation|life|cardiac|search|methods?)",
    re.IGNORECASE,
)
_INVASIVE_METHOD: Final = re.compile(
    r"(?:\s+(?:surgery|procedures?|tests?|testing|methods?|techniques?|approach|treatments?|way|imaging)"
    r"|ly)",
    re.IGNORECASE,
)
_MINIMALLY: Final = re.compile(r"(?:minimally|less|more)[\s-]$", re.IGNORECASE)


_SPREAD_KINDS: Final = {
    "metastatic": StageKind.EXTENT,
    "nonmetastatic": StageKind.EXTENT,
    "regional": StageKind.EXTENT,
    "node_positive": StageKind.TNM,
    "node_negative": StageKind.TNM,
}
_RESULTS_BEFORE = re.compile(
    r"\b(?:tests?|results?|scans?|biopsy|reports?|pathology|labs?|work|mammogram|mri|ct|pet|x-rays?)\s+(?:has\s+|have\s+|had\s+|just\s+)?$",
    re.IGNORECASE,
)
_LEFT = re.compile(r"\b(?:left|goes?|remains?|if)\s+$", re.IGNORECASE)


def stages_in(text: str) -> list[StageMention]:
    """Return every stage, extent, state, grade and risk group that a text names, in order."""
    found = [
        *_numbered(text),
        *_tnm(text),
        *_gleason(text),
        *_in_words(text),
        *(StageMention(key, start, end, _SPREAD_KINDS[key]) for key, start, end in spread_in(text)),
    ]
    return sorted(set(found), key=lambda mention: (mention.start, mention.end, mention.key))


def _numbered(text: str) -> Iterator[StageMention]:
    read_to = 0
    for lead in _LEAD.finditer(text):
        if lead.start() < read_to:
            continue
        kind = StageKind.GRADE if lead["what"].lower().startswith("grade") else StageKind.STAGE
        for mention in _series(text, lead.start(), lead.end(), kind):
            read_to = mention.end
            yield mention


def _series(text: str, lead: int, at: int, kind: StageKind) -> Iterator[StageMention]:
    """Give the stages of "I, IIA and IIB" or "I to III" that begin at `at`."""
    one = _ONE_STAGE.match(text, at)
    start = lead
    if one is None and kind is StageKind.STAGE:
        one = _LETTERED_STAGE.match(text, at)
    while one is not None:
        number = _roman(one["number"])
        yield StageMention(
            _key(number + re.sub(r"[\s-]", "", one["letter"]).lower(), kind), start, one.end(), kind
        )
        link = _LINK.match(text, one.end())
        following = _ONE_STAGE.match(text, link.end()) if link is not None else None
        if link is None or following is None or not _same_numerals(one, following):
            return
        if link["range"]:
            for between in _between(number, _roman(following["number"])):
                yield StageMention(_key(between, kind), one.start(), following.end(), kind)
        one, start = following, following.start()


def _same_numerals(one: re.Match[str], following: re.Match[str]) -> bool:
    return one["number"].isdigit() == following["number"].isdigit()


def _between(low: str, high: str) -> tuple[str, ...]:
    if low not in _ORDER or high not in _ORDER:
        return ()
    return _ORDER[_ORDER.index(low) + 1 : _ORDER.index(high)]


def _key(stage: str, kind: StageKind) -> str:
    if kind is StageKind.STAGE:
        return stage
    numeral = re.match(r"iv|v|i{1,3}|0", stage)
    if numeral is None:
        return f"grade_{stage}"
    return f"grade_{_ARABIC.get(numeral.group(), '0')}{stage[numeral.end() :]}"


def _roman(number: str) -> str:
    folded = number.lower()
    return _NUMERALS.get(folded, folded)


def _tnm(text: str) -> Iterator[StageMention]:
    for found in _TNM.finditer(text):
        parts = [part for part in (found["t"], found["n"], found["m"]) if part]
        for part in parts:
            yield StageMention(part.lower(), found.start(), found.end(), StageKind.TNM)


def _gleason(text: str) -> Iterator[StageMention]:
    for found in _GLEASON.finditer(text):
        value = found["value"].replace(" ", "")
        total = value.split("=")[-1]
        if "+" in total:
            total = str(sum(int(part) for part in total.split("+")))
        yield StageMention(f"gleason_{total}", found.start(), found.end(), StageKind.GRADE)
        pattern = value.split("=")[0]
        if "+" in pattern:
            yield StageMention(f"gleason_{pattern}", found.start(), found.end(), StageKind.GRADE)
    for found in _GRADE_GROUP.finditer(text):
        yield StageMention(
            f"grade_group_{found['value']}", found.start(), found.end(), StageKind.GRADE
        )


def _in_words(text: str) -> Iterator[StageMention]:
    for found in _book().find(text):
        kind, key = found.meaning
        if key == "advanced" and _NOT_A_DISEASE.match(text, found.end):
            continue
        before = text[max(0, found.start - 24) : found.start]
        if key == "recurrent" and _RESULTS_BEFORE.search(before):
            continue
        if key == "newly_diagnosed" and _LEFT.search(before):
            continue
        if key in {"invasive", "noninvasive"} and (
            _INVASIVE_METHOD.match(text, found.end) or _MINIMALLY.search(before)
        ):
            continue
        yield StageMention(key, found.start, found.end, StageKind(kind))


@cache
def _book() -> PhraseBook[tuple[str, str]]:
    return phrasebook(stage_phrases())
