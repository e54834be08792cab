"""What a patient is told when a reviewer takes an answer back from them: fixed words of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from navis_api.asking.personal.reviews.models import (
    PersonalDecision,
    PersonalReview,
    WithdrawalReason,
)
from navis_api.generation.keeping import ToldEvent
from navis_api.generation.models import GenerationEventKind
from navis_api.kit.languages import ORIGINAL, Language

CODE: Final = "WITHDRAWN"
"""How the writing of an answer ends for its patient once it is taken back."""

_WHY: Final[Mapping[WithdrawalReason, Mapping[Language, str]]] = {
    WithdrawalReason.NOT_SUPPORTED: {
        Language.ENGLISH: "What it says isn't in the sources that it names.",
        Language.SPANISH: "Lo que dice no está en las fuentes que cita.",
    },
    WithdrawalReason.FACTS_MISREAD: {
        Language.ENGLISH: "It doesn't fit the facts from your records.",
        Language.SPANISH: "No concuerda con los datos de sus informes.",
    },
    WithdrawalReason.OUT_OF_DATE: {
        Language.ENGLISH: "It rests on what is no longer up to date.",
        Language.SPANISH: "Se basa en algo que ya no está al día.",
    },
    WithdrawalReason.MISLEADING: {
        Language.ENGLISH: "It could give you a wrong picture.",
        Language.SPANISH: "Podría darle una idea equivocada.",
    },
    WithdrawalReason.UNSAFE: {
        Language.ENGLISH: "Following it could do harm.",
        Language.SPANISH: "Seguirla podría hacer daño.",
    },
}
_SAID: Final[Mapping[Language, str]] = {
    Language.ENGLISH: "A reviewer took this answer back. {why} Please don't rely on it. Ask your"
    " care team, or ask again here.",
    Language.SPANISH: "Un revisor ha retirado esta respuesta. {why} Por favor, no se fíe de ella."
    " Pregunte a su equipo médico o vuelva a preguntar aquí.",
}


def withdrawal_message(reason: WithdrawalReason, language: Language) -> str:
    """Return what the patient is told, as plain text."""
    return _SAID[language].format(why=_WHY[reason][language])


def is_withdrawn(review: PersonalReview | None) -> bool:
    """Whether an answer was taken back from its patient."""
    return review is not None and review.decision is PersonalDecision.REJECT


def events_shown(events: Sequence[ToldEvent], review: PersonalReview | None) -> list[ToldEvent]:
    """Return the events of a writing as its patient sees them now.

    Of an answer that was taken back neither text nor end is told: the end says so instead.
    """
    if review is None or review.reason is None:
        return list(events)
    ended = {
        "code": CODE,
        "message": withdrawal_message(review.reason, ORIGINAL),
        "retryable": True,
    }
    shown: list[ToldEvent] = []
    for event in events:
        if event.kind is GenerationEventKind.COMPLETED:
            shown.append(replace(event, kind=GenerationEventKind.FAILED, payload=ended))
        elif event.kind is not GenerationEventKind.TEXT_ADDED:
            shown.append(event)
    return shown
