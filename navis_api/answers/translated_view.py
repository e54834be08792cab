"""A published answer in another language: the words of its translation, its own quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from navis_api.answers.document import AnswerContent, content_from_json
from navis_api.answers.published_repository import (
    AnswerPart,
    PublishedAnswer,
    PublishedRevision,
    PublishedView,
    ShownAnswer,
)
from navis_api.answers.translation_models import AnswerTranslation

_ANSWER = [each.name for each in fields(PublishedAnswer)]
_REVISION = [each.name for each in fields(PublishedRevision)]
_TRANSLATED = ("title", "summary", "doctor_questions", "next_steps", "gaps")


class TranslatedView(PublishedView):
    """What readers of a language get: the original with the words of an approved translation."""

    __slots__ = ("_content", "_original", "_translated", "translation")

    def __init__(self, original: ShownAnswer, translation: AnswerTranslation) -> None:
        revision = PublishedRevision.__new__(PublishedRevision)
        for name in _REVISION:
            # Of a list's row, more than the title may not have been read.
            if hasattr(original.revision, name):
                setattr(revision, name, getattr(original.revision, name))
        for name in _TRANSLATED:
            setattr(revision, name, getattr(translation, name))
        super().__init__(
            PublishedAnswer(**{name: getattr(original.answer, name) for name in _ANSWER}),
            revision,
            original.part if isinstance(original, PublishedView) else AnswerPart.WHOLE,
            known=None,
        )
        self._original = original
        self._translated: Mapping[str, Any] | None = None
        self._content: AnswerContent | None = None
        self.translation = translation

    @property
    def document(self) -> Mapping[str, Any]:
        """The content as it is stored, its headings and claims translated."""
        if self._translated is None:
            stored = self._original.document
            pairs = zip(stored["sections"], self.translation.sections, strict=True)
            self._translated = {
                **stored,
                "sections": [
                    {
                        **section,
                        "heading": translated["heading"],
                        # The original's: this one's is made of what is translated.
                        "markdown": None,
                        "claims": [
                            {**claim, "text": text}
                            for claim, text in zip(
                                section["claims"], translated["claims"], strict=True
                            )
                        ],
                    }
                    for section, translated in pairs
                ],
            }
        return self._translated

    @property
    def cited(self) -> Sequence[Mapping[str, Any]]:
        """The citations of the original."""
        return self._original.cited

    @property
    def content(self) -> AnswerContent:
        """The translated sections, and the original's citations."""
        if self._content is None:
            self._content = content_from_json(self.document)
        return self._content
