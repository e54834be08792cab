"""What the staff read: the queue, its counts, what is stuck, any revision, the staff."""

from typing import Annotated

import strawberry

from navis_api.answers import repository as answers
from navis_api.db.paging import page_request
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.cancers.family import family_of
from navis_api.graphql.context import Info
from navis_api.graphql.enums import AnswerState
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, First, parse_id_of
from navis_api.graphql.review.acting import note_reading
from navis_api.graphql.review.differences import RevisionDifference
from navis_api.graphql.review.types import (
    AnswerConnection,
    ReviewCounts,
    StaffMember,
    StuckReview,
)
from navis_api.graphql.viewer.roles import require_staff
from navis_api.review import people, queue, stuck
from navis_api.review.queue import QueueFilter

AnswerId = Annotated[strawberry.ID, strawberry.argument(description="The answer's `id`.")]


@strawberry.type
class ReviewQueries:
    """The fields that Query has from the review. They are for the staff."""

    @strawberry.field(
        description="What waits for somebody, the most urgent first and of those the oldest:"
        " revisions in review, approved, to be changed, or stale, and published ones that somebody"
        " reports. For the staff.",
        metadata=RECORDED,
    )
    async def review_queue(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        cancer: Annotated[
            str | None,
            strawberry.argument(description="Slug of a cancer; its subtypes are included."),
        ] = None,
        state: Annotated[
            AnswerState | None, strawberry.argument(description="Only those in this state.")
        ] = None,
        mine: Annotated[
            bool | None,
            strawberry.argument(description="Only those that the viewer has claimed."),
        ] = None,
    ) -> AnswerConnection:
        """Page through it."""
        context = info.context
        require_staff(context.viewer)
        page = page_request(first=first, after=after)
        chosen = QueueFilter(
            cancer_ids=family_of(await context.loaders.catalogue(), cancer),
            states=None if state is None else (state,),
            claimed_by=context.viewer.subject if mine else None,
        )
        async with context.database.reading(context.viewer.rows) as session:
            found = await queue.list_waiting(session, page, chosen, now=context.now)
            counts = await queue.counts(session, cancer_ids=chosen.cancer_ids)
        await note_reading(info, "queue.read")
        total = counts.total if state is None else counts.by_state.get(state, 0)
        return AnswerConnection.of(found, total=None if mine else total)

    @strawberry.field(description="How much waits. For the staff.")
    async def review_counts(self, info: Info) -> ReviewCounts:
        """Count it."""
        context = info.context
        require_staff(context.viewer)
        catalogue = await context.loaders.catalogue()
        async with context.database.reading(context.viewer.rows) as session:
            return ReviewCounts.of(await queue.counts(session), catalogue)

    @strawberry.field(description="What is stuck, longest first. For the staff.", metadata=RECORDED)
    async def stuck_reviews(self, info: Info) -> list[StuckReview]:
        """Report it."""
        context = info.context
        require_staff(context.viewer)
        async with context.database.reading(context.viewer.rows) as session:
            found = await stuck.list_stuck(session, now=context.now)
        await note_reading(info, "queue.read_stuck")
        return [StuckReview.of(item) for item in found]

    @strawberry.field(
        description="An answer at one of its revisions, whatever its state. For the staff.",
        metadata=RECORDED,
    )
    async def answer_revision(
        self,
        info: Info,
        answer_id: AnswerId,
        revision: Annotated[int, strawberry.argument(description="The revision's number.")],
    ) -> Answer | None:
        """Open it."""
        context = info.context
        require_staff(context.viewer)
        id_ = parse_id_of("Answer", answer_id, argument="answerId")
        async with context.database.reading(context.viewer.rows) as session:
            view = await answers.view_of_revision(session, id_, revision)
        await note_reading(info, "answer.read", object_id=str(id_))
        return Answer.of(view) if view else None

    @strawberry.field(
        description="What differs between two revisions of an answer, claim by claim. For the"
        " staff.",
        metadata=RECORDED,
    )
    async def answer_difference(
        self,
        info: Info,
        answer_id: AnswerId,
        before: Annotated[int, strawberry.argument(description="The number of the older one.")],
        after: Annotated[int, strawberry.argument(description="The number of the newer one.")],
    ) -> RevisionDifference | None:
        """Compare them."""
        context = info.context
        require_staff(context.viewer)
        id_ = parse_id_of("Answer", answer_id, argument="answerId")
        async with context.database.reading(context.viewer.rows) as session:
            old = await answers.view_of_revision(session, id_, before)
            new = await answers.view_of_revision(session, id_, after)
        await note_reading(info, "answer.compare", object_id=str(id_))
        return RevisionDifference.between(old, new) if old and new else None

    @strawberry.field(description="Who is on the staff. For the staff.")
    async def staff(self, info: Info) -> list[StaffMember]:
        """List them."""
        context = info.context
        require_staff(context.viewer)
        catalogue = await context.loaders.catalogue()
        async with context.database.reading(context.viewer.rows) as session:
            found = await people.list_members(session)
        return [StaffMember.of(member, catalogue) for member in found]
