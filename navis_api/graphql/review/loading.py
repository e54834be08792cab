"""Loaders of what the staff see beside an answer."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.translation_models import AnswerTranslation
from navis_api.answers.translation_repository import list_by_revision
from navis_api.graphql.data_loader import DataLoader
from navis_api.graphql.scope import Scope
from navis_api.review import comments, deciding, feedback, people, queue
from navis_api.review.feedback import FeedbackCounts
from navis_api.review.models import ClaimComment, ReviewDecision, StaffMember
from navis_api.review.queue import QueueEntry


class ReviewLoaders:
    """The loaders of one operation of the staff's."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @cached_property
    def staff_member(self) -> DataLoader[UUID, StaffMember | None]:
        """People on the staff by id."""
        return self._scope.batched(people.get_members)

    @cached_property
    def feedback_counts(self) -> DataLoader[UUID, FeedbackCounts | None]:
        """What readers said of answers, by the answer's id."""
        return self._scope.batched(feedback.count)

    @cached_property
    def queue_entry(self) -> DataLoader[UUID, QueueEntry | None]:
        """Places in the review queue, by the revision's id."""
        return self._scope.batched(self._entries)

    @cached_property
    def comments_on(self) -> DataLoader[UUID, list[ClaimComment] | None]:
        """What the staff say of revisions, by the revision's id."""
        return self._scope.batched(comments.list_on)

    @cached_property
    def translations(self) -> DataLoader[UUID, list[AnswerTranslation] | None]:
        """The translations of revisions, by the revision's id."""
        return self._scope.batched(list_by_revision)

    @cached_property
    def decisions(self) -> DataLoader[UUID, list[ReviewDecision] | None]:
        """What was decided on revisions, by the revision's id."""
        return self._scope.batched(deciding.decisions_on)

    async def _entries(
        self, session: AsyncSession, ids: Sequence[UUID]
    ) -> Mapping[UUID, QueueEntry]:
        return await queue.entries_of(session, ids, now=self._scope.now)
