"""Loaders: each gathers what the fields of one level ask for, and loads it in one statement.

They live as long as one operation. What is published is read the short way, the same for
every viewer, and noted in the operation's log of reads; what is left is read as the viewer,
and makes the response private.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import history_repository
from navis_api.answers import published_repository as published_answers
from navis_api.answers import repository as answers
from navis_api.answers.history_repository import PastRevision
from navis_api.answers.published_repository import LiveAnswer, PublishedView, ShownAnswer
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.answers.translation_repository import approved_by_revision
from navis_api.asking.personal.views import (
    PersonalAnswerView,
    PersonalEntry,
    PersonalGenerationView,
)
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import ANONYMOUS_ROWS
from navis_api.generation import repository as generations
from navis_api.generation.keeping import AnyEvent
from navis_api.generation.models import Generation, GenerationEventRow
from navis_api.graphql.answers.selection import part_of_answers
from navis_api.graphql.data_loader import DataLoader
from navis_api.graphql.personal.loading import PersonalLoaders
from navis_api.graphql.questions.loading import QuestionLists, ShownQuestion
from navis_api.graphql.review.loading import ReviewLoaders
from navis_api.graphql.scope import Fetch, Scope, Value
from navis_api.kit.languages import Language
from navis_api.questions import published_repository as published_questions
from navis_api.questions import repository as questions
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.sources import repository as sources
from navis_api.sources.repository import SourceView

ShownGeneration = Generation | PersonalGenerationView


class Loaders:
    """The loaders of one operation."""

    def __init__(self, scope: Scope, personal: PersonalLoaders | None) -> None:
        self._scope = scope
        self._personal = personal
        self._translations: dict[Language, DataLoader[UUID, AnswerTranslation | None]] = {}
        self._events: dict[int, DataLoader[UUID, list[GenerationEventRow] | None]] = {}

    # Each is made when an operation first uses it: most use one or two.

    @cached_property
    def lists(self) -> QuestionLists:
        """Lists of questions."""
        return QuestionLists(self._scope)

    @cached_property
    def review(self) -> ReviewLoaders:
        """What the staff see."""
        return ReviewLoaders(self._scope)

    async def catalogue(self) -> Catalogue:
        """Return the catalogue, the same one for the whole operation."""
        return await self._scope.catalogue()

    @cached_property
    def question(self) -> DataLoader[UUID, ShownQuestion | None]:
        """Questions by id."""
        return DataLoader(load_fn=self._load_questions)

    @cached_property
    def answer(self) -> DataLoader[UUID, ShownAnswer | None]:
        """Answers by id."""
        return DataLoader(load_fn=self._load_answers)

    @cached_property
    def answer_of_question(self) -> DataLoader[UUID, ShownAnswer | None]:
        """Answers by the id of their question."""
        return DataLoader(load_fn=self._load_answers_of_questions)

    @cached_property
    def history(self) -> DataLoader[UUID, list[PastRevision] | None]:
        """The revisions of answers, by the answer's id."""
        return DataLoader(load_fn=self._load_histories)

    @cached_property
    def source(self) -> DataLoader[UUID, SourceView | None]:
        """Sources by the id of their version."""
        return self._scope.batched(sources.views_of_versions)

    @cached_property
    def generation(self) -> DataLoader[UUID, ShownGeneration | None]:
        """Generations by id."""
        return DataLoader(load_fn=partial(self._load_generations, generations.get_many))

    @cached_property
    def generation_of_question(self) -> DataLoader[UUID, ShownGeneration | None]:
        """The newest generation by the id of its question."""
        return DataLoader(load_fn=partial(self._load_generations, generations.latest_by_question))

    @cached_property
    def _live_answer(self) -> DataLoader[UUID, LiveAnswer | None]:
        return DataLoader(load_fn=self._load_live_answers)

    async def live_answer(self, answer_id: UUID) -> LiveAnswer | None:
        """Return an answer that readers are served, with its question.

        The question is remembered, so that what lies below the answer has it as of the
        same moment: it may have been taken back since.
        """
        found = await self._live_answer.load(answer_id)
        if found is not None:
            self.question.prime(found.question.id, found.question)
        return found

    async def published_answer(self, slug: str) -> PublishedView | None:
        """Return the published answer at an address."""
        part = part_of_answers(self._scope.field_names)
        found = await published_answers.get_by_slug(self._scope.published, slug, part)
        if found is None:
            self._scope.reads.published()
            return None
        self._scope.reads.answer(found.answer.id)
        return found

    async def published_question(self, slug: str) -> PublishedQuestion | None:
        """Return the answered question at an address."""
        found = await published_questions.get_by_slug(self._scope.published, slug)
        if found is None:
            self._scope.reads.published()
            return None
        self._scope.reads.question(found.id)
        return found

    async def answer_to(self, question_id: UUID) -> ShownAnswer | None:
        """Return the answer to a question."""
        return self.lists.expected_answer(question_id) or await self.answer_of_question.load(
            question_id
        )

    async def translation(self, language: Language, revision_id: UUID) -> AnswerTranslation | None:
        """Return what readers of a language are served of a live revision."""
        if language not in self._translations:
            self._translations[language] = DataLoader(
                load_fn=partial(self._load_translations, language)
            )
        return await self._translations[language].load(revision_id)

    async def events(self, after: int, generation_id: UUID) -> Sequence[AnyEvent]:
        """Return the events of a generation from after a sequence number on."""
        own = self._personal.known(generation_id) if self._personal is not None else None
        if self._personal is not None and own is not None:
            return await self._personal.events(own, after)
        if after not in self._events:

            async def fetch(
                session: AsyncSession, ids: Sequence[UUID]
            ) -> Mapping[UUID, list[GenerationEventRow]]:
                return await generations.events_of_many(session, ids, after)

            self._events[after] = self._scope.batched(fetch)
        return await self._events[after].load(generation_id) or []

    async def _load_questions(self, ids: list[UUID]) -> list[ShownQuestion | None]:
        found: dict[UUID, ShownQuestion] = {}
        for id_, question in (
            await published_questions.get_many(self._scope.published, ids)
        ).items():
            self._scope.reads.question(id_)
            found[id_] = question
        own = await self._with_own(ids, found, questions.get_many)
        return await self._with_personal(ids, own, _question_in)

    async def _load_answers(self, ids: list[UUID]) -> list[ShownAnswer | None]:
        part = part_of_answers(self._scope.field_names)
        found: dict[UUID, ShownAnswer] = {}
        for id_, view in (
            await published_answers.by_answer(self._scope.published, ids, part)
        ).items():
            self._scope.reads.answer(id_)
            found[id_] = view
        own = await self._with_own(ids, found, answers.views_by_answer)
        return await self._with_personal(ids, own, _answer_in)

    async def _load_answers_of_questions(self, ids: list[UUID]) -> list[ShownAnswer | None]:
        found: dict[UUID, ShownAnswer] = {}
        found.update(await self.lists.answers_of_questions(ids))
        own = await self._with_own(ids, found, answers.views_by_question)
        return await self._with_personal(ids, own, _answer_in)

    async def _with_own(
        self, ids: list[UUID], found: dict[UUID, Value], fetch: Fetch[UUID, Value]
    ) -> list[Value | None]:
        """Return what was found for these ids, the rest of it as the viewer gets to see it."""
        missing = [id_ for id_ in ids if id_ not in found]
        if missing:
            async with self._scope.database.reading(self._scope.viewer.rows) as session:
                own = await fetch(session, missing)
            found.update(own)
            if own:
                self._scope.reads.keep_private()
            # What isn't there for this viewer may be published at any time.
            self._scope.reads.published()
        return [found.get(id_) for id_ in ids]

    async def _load_generations(
        self, fetch: Fetch[UUID, Generation], ids: list[UUID]
    ) -> list[ShownGeneration | None]:
        async with self._scope.database.reading(self._scope.viewer.rows) as session:
            found: Mapping[UUID, ShownGeneration] = await fetch(session, ids)
        self._scope.reads.keep_private()
        return await self._with_personal(ids, [found.get(id_) for id_ in ids], _generation_in)

    async def _with_personal(
        self,
        ids: list[UUID],
        found: list[Value | None],
        shown: Callable[[PersonalEntry], Value | None],
    ) -> list[Value | None]:
        """Return what was found for these ids, and of the rest what is the patient's own.

        A personal question, its writing and its answer have one id.
        """
        missing = [id_ for id_, each in zip(ids, found, strict=True) if each is None]
        if self._personal is None or not missing:
            return found
        entries = [
            entry for entry in await self._personal.entry.load_many(missing) if entry is not None
        ]
        if not entries:
            return found
        self._scope.reads.keep_private()
        own = {entry.row.id: shown(entry) for entry in entries}
        return [
            own.get(id_) if each is None else each for id_, each in zip(ids, found, strict=True)
        ]

    async def _load_histories(self, ids: list[UUID]) -> list[list[PastRevision] | None]:
        async with self._scope.database.reading(self._scope.viewer.rows) as session:
            found = await history_repository.history(session, ids)
        if self._scope.viewer.rows != ANONYMOUS_ROWS:
            self._scope.reads.keep_private()
        return [found.get(id_) for id_ in ids]

    async def _load_translations(
        self, language: Language, ids: list[UUID]
    ) -> list[AnswerTranslation | None]:
        # As nobody in particular: what is approved is the same for every viewer.
        async with self._scope.database.reading() as session:
            found = await approved_by_revision(session, ids, language)
        return [found.get(id_) for id_ in ids]

    async def _load_live_answers(self, ids: list[UUID]) -> list[LiveAnswer | None]:
        part = part_of_answers(self._scope.field_names)
        found = await published_answers.live_by_answer(self._scope.published, ids, part)
        for id_, live in found.items():
            self._scope.reads.answer(id_)
            self._scope.reads.question(live.question.id)
        if len(found) < len(ids):
            self._scope.reads.published()
        return [found.get(id_) for id_ in ids]


def _question_in(entry: PersonalEntry) -> ShownQuestion:
    return entry.question


def _generation_in(entry: PersonalEntry) -> ShownGeneration:
    return entry.generation


def _answer_in(entry: PersonalEntry) -> PersonalAnswerView | None:
    return entry.answer
