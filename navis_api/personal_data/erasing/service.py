"""Erasing everything that is somebody's: the rows, in one transaction, then what they lead to.

In that order, since whatever is cut off after the transaction is finished by the job that it
puts in, and whatever is cut off before has changed nothing (law 2). As soon as the rows are gone
nobody reads anything through us; as soon as the key is gone nobody reads a copy either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.repository import hold_publications
from navis_api.audit.service import Actor, Origin, record
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.jobs.queue import enqueue, withdraw
from navis_api.personal_data.erasing import repository
from navis_api.personal_data.erasing.models import ErasedBy, Erasure
from navis_api.records import repository as records
from navis_api.records.errors import PatientsOnly
from navis_api.review.forgetting import forget_reader

CONFIRMATION: Final = "ERASE MY DATA"
"""What has to be sent along, to the letter: no form and no retry sends it by mistake."""

FINISH_ERASURE: Final = "finish-erasure"
"""The job that does what follows the rows. Its payload is the receipt's id."""


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """Who has it done, when, and from where."""

    by: ErasedBy
    actor: Actor
    now: datetime
    origin: Origin


def requested_by_patient(
    viewer: Viewer, confirmation: str, *, now: datetime, origin: Origin
) -> tuple[str, ErasureRequest]:
    """Return whose data a viewer wants erased. Raises PatientsOnly, and InvalidInput."""
    if viewer.kind is not ViewerKind.PATIENT or viewer.subject is None:
        raise PatientsOnly
    if confirmation != CONFIRMATION:
        raise InvalidInput(
            f"Nothing was erased. To erase everything for good, send `{CONFIRMATION}` here.",
            path=("input", "confirmation"),
        )
    actor = Actor(viewer.kind.value, viewer.subject)
    return viewer.subject, ErasureRequest(ErasedBy.PATIENT, actor, now, origin)


async def count_held(session: AsyncSession, subject: str) -> Mapping[str, int]:
    """Return how much there is of somebody, by kind: what `erase` would remove."""
    return await repository.count_held(session, subject)


async def erase(session: AsyncSession, subject: str, request: ErasureRequest) -> Erasure:
    """Remove every row that is somebody's, and return the receipt.

    `subject` is the identity provider's name for them. The session is the system's own; what
    follows its transaction is `finishing.finish`, and the job does that too. Of whom nothing is
    held nothing is removed, and there is a receipt of that.

    What is public stays, and forgets who asked it. What others asked too stays theirs.
    """
    theirs_alone = await repository.list_theirs_alone(session, subject)
    if theirs_alone:
        # Before any row is locked, as whoever publishes does.
        await hold_publications(session)
    patient, _ = await records.add_or_lock_patient(session, subject)
    removed = await repository.count_held(session, subject)
    await repository.lock_records(session, patient.id)
    await repository.end_uploads(session, patient.id)
    theirs = await repository.list_ids(session, patient.id)
    await repository.remove_patient(session, patient.id)
    gone = await _remove_questions(session, subject, theirs_alone)
    said = await forget_reader(session, subject, now=request.now)
    # Last of all: until here whoever works on something may have put in another job.
    await withdraw(session, {*theirs, *gone, *said})
    return await _write_receipt(session, patient.id, removed, request)


async def _remove_questions(
    session: AsyncSession, subject: str, theirs_alone: Sequence[UUID]
) -> list[UUID]:
    """Remove what is nobody's once they haven't asked it; return the ids of what is gone."""
    await repository.lock_questions(session, theirs_alone)
    asked = await repository.remove_askings(session, subject)
    left = await repository.list_left(session, asked)
    await repository.remove_keys(session, subject, left)
    return [*left, *await repository.remove_questions(session, left)]


async def _write_receipt(
    session: AsyncSession, pseudonym: UUID, removed: Mapping[str, int], request: ErasureRequest
) -> Erasure:
    erasure = Erasure(
        pseudonym=pseudonym, erased_by=request.by, erased_at=request.now, removed=dict(removed)
    )
    session.add(erasure)
    await session.flush()
    key = f"{FINISH_ERASURE} {erasure.id}"
    await enqueue(session, FINISH_ERASURE, erasure.id.bytes, dedupe_key=key)
    actor = request.actor
    if request.by is ErasedBy.PATIENT:
        # Their name leads to nothing any more.
        actor = Actor(actor.kind, str(pseudonym))
    await record(
        session,
        actor,
        "patient.erase",
        object_type="patient",
        object_id=pseudonym,
        detail={"receipt": erasure.id, "removed": removed},
        origin=request.origin,
        now=request.now,
    )
    return erasure
