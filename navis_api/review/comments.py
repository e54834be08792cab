"""What the staff say to each other about a revision, or about one claim in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import content_from_json
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.kit.text import squeeze
from navis_api.review import repository
from navis_api.review.acting import Acting, note
from navis_api.review.errors import RevisionUnknown
from navis_api.review.models import ClaimComment

MAX_COMMENT_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A claim of a revision, counted from 0."""

    section: int
    claim: int


async def add(
    session: AsyncSession,
    revision_id: UUID,
    place: ClaimPlace | None,
    text: str,
    *,
    acting: Acting,
) -> ClaimComment:
    """Add a comment on a revision or, with a place, on a claim of it, and return it.

    Anybody on the staff may, whatever the revision's state. Raises RevisionUnknown and
    InvalidInput.
    """
    said = squeeze(text)
    if not 1 <= len(said) <= MAX_COMMENT_CHARS:
        raise InvalidInput(
            f"A comment has 1 to {MAX_COMMENT_CHARS} characters.", path=("input", "text")
        )
    revision = await repository.get_revision(session, revision_id)
    if revision is None:
        raise RevisionUnknown
    if place is not None:
        sections = content_from_json(revision.content).sections
        if not (
            0 <= place.section < len(sections)
            and 0 <= place.claim < len(sections[place.section].claims)
        ):
            raise InvalidInput("This revision has no such claim.", path=("input", "claim"))
    comment = ClaimComment(
        id=new_id(),
        revision_id=revision_id,
        section=place.section if place else None,
        claim=place.claim if place else None,
        subject=acting.member.subject,
        name=acting.member.name,
        text=said,
        at=acting.now,
    )
    session.add(comment)
    await note(session, acting, "comment.add", revision, comment_id=comment.id)
    return comment


async def resolve(session: AsyncSession, comment_id: UUID, *, acting: Acting) -> ClaimComment:
    """Mark a comment as dealt with, and return it. Once more changes nothing.

    Raises InvalidInput when there is no such comment.
    """
    comment = await repository.lock_comment(session, comment_id)
    if comment is None:
        raise InvalidInput("There is no such comment.", path=("input", "commentId"))
    if comment.resolved_at is None:
        comment.resolved_at = acting.now
        comment.resolved_by = acting.member.name
        revision = await repository.get_revision(session, comment.revision_id)
        if revision is None:
            raise RevisionUnknown
        await note(session, acting, "comment.resolve", revision, comment_id=comment.id)
    return comment


async def list_on(
    session: AsyncSession, revision_ids: Sequence[UUID]
) -> dict[UUID, list[ClaimComment]]:
    """Return the comments on each of these revisions, oldest first."""
    return await repository.list_comments(session, revision_ids)
