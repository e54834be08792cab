"""The grade of a patient's cancer and its Gleason score, held against what a text asks of them."""

import re
from collections.abc import Iterable
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.conditions import Condition
from navis_api.generation.personal.judgements import UNCLEAR, Judgement, Subject, is_open, no, yes
from navis_api.records.extraction.findings import FindingKind

_NAMES: Final = {"grade": "grade", "gleason": "Gleason score", "grade_group": "grade group"}
# Grades 1, 2 and 3 are low, intermediate and high ("Tumor Grade", cancer.gov).
_IN_WORDS: Final = {
    "1": "low", "2": "intermediate", "3": "high", "4": "high", "well differentiated": "low",
    "moderately differentiated": "intermediate", "moderate": "intermediate",
    "poorly differentiated": "high", "undifferentiated": "high",
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,2}")


class Grades:
    """The grades among a patient's facts, by what they are called."""

    def __init__(self, facts: Iterable[PatientFact]) -> None:
        self._known = {
            fact.key: ((fact.value or "").lower(), fact.number)
            for fact in facts
            if fact.kind is FindingKind.TUMOR_MARKER and fact.key in _NAMES and fact.value
        }

    def judge(self, condition: Condition) -> Judgement:
        """Say whether a text on a grade or score speaks of this patient."""
        key, wanted = _asked(condition)
        if key not in self._known:
            return is_open(Subject(FindingKind.TUMOR_MARKER, key, _NAMES[key]))
        known, fact = self._known[key]
        number = _NUMBER.match(known)
        if condition.threshold is not None:
            if number is None:
                return UNCLEAR
            value = float(number[0])
            return yes(fact) if condition.threshold.holds(value, value) else no(fact)
        if key == "grade" and not (wanted.isdigit() and number):
            told = _IN_WORDS.get(number[0] if number else known, known)
            return yes(fact) if told == _IN_WORDS.get(wanted, wanted) else no(fact)
        if "+" in wanted:
            return yes(fact) if wanted in known.replace(" ", "") else UNCLEAR
        return yes(fact) if number is not None and number[0] == wanted else no(fact)


def _asked(condition: Condition) -> tuple[str, str]:
    """Return which grade is asked for, and which value of it."""
    for key in ("grade_group", "gleason", "grade"):
        if condition.value.startswith(f"{key}_"):
            return key, condition.value.removeprefix(f"{key}_")
    return "grade", condition.value.removesuffix("_grade")
