"""A translation of an answer, claim by claim, as it is stored.

The quotes stay in the source's own language. What a claim says is translated, so every
number in it has to stand in the translation too; whether the words say the same is for
the reviewer to read.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from navis_api.answers.document import AnswerContent, content_from_json
from navis_api.answers.lengths import (
    MAX_CLAIM_CHARS,
    MAX_ENTRY_CHARS,
    MAX_HEADING_CHARS,
    MAX_SUMMARY_CHARS,
    MAX_TITLE_CHARS,
)
from navis_api.answers.models import AnswerRevision
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.kit.languages import ORIGINAL, Language
from navis_api.kit.text import squeeze

MAX_QUESTION_CHARS = 1_000

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class TranslationDiffers(InvalidInput):
    """A translation that doesn't stand claim by claim beside its original.

    `places` are the sections and claims, counted from 0, whose numbers differ.
    """

    def __init__(self, what: str, places: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(what, path=("input", "sections"))
        self.places = tuple(places)


@dataclass(frozen=True, slots=True)
class TranslatedSection:
    """A section in the other language: its heading, and its claims in their order."""

    heading: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TranslationDraft:
    """An answer in another language, as somebody hands it in."""

    language: Language
    question: str
    title: str
    summary: str
    sections: tuple[TranslatedSection, ...]
    doctor_questions: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def new_translation(
    revision: AnswerRevision,
    draft: TranslationDraft,
    *,
    translator: str,
    subject: str | None,
    now: datetime,
) -> AnswerTranslation:
    """Return a translation of a revision that nobody has approved yet.

    `translator` is a name, `subject` who of the staff that is. Raises InvalidInput and, when
    it doesn't stand claim by claim beside the original, TranslationDiffers.
    """
    if draft.language is ORIGINAL:
        raise InvalidInput(
            "Answers are written in this language: translate into another.",
            path=("input", "language"),
        )
    return AnswerTranslation(
        id=new_id(),
        revision_id=revision.id,
        language=draft.language,
        question=_said(draft.question, "question", MAX_QUESTION_CHARS),
        title=_said(draft.title, "title", MAX_TITLE_CHARS),
        summary=_said(draft.summary, "summary", MAX_SUMMARY_CHARS),
        doctor_questions=_entries(
            draft.doctor_questions, revision.doctor_questions, "doctorQuestions"
        ),
        next_steps=_entries(draft.next_steps, revision.next_steps, "nextSteps"),
        gaps=_entries(draft.gaps, revision.gaps, "gaps"),
        sections=_sections(draft.sections, content_from_json(revision.content)),
        translator=translator,
        translator_subject=subject,
        created_at=now,
    )


def _said(text: str, name: str, most: int) -> str:
    said = squeeze(text)
    if not 1 <= len(said) <= most:
        raise InvalidInput(f"This has 1 to {most} characters.", path=("input", name))
    return said


def _entries(translated: Sequence[str], original: Sequence[str], name: str) -> list[str]:
    if len(translated) != len(original):
        raise InvalidInput(
            f"The original has {len(original)} of these: translate each.", path=("input", name)
        )
    return [_said(entry, name, MAX_ENTRY_CHARS) for entry in translated]


def _sections(
    translated: Sequence[TranslatedSection], original: AnswerContent
) -> list[dict[str, object]]:
    if [len(each.claims) for each in translated] != [
        len(each.claims) for each in original.sections
    ]:
        raise TranslationDiffers(
            "A translation has the sections and claims of its original, in their order."
        )
    differing = [
        (place, at)
        for place, (ours, theirs) in enumerate(zip(translated, original.sections, strict=True))
        for at, (text, claim) in enumerate(zip(ours.claims, theirs.claims, strict=True))
        if _numbers(text) != _numbers(claim.text)
    ]
    if differing:
        named = "; ".join(f"section {place}, claim {at}" for place, at in differing)
        raise TranslationDiffers(
            f"The numbers in these claims are not those of the original: {named}.", differing
        )
    return [
        {
            "heading": _said(section.heading, "sections", MAX_HEADING_CHARS),
            "claims": [_said(claim, "sections", MAX_CLAIM_CHARS) for claim in section.claims],
        }
        for section in translated
    ]


def _numbers(text: str) -> Counter[str]:
    """Return the numbers of a text; `2.5` and `2,5` are one, as are `1,000` and `1.000`."""
    return Counter(re.sub(r"[.,]", ".", number) for number in _NUMBER.findall(text))
