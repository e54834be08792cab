"""Loaders: each gathers what the fields of one level ask for, and loads it in one statement.

They live as long as one operation and load as its viewer.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from navis_api.answers import history_repository
from navis_api.answers import repository as answers
from navis_api.answers.history_repository import LiveAnswer, PastRevision
from navis_api.answers.repository import AnswerView
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.paging import Page, PageRequest
from navis_api.db.sessions import Database
from navis_api.generation import repository as generations
from navis_api.generation.models import Generation, GenerationEventRow
from navis_api.identity.viewer import Viewer
from navis_api.questions import repository as questions
from navis_api.questions.models import Question
from navis_api.questions.repository import QuestionOrder
from navis_api.review import comments, deciding, feedback, people, queue
from navis_api.review.feedback import FeedbackCounts
from navis_api.review.models import ClaimComment, ReviewDecision, StaffMember
from navis_api.review.queue import QueueEntry
from navis_api.sources import repository as sources
from navis_api.sources.repository import SourceView

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Fetch = Callable[[AsyncSession, Sequence[Key]], Awaitable[Mapping[Key, Value]]]


@dataclass(frozen=True, slots=True)
class CancerQuestions:
    """Which page of a cancer's questions a field asks for."""

    page: PageRequest
    answered: bool | None
    order: QuestionOrder


class Loaders:
    """The loaders of one operation."""

    def __init__(
        self, database: Database, keeper: CatalogueKeeper, *, viewer: Viewer, now: datetime
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._viewer = viewer
        self._now = now
        self._cancer_questions: dict[CancerQuestions, DataLoader[UUID, Page[Question] | None]] = {}
        self._related: dict[int, DataLoader[UUID, list[Question] | None]] = {}
        self._events: dict[int, DataLoader[UUID, list[GenerationEventRow] | None]] = {}
        self._catalogue = DataLoader[None, Catalogue](load_fn=self._load_catalogue)
        self.question: DataLoader[UUID, Question | None] = self._batched(questions.get_many)
        self.answer: DataLoader[UUID, AnswerView | None] = self._batched(answers.views_by_answer)
        self.answer_of_question: DataLoader[UUID, AnswerView | None] = self._batched(
            answers.views_by_question
        )
        self._live_answer: DataLoader[UUID, LiveAnswer | None] = self._batched(
            history_repository.live_by_answer
        )
        self.history: DataLoader[UUID, list[PastRevision] | None] = self._batched(
            history_repository.history
        )
        self.source: DataLoader[UUID, SourceView | None] = self._batched(sources.views_of_versions)
        self.generation: DataLoader[UUID, Generation | None] = self._batched(generations.get_many)
        self.generation_of_question: DataLoader[UUID, Generation | None] = self._batched(
            generations.latest_by_question
        )
        self.staff_member: DataLoader[UUID, StaffMember | None] = self._batched(people.get_members)
        self.feedback_counts: DataLoader[UUID, FeedbackCounts | None] = self._batched(
            feedback.count
        )
        self.queue_entry: DataLoader[UUID, QueueEntry | None] = self._batched(self._entries)
        self.review_comments: DataLoader[UUID, list[ClaimComment] | None] = self._batched(
            comments.list_on
        )
        self.review_decisions: DataLoader[UUID, list[ReviewDecision] | None] = self._batched(
            deciding.decisions_on
        )
        self._answered_count: DataLoader[UUID, int | None] = self._batched(self._count_answered)

    async def catalogue(self) -> Catalogue:
        """Return the catalogue, the same one for the whole operation."""
        return await self._catalogue.load(None)

    async def live_answer(self, answer_id: UUID) -> LiveAnswer | None:
        """Return an answer that readers are served, with its question.

        The question is remembered, so that what lies below the answer has it as of the
        same moment: it may have been taken back since.
        """
        found = await self._live_answer.load(answer_id)
        if found is not None:
            self.question.prime(found.question.id, found.question)
        return found

    async def cancer_questions(
        self, wanted: CancerQuestions, cancer_id: UUID
    ) -> Page[Question] | None:
        """Return a page of the questions on a cancer and its subtypes."""
        if wanted not in self._cancer_questions:

            async def fetch(
                session: AsyncSession, ids: Sequence[UUID]
            ) -> Mapping[UUID, Page[Question]]:
                return await questions.list_listed_by_cancer(
                    session,
                    await self._families(ids),
                    wanted.page,
                    answered=wanted.answered,
                    order=wanted.order,
                    subject=self._viewer.subject,
                )

            self._cancer_questions[wanted] = self._batched(fetch)
        # Loaded before the session opens: two connections at a time could starve the pool.
        await self.catalogue()
        return await self._cancer_questions[wanted].load(cancer_id)

    async def answered_count(self, cancer_id: UUID) -> int:
        """Return how many questions on a cancer and its subtypes have a reviewed answer."""
        await self.catalogue()
        return await self._answered_count.load(cancer_id) or 0

    async def related(self, first: int, question_id: UUID) -> list[Question]:
        """Return questions near this one."""
        if first not in self._related:

            async def fetch(
                session: AsyncSession, ids: Sequence[UUID]
            ) -> Mapping[UUID, list[Question]]:
                return await questions.related(session, ids, first)

            self._related[first] = self._batched(fetch)
        return await self._related[first].load(question_id) or []

    async def events(self, after: int, generation_id: UUID) -> list[GenerationEventRow]:
        """Return the events of a generation from after a sequence number on."""
        if after not in self._events:

            async def fetch(
                session: AsyncSession, ids: Sequence[UUID]
            ) -> Mapping[UUID, list[GenerationEventRow]]:
                return await generations.events_of_many(session, ids, after)

            self._events[after] = self._batched(fetch)
        return await self._events[after].load(generation_id) or []

    async def _load_catalogue(self, keys: list[None]) -> list[Catalogue]:
        return [await self._keeper.current()] * len(keys)

    async def _families(self, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """Return, for each cancer, itself and everything below it."""
        catalogue = await self.catalogue()
        return {
            id_: catalogue.family_ids(catalogue.by_id[id_]) for id_ in ids if id_ in catalogue.by_id
        }

    async def _count_answered(
        self, session: AsyncSession, ids: Sequence[UUID]
    ) -> Mapping[UUID, int]:
        return await questions.count_answered(session, await self._families(ids))

    async def _entries(
        self, session: AsyncSession, ids: Sequence[UUID]
    ) -> Mapping[UUID, QueueEntry]:
        return await queue.entries_of(session, ids, now=self._now)

    def _batched(self, fetch: Fetch[Key, Value]) -> DataLoader[Key, Value | None]:
        async def load(keys: list[Key]) -> list[Value | None]:
            async with self._database.reading(self._viewer.rows) as session:
                found = await fetch(session, keys)
            return [found.get(key) for key in keys]

        return DataLoader[Key, Value | None](load_fn=load)
