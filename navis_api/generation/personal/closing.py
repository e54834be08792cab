"""The end of an answer for one patient: what isn't known leads, and what wasn't covered is said."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Closing, Unknown
from navis_api.generation.personal.case import Case
from navis_api.generation.personal.words import facts_in_words, listed

_MOST_QUESTIONS: Final = 8
_MOST_TREATMENTS: Final = 3


class _Texts(TypedDict):
    summary: str
    gap_facts: str
    gap_elsewhere: str
    gap_several: str
    earlier: str


def for_patient(
    closing: Closing,
    case: Case,
    sections: Sequence[DraftSection],
    unknowns: tuple[Unknown, ...],
    *,
    on_treatment: bool,
) -> Closing:
    """Return the end of an answer, for the patient whom these sections are for.

    Questions on what isn't known come first. Of an answer `on_treatment` the gaps name the facts
    that nothing in it rests on.
    """
    questions = [unknown.doctor_question for unknown in unknowns]
    if on_treatment:
        questions += _on_earlier_treatment(case)
    used = {number for section in sections for claim in section.claims for number in claim.facts}
    return replace(
        closing,
        summary=f"{closing.summary} {_texts()['summary']}" if used else closing.summary,
        doctor_questions=tuple(dict.fromkeys([*questions, *closing.doctor_questions]))[
            :_MOST_QUESTIONS
        ],
        gaps=(*closing.gaps, *_gaps(case, used, on_treatment=on_treatment)),
        unknowns=unknowns,
    )


def _on_earlier_treatment(case: Case) -> list[str]:
    names = list(dict.fromkeys(fact.name for fact in case.courses.given))[:_MOST_TREATMENTS]
    return [_texts()["earlier"].format(treatments=listed(names))] if names else []


def _gaps(case: Case, used: set[int], *, on_treatment: bool) -> Iterable[str]:
    texts = _texts()
    if case.is_elsewhere:
        yield texts["gap_elsewhere"]
    if case.has_several:
        yield texts["gap_several"]
    unused = [words for number, words in facts_in_words(case) if number not in used]
    if on_treatment and unused:
        yield texts["gap_facts"].format(facts=listed(dict.fromkeys(unused)))


@cache
def _texts() -> _Texts:
    text = files("navis_api.generation.personal").joinpath("closing.json").read_text("utf-8")
    return json.loads(text)
