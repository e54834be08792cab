"""Queries on what answers rest on, and whether that is still what their sources say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import (
    AnswerRevision,
    AnswerSection,
    AnswerState,
    Citation,
    Claim,
)
from navis_api.review.models import ReviewItem
from navis_api.sources.models import Source, SourceVersion

WAITING = (AnswerState.IN_REVIEW, AnswerState.CHANGES_REQUESTED, AnswerState.APPROVED)
"""What may yet become public, and stands in the queue for it."""

WATCHED = (AnswerState.PUBLISHED, AnswerState.STALE, *WAITING)
"""What has to be true now or soon."""


@dataclass(frozen=True, slots=True)
class DoubtfulQuote:
    """A quote from a version that isn't current, or from a source that is withdrawn."""

    section: int
    claim: int
    quote: str
    source_id: UUID
    source_title: str
    withdrawn: bool


_DOUBTFUL: ColumnElement[bool] = or_(
    SourceVersion.superseded_at.is_not(None), Source.withdrawn_at.is_not(None)
)


def _cited(*columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns of any type, as `select` takes
    """Return a query on citations, with all that they hang on."""
    return (
        select(*columns)
        .select_from(Citation)
        .join(Claim, Claim.id == Citation.claim_id)
        .join(AnswerSection, AnswerSection.id == Claim.section_id)
        .join(AnswerRevision, AnswerRevision.id == AnswerSection.revision_id)
        .join(SourceVersion, SourceVersion.id == Citation.source_version_id)
        .join(Source, Source.id == SourceVersion.source_id)
    )


async def doubtful_quotes(session: AsyncSession, revision_id: UUID) -> list[DoubtfulQuote]:
    """Return the quotes of a revision that may no longer stand, in reading order."""
    rows = await session.execute(
        _cited(
            AnswerSection.position,
            Claim.position,
            Citation.quote,
            Source.id,
            Source.title,
            Source.withdrawn_at.is_not(None),
        )
        .where(AnswerRevision.id == revision_id, _DOUBTFUL)
        .order_by(AnswerSection.position, Claim.position, Citation.position)
    )
    return [DoubtfulQuote(*row) for row in rows]


async def current_texts(session: AsyncSession, source_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the text of the current version of each source."""
    rows = await session.execute(
        select(SourceVersion.source_id, SourceVersion.text).where(
            SourceVersion.source_id.in_(source_ids), SourceVersion.superseded_at.is_(None)
        )
    )
    return {row.source_id: row.text for row in rows}


async def changed_sources(session: AsyncSession, *, after: UUID | None, limit: int) -> list[UUID]:
    """Return, by id, sources that are withdrawn or have been quoted in an earlier version."""
    earlier = (
        select(literal(1))
        .select_from(SourceVersion)
        .join(Citation, Citation.source_version_id == SourceVersion.id)
        .where(SourceVersion.source_id == Source.id, SourceVersion.superseded_at.is_not(None))
    )
    wanted = select(Source.id).where(or_(Source.withdrawn_at.is_not(None), earlier.exists()))
    if after is not None:
        wanted = wanted.where(Source.id > after)
    return list((await session.scalars(wanted.order_by(Source.id).limit(limit))).all())


async def old_quotes(session: AsyncSession, source_id: UUID) -> Sequence[str]:
    """Return what watched revisions quote from earlier versions of a source, each text once."""
    return (
        await session.scalars(
            _cited(Citation.quote)
            .where(
                SourceVersion.source_id == source_id,
                SourceVersion.superseded_at.is_not(None),
                AnswerRevision.state.in_(WATCHED),
            )
            .distinct()
        )
    ).all()


async def is_withdrawn(session: AsyncSession, source_id: UUID) -> bool:
    """Whether a source is withdrawn, or isn't there."""
    return not await session.scalar(
        select(
            select(Source.id).where(Source.id == source_id, Source.withdrawn_at.is_(None)).exists()
        )
    )


@dataclass(frozen=True, slots=True)
class Concerned:
    """A revision that a source's change concerns; `marked` if a change of it did so before."""

    revision_id: UUID
    marked: bool


async def revisions_concerned(
    session: AsyncSession, source_id: UUID, lost: Sequence[str] | None, *, mark: str
) -> list[Concerned]:
    """Return the watched revisions with one of the quotes `lost` from a source's earlier versions.

    With None, all that quote the source. With them come those that were marked before, and
    whose quotes may stand again: `mark` is how a reason for that begins in the queue.
    """
    if lost is None:
        concerned = literal(True)  # noqa: FBT003 - SQL's own TRUE
    else:
        concerned = and_(SourceVersion.superseded_at.is_not(None), Citation.quote.in_(lost))
    was_marked = func.coalesce(
        or_(
            AnswerRevision.stale_claims.contains([{"source": str(source_id)}]),
            func.array_to_string(ReviewItem.reasons, "\n").contains(mark, autoescape=True),
        ),
        False,
    )
    rows = await session.execute(
        _cited(AnswerRevision.id, func.bool_or(was_marked))
        .outerjoin(ReviewItem, ReviewItem.revision_id == AnswerRevision.id)
        .where(
            SourceVersion.source_id == source_id,
            AnswerRevision.state.in_(WATCHED),
            or_(concerned, was_marked),
        )
        .group_by(AnswerRevision.id)
        .order_by(AnswerRevision.id)
    )
    return [Concerned(*row) for row in rows]


async def overdue_revisions(session: AsyncSession, today: date, *, limit: int) -> list[UUID]:
    """Return published revisions whose next review should have been before `today`."""
    found = await session.scalars(
        select(AnswerRevision.id)
        .where(AnswerRevision.state == AnswerState.PUBLISHED, AnswerRevision.next_review_on < today)
        .order_by(AnswerRevision.next_review_on, AnswerRevision.id)
        .limit(limit)
    )
    return list(found)


async def get_revision(
    session: AsyncSession, revision_id: UUID, *, held: bool
) -> AnswerRevision | None:
    """Return a revision as it is now; `held` against other writers until the transaction ends."""
    wanted = select(AnswerRevision).where(AnswerRevision.id == revision_id)
    if held:
        wanted = wanted.with_for_update()
    return await session.scalar(wanted.execution_options(populate_existing=True))


async def marks_of(session: AsyncSession, revision_id: UUID, *, about: str) -> list[str]:
    """Return the reasons for which a revision waits that begin with `about`."""
    reasons = await session.scalar(
        select(ReviewItem.reasons).where(ReviewItem.revision_id == revision_id)
    )
    return [reason for reason in reasons or () if reason.startswith(about)]
