"""What is live at an answer's address, in the language that a reader chose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.answers import history_repository, repository, translation_repository
from navis_api.answers.document import AnswerContent
from navis_api.answers.history_repository import PastRevision
from navis_api.answers.models import AnswerRevision
from navis_api.answers.publishing_models import PublishedChange
from navis_api.answers.repository import AnswerView
from navis_api.answers.translated_view import TranslatedView
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.kit.languages import ORIGINAL, Language, language_of
from navis_api.questions import repository as questions
from navis_api.questions.models import Question

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_MAX_SLUG_CHARS = 300


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer's own words in one language: the original's, or an approved translation's."""

    language: Language
    question: str
    title: str
    summary: str
    content: AnswerContent
    gaps: Sequence[str]
    doctor_questions: Sequence[str]
    next_steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """What is live at an address. `wanted` is the language of everything that isn't the answer's.

    `languages` are those that the answer can be read in, the original first.
    """

    slug: str
    view: AnswerView
    question: Question
    cancer: CatalogueEntry | None
    history: Sequence[PastRevision]
    wanted: Language
    languages: tuple[Language, ...]
    words: AnswerWords
    translation: AnswerTranslation | None

    @property
    def revision(self) -> AnswerRevision:
        """The revision that readers are served."""
        return self.view.revision

    @property
    def surrogate_keys(self) -> str:
        """By what a shared cache is told to forget its copy (docs/operations.md)."""
        return f"answer:{self.view.answer.id} question:{self.question.id}"


class AnswerShelf:
    """Finds what is live at addresses."""

    def __init__(self, database: Database, catalogue: CatalogueKeeper) -> None:
        self._database = database
        self._catalogue = catalogue

    async def find(self, slug: str, wanted: Language) -> LiveAnswer | PublishedChange | None:
        """Return what is live at an address or, where it was taken back, how that came."""
        if len(slug) > _MAX_SLUG_CHARS or not _SLUG.fullmatch(slug):
            return None
        async with self._database.reading() as session:
            view = await repository.get_published_by_slug(session, slug)
            if view is None:
                return await history_repository.get_retraction(session, slug)
            answer = view.answer
            question = (await questions.get_many(session, [answer.question_id])).get(
                answer.question_id
            )
            if question is None:
                # Taken back since the first look.
                return None
            history = (await history_repository.history(session, [answer.id]))[answer.id]
            spanish = (
                await translation_repository.approved_by_revision(
                    session, [view.revision.id], Language.SPANISH
                )
            ).get(view.revision.id)
            catalogue = await self._catalogue.current(session)
        translation = spanish if spanish and wanted is spanish.language else None
        return LiveAnswer(
            slug=slug,
            view=view,
            question=question,
            cancer=catalogue.by_id.get(question.cancer_id) if question.cancer_id else None,
            history=list(reversed(history)),
            wanted=wanted,
            languages=(ORIGINAL, spanish.language) if spanish else (ORIGINAL,),
            words=_translated(view, translation) if translation else _original(view, question),
            translation=translation,
        )


def _original(view: AnswerView, question: Question) -> AnswerWords:
    revision = view.revision
    return AnswerWords(
        language=language_of(question.locale),
        question=question.text,
        title=revision.title,
        summary=revision.summary,
        content=view.content,
        gaps=revision.gaps,
        doctor_questions=revision.doctor_questions,
        next_steps=revision.next_steps,
    )


def _translated(view: AnswerView, translation: AnswerTranslation) -> AnswerWords:
    return AnswerWords(
        language=translation.language,
        question=translation.question,
        title=translation.title,
        summary=translation.summary,
        content=TranslatedView(view, translation).content,
        gaps=translation.gaps,
        doctor_questions=translation.doctor_questions,
        next_steps=translation.next_steps,
    )
