"""What stands around a model's claims: questions and gaps that claim nothing themselves.

Nothing here rests on a quote, so little of it is the model's: it may ask openly about what the
claims name, and say which of the things that were asked about are left open. Title, summary and
next steps are ours: a step is advice, and no source can be quoted for it.
"""

from collections.abc import Sequence
from dataclasses import replace

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Closing
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.closing import closing
from navis_api.generation.llm.doctor_questions import doctor_questions
from navis_api.generation.llm.left_open import left_open
from navis_api.generation.llm.output import WrittenAnswer
from navis_api.generation.llm.repetition import each_once
from navis_api.generation.llm.shown import ShownPassage

_MODELS_QUESTIONS = 4
_ALL_QUESTIONS = 6
_SUMMARY = (
    "This answer says in plain words what our sources say. A computer program chose the words; the"
    " quotes that they rest on are the sources' own. It can't tell what is right for you: your care"
    " team can."
)


def framed(
    asked: Asked,
    question: str,
    answer: WrittenAnswer,
    sections: Sequence[DraftSection],
    passages: Sequence[ShownPassage],
) -> Closing:
    """Return the end of the answer that these sections, out of these passages, are."""
    ours = closing(asked, left_open(asked, question, answer.not_covered, sections, passages))
    theirs = [*doctor_questions(answer.doctor_questions, sections, asked.cancer)]
    questions = each_once([*theirs[:_MODELS_QUESTIONS], *ours.doctor_questions])
    return replace(
        ours,
        summary=_SUMMARY,
        doctor_questions=tuple(questions[:_ALL_QUESTIONS]),
    )
