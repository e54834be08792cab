"""Whether what answers rest on still stands in their sources, and what follows when it doesn't.

A revision is final, so its citations stay on the versions that they were taken from; what is
asked is whether the same words stand in the source as it is now (`sources.standing`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.repository import hold_publications
from navis_api.review import staleness_repository as repository
from navis_api.review.placing import QUOTES, place
from navis_api.review.staleness_repository import Concerned
from navis_api.sources.standing import StandingText

_MOST_TITLES = 3
_BACK = "A source that it quotes had changed; the words that it quotes stand there again."
_BACK_FOR_STAFF = f"{QUOTES}all stand in their sources again."


@dataclass(frozen=True, slots=True)
class LostClaim:
    """A claim (counted from 0) with a quote that its source no longer holds."""

    section: int
    claim: int
    source_id: UUID
    source_title: str
    withdrawn: bool

    @property
    def reason(self) -> str:
        """What has become of its source, in a sentence of ours, without the quote."""
        if self.withdrawn:
            return f"The source “{self.source_title}” has been withdrawn."
        return (
            f"The source “{self.source_title}” has changed, and the words that this claim quotes"
            " no longer stand there."
        )


async def lost_claims(session: AsyncSession, revision_id: UUID) -> list[LostClaim]:
    """Return the claims of a revision whose quotes no longer stand, in reading order.

    A claim that lost quotes of two sources is there twice. Any session of the staff will do.
    """
    doubtful = await repository.doubtful_quotes(session, revision_id)
    if not doubtful:
        return []
    current = await repository.current_texts(
        session, sorted({each.source_id for each in doubtful if not each.withdrawn})
    )
    texts = {source_id: StandingText(text) for source_id, text in current.items()}
    lost: dict[tuple[int, int, UUID], LostClaim] = {}
    for each in doubtful:
        text = texts.get(each.source_id)
        if each.withdrawn or text is None or not text.holds(each.quote):
            lost.setdefault(
                (each.section, each.claim, each.source_id),
                LostClaim(
                    each.section, each.claim, each.source_id, each.source_title, each.withdrawn
                ),
            )
    return list(lost.values())


async def revisions_to_look_at(session: AsyncSession, source_id: UUID) -> list[Concerned]:
    """Return the revisions that a change of a source may concern, waiting ones too."""
    if await repository.is_withdrawn(session, source_id):
        return await repository.revisions_concerned(session, source_id, None, mark=QUOTES)
    quotes = await repository.old_quotes(session, source_id)
    text = (await repository.current_texts(session, [source_id])).get(source_id)
    standing = StandingText(text or "")
    lost = [quote for quote in quotes if not standing.holds(quote)]
    return await repository.revisions_concerned(session, source_id, lost, mark=QUOTES)


async def is_as_marked(session: AsyncSession, revision_id: UUID, *, now: datetime) -> bool:
    """Whether a revision's state and marks say what is the case."""
    revision = await repository.get_revision(session, revision_id, held=False)
    if revision is None:
        return True
    lost = await lost_claims(session, revision_id)
    if revision.state is AnswerState.PUBLISHED:
        return not lost and not _is_overdue(revision, now)
    if revision.state is AnswerState.STALE:
        return (revision.stale_claims or []) == _as_stored(lost)
    if revision.state in repository.WAITING:
        marks = await repository.marks_of(session, revision_id, about=QUOTES)
        return marks == ([_for_staff(lost)] if lost else [])
    return True


async def mark(session: AsyncSession, revision_id: UUID, *, now: datetime) -> AnswerState | None:
    """Have a revision's state and marks say what is the case; return its state, None: it is gone.

    A published one goes STALE when a quote is lost or its next review is overdue. A stale one
    gets the claims concerned named. One that waits keeps its state, and the queue says what
    is wrong with it. Whoever has more than one to mark takes a transaction for each.
    """
    # Before the row is read: whoever is just making it public has finished then.
    await hold_publications(session)
    revision = await repository.get_revision(session, revision_id, held=True)
    if revision is None:
        return None
    lost = await lost_claims(session, revision_id)
    if revision.state is AnswerState.PUBLISHED:
        await _expire(session, revision, lost, now=now)
    elif revision.state is AnswerState.STALE:
        await _mark_stale(session, revision, lost, now=now)
    elif revision.state in repository.WAITING:
        await place(session, revision, quotes=_for_staff(lost) if lost else None, now=now)
    return revision.state


async def _expire(
    session: AsyncSession, revision: AnswerRevision, lost: Sequence[LostClaim], *, now: datetime
) -> None:
    if lost:
        await publishing.expire(
            session, revision, reason=_for_readers(lost), claims=_as_stored(lost), now=now
        )
    elif _is_overdue(revision, now):
        due = revision.next_review_on
        assert due is not None, "only what has a date is overdue"
        reason = f"Its next review was due by {due.isoformat()}."
        await publishing.expire(session, revision, reason=reason, now=now)
    else:
        return
    # What readers have said of it keeps its place.
    await place(session, revision, quotes=None, now=now)


async def _mark_stale(
    session: AsyncSession, revision: AnswerRevision, lost: Sequence[LostClaim], *, now: datetime
) -> None:
    claims = _as_stored(lost)
    if (revision.stale_claims or []) == claims:
        return
    revision.stale_claims = claims or None
    revision.state_reason = _for_readers(lost) if lost else _BACK
    revision.updated_at = now
    await session.flush()
    await session.refresh(revision, ["lock_version"])
    await place(session, revision, quotes=_for_staff(lost) if lost else _BACK_FOR_STAFF, now=now)


def today(now: datetime) -> date:
    """Return the day that it is in UTC, where the days of reviews begin and end."""
    return now.astimezone(UTC).date()


def _is_overdue(revision: AnswerRevision, now: datetime) -> bool:
    """Whether the day of the next review is over; on that day itself it isn't."""
    return revision.next_review_on is not None and revision.next_review_on < today(now)


def _as_stored(lost: Sequence[LostClaim]) -> list[dict[str, Any]]:
    return [
        {"section": each.section, "claim": each.claim, "source": str(each.source_id)}
        for each in lost
    ]


def _for_readers(lost: Sequence[LostClaim]) -> str:
    """Say what happened, in words that may stand on the answer's page."""
    changed = _titles(each for each in lost if not each.withdrawn)
    withdrawn = _titles(each for each in lost if each.withdrawn)
    sentences: list[str] = []
    for titles, one, several in (
        (changed, "has changed", "have changed"),
        (withdrawn, "has been withdrawn", "have been withdrawn"),
    ):
        if titles:
            subject = "A source that it quotes" if len(titles) == 1 else "Sources that it quotes"
            sentences.append(
                f"{subject} {one if len(titles) == 1 else several}: {_listed(titles)}."
            )
    return " ".join(sentences)


def _for_staff(lost: Sequence[LostClaim]) -> str:
    places = len({(each.section, each.claim) for each in lost})
    claims = "1 claim rests" if places == 1 else f"{places} claims rest"
    return f"{QUOTES}{claims} on words that no longer stand. {_for_readers(lost)}"


def _titles(lost: Iterable[LostClaim]) -> list[str]:
    return list(dict.fromkeys(each.source_title for each in lost))


def _listed(titles: Sequence[str]) -> str:
    named = ", ".join(f"“{title}”" for title in titles[:_MOST_TITLES])
    more = len(titles) - _MOST_TITLES
    return f"{named} and {more} more" if more > 0 else named
