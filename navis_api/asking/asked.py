"""A question as it was sent, and what came of it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from navis_api.kit.languages import Language
from navis_api.questions.safety.recognition import SafetyKind, SafetyNotice, safety_notices

SUGGESTIONS = 3

NOT_ANSWERED = frozenset({SafetyKind.NO_DOSING, SafetyKind.OUT_OF_SCOPE})
"""What nobody's question is answered for, unless a reviewer has answered just that."""

_READ_AT_EACH_END = 5_000
"""Characters: together as many as the longest question that can be allowed."""


class AskOutcome(StrEnum):
    """What the asker gets."""

    REVIEWED_ANSWER = "REVIEWED_ANSWER"
    GENERATING = "GENERATING"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """A question as it was sent. `cancer` is a slug, `language` the one the asker reads."""

    text: str
    cancer: str | None = None
    locale: str = "en"
    personal: bool = False
    idempotency_key: str | None = None
    language: Language | None = None

    def notices(self, text: str, *, names_cancer: bool = False) -> tuple[SafetyNotice, ...]:
        """Return what must be said first of a text of this question's.

        Of one that is far too long, the beginning and the end are read: recognition
        would hold up everybody else for seconds.
        """
        if len(text) > 2 * _READ_AT_EACH_END:
            text = f"{text[:_READ_AT_EACH_END]} … {text[-_READ_AT_EACH_END:]}"
        return safety_notices(text, self.locale, language=self.language, names_cancer=names_cancer)

    @property
    def digest(self) -> str:
        """What tells this question from another one that came with the same idempotency key."""
        parts = [self.text, self.cancer, self.locale, self.personal]
        return hashlib.sha256(orjson.dumps(parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it. `question_id` is None only where nothing was stored."""

    outcome: AskOutcome
    question_id: UUID | None = None
    generation_id: UUID | None = None
    safety_notices: tuple[SafetyNotice, ...] = ()
    suggestion_ids: tuple[UUID, ...] = ()
