"""What the staff see beside an answer: the queue, comments, decisions, and each other."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from navis_api.answers.repository import AnswerView
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import Page
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.cancers.types import Cancer
from navis_api.graphql.enums import (
    AnswerState,
    ReviewUrgency,
    StaffRole,
    StuckKind,
)
from navis_api.graphql.relay import Connection, Node, page_info
from navis_api.graphql.review.parts import urgency_of
from navis_api.review import models, stuck
from navis_api.review.queue import QueueCounts, QueueEntry


@strawberry.type(description="A page of answers, each at the revision that waits.")
class AnswerConnection(Connection[Answer]):
    """Answers in the queue's order: the most urgent first, and of those the oldest."""

    total_count: int | None = strawberry.field(
        description="How many wait of this cancer and state. Null with `mine`."
    )

    @classmethod
    def of(cls, page: Page[QueueEntry], *, total: int | None) -> Self:
        """Return a page of the queue."""
        nodes = [Answer.of(AnswerView(entry.answer, entry.revision)) for entry in page.rows]
        return cls(
            nodes=nodes,
            cursors=page.cursors,
            page_info=page_info(page),
            total_count=total,
        )


@strawberry.type(description="How many revisions wait in one state.")
class StateCount:
    """A count of the queue."""

    state: AnswerState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many revisions wait with one urgency.")
class UrgencyCount:
    """A count of the queue."""

    urgency: ReviewUrgency = strawberry.field(description="The urgency.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many revisions wait that are about one cancer.")
class CancerCount:
    """A count of the queue."""

    cancer: Cancer | None = strawberry.field(description="The cancer; null: without one.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How much waits.")
class ReviewCounts:
    """The counts of the queue."""

    total: int = strawberry.field(description="How many revisions wait in all.")
    by_state: list[StateCount] = strawberry.field(description="By the state they are in.")
    by_urgency: list[UrgencyCount] = strawberry.field(description="By urgency.")
    by_cancer: list[CancerCount] = strawberry.field(description="By cancer, most first.")

    @classmethod
    def of(cls, counts: QueueCounts, catalogue: Catalogue) -> Self:
        """Return the counts as clients see them."""
        by_cancer = sorted(counts.by_cancer.items(), key=lambda each: (-each[1], str(each[0])))
        return cls(
            total=counts.total,
            by_state=[
                StateCount(state=state, count=counts.by_state[state])
                for state in AnswerState
                if state in counts.by_state
            ],
            by_urgency=[
                UrgencyCount(urgency=urgency_of(rank), count=number)
                for rank, number in sorted(counts.by_rank.items())
            ],
            by_cancer=[
                CancerCount(cancer=_cancer(catalogue, id_), count=number)
                for id_, number in by_cancer
            ],
        )


def _cancer(catalogue: Catalogue, id_: UUID | None) -> Cancer | None:
    entry = catalogue.by_id.get(id_) if id_ is not None else None
    return Cancer.of(entry, catalogue) if entry else None


@strawberry.type(description="A revision that is stuck: somebody should look after it.")
class StuckReview:
    """A line of the report of what is stuck."""

    kind: StuckKind = strawberry.field(description="How it is stuck.")
    since: datetime = strawberry.field(description="Since when.")
    answer: Answer = strawberry.field(description="The answer, at that revision.")

    @classmethod
    def of(cls, item: stuck.StuckItem) -> Self:
        """Return a line of the report."""
        view = AnswerView(item.entry.answer, item.entry.revision)
        return cls(kind=item.kind, since=item.since, answer=Answer.of(view))


@strawberry.type(description="Somebody who reviews, publishes or administers.")
class StaffMember(Node):
    """A person on the staff."""

    subject: str = strawberry.field(description="The `sub` of their access tokens.")
    role: StaffRole = strawberry.field(description="What they do.")
    name: str = strawberry.field(description="Their name, as readers see it.")
    credentials: str = strawberry.field(description="What qualifies them, as readers see it.")
    all_cancers: bool = strawberry.field(description="Whether they decide on every cancer.")
    cancers: list[Cancer] = strawberry.field(
        description="The cancers that a reviewer decides on; their subtypes are included."
    )
    active: bool = strawberry.field(description="Whether they are on the staff still.")

    @classmethod
    def of(cls, model: models.StaffMember, catalogue: Catalogue) -> Self:
        """Return somebody as the staff see them."""
        return cls(
            key=model.id,
            subject=model.subject,
            role=model.role,
            name=model.name,
            credentials=model.credentials,
            all_cancers=model.all_cancers,
            cancers=[
                Cancer.of(catalogue.by_id[id_], catalogue)
                for id_ in model.cancer_ids
                if id_ in catalogue.by_id
            ],
            active=model.active,
        )
