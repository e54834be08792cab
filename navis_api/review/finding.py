"""Finding the answer that somebody at a terminal means, by as few letters as will do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.errors import InvalidInput, UserFault
from navis_api.review.models import ReviewItem

LEAST_CHARS = 4
_SLUG_OR_ID = re.compile(r"[0-9a-z-]{1,200}")
_PART_OF_UUID = re.compile(rf"[0-9a-f-]{{{LEAST_CHARS},36}}")


class AnswerUnknown(UserFault):
    """A name that no answer has."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such answer. Give its id as `review list` prints it, or its slug."
        )


class AnswerAmbiguous(InvalidInput):
    """A part of an id that more than one answer has."""

    def __init__(self) -> None:
        super().__init__("More than one answer's id is like that. Give more of it.")


@dataclass(frozen=True, slots=True)
class NumberedRevision:
    """A revision of an answer by its number, with its state and whether it waits for somebody."""

    id: UUID
    number: int
    state: AnswerState
    waits: bool


async def find_answer(session: AsyncSession, named: str) -> UUID:
    """Return the id of the answer with this slug, or whose id begins or ends like that.

    Ids begin with the moment they were made, so that those of one hour differ at their ends.
    Raises AnswerUnknown and AnswerAmbiguous.
    """
    if not _SLUG_OR_ID.fullmatch(named.lower()):
        raise AnswerUnknown
    by_slug = await session.scalar(select(Answer.id).where(Answer.slug == named))
    if by_slug is not None:
        return by_slug
    part = named.lower()
    if not _PART_OF_UUID.fullmatch(part):
        raise AnswerUnknown
    written = cast(Answer.id, Text)
    found = (
        await session.scalars(
            select(Answer.id)
            .where(or_(written.startswith(part), written.endswith(part)))
            .order_by(Answer.id)
            .limit(2)
        )
    ).all()
    if len(found) > 1:
        raise AnswerAmbiguous
    if not found:
        raise AnswerUnknown
    return found[0]


async def revisions_of(session: AsyncSession, answer_id: UUID) -> Sequence[NumberedRevision]:
    """Return the revisions of an answer, newest first."""
    rows = await session.execute(
        select(
            AnswerRevision.id,
            AnswerRevision.number,
            AnswerRevision.state,
            ReviewItem.revision_id.is_not(None),
        )
        .outerjoin(ReviewItem, ReviewItem.revision_id == AnswerRevision.id)
        .where(AnswerRevision.answer_id == answer_id)
        .order_by(AnswerRevision.number.desc())
    )
    return [NumberedRevision(*row) for row in rows]
