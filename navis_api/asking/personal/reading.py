"""A patient's reading of their own personal questions: each is noted in the audit record."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal import repository
from navis_api.asking.personal.facts import asked_facts, have_changed
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.asking.personal.reviews.repository import reviews_of
from navis_api.asking.personal.reviews.withdrawal import events_shown
from navis_api.asking.personal.sealed import event_in
from navis_api.asking.personal.views import PersonalAnswerView, PersonalEntry
from navis_api.db.paging import Page, PageRequest
from navis_api.db.sessions import Database
from navis_api.generation.keeping import ToldEvent
from navis_api.identity.viewer import Viewer
from navis_api.records.acting import Acting
from navis_api.records.profile.service import read_profile
from navis_api.records.sealing.storage import SealedStorage


async def find(
    database: Database,
    storage: SealedStorage,
    viewer: Viewer,
    ids: Sequence[UUID],
    acting: Acting,
) -> dict[UUID, PersonalEntry]:
    """Return which of these are personal questions of the viewer's, opened for them.

    Ids of everything else come here too, and only what is there is worth a transaction that
    writes. Raises StorageUnavailable.
    """
    async with database.reading(viewer.rows) as session:
        rows = await repository.get_many(session, ids)
        reviews = await reviews_of(session, list(rows)) if rows else {}
    if not rows:
        return {}
    async with database.writing(viewer.rows) as session:
        await acting.note(session, "personal_question.read", detail={"questions": sorted(rows)})
    opened = await _opened(storage, list(rows.values()), reviews)
    return {entry.row.id: entry for entry in opened}


async def read_page(
    session: AsyncSession, storage: SealedStorage, page: PageRequest, acting: Acting
) -> Page[PersonalEntry]:
    """Return a page of the viewer's personal questions, the newest first.

    Raises StorageUnavailable.
    """
    found = await repository.list_own(session, page)
    reviews = await reviews_of(session, [row.id for row in found.rows])
    entries = await _opened(storage, found.rows, reviews)
    if entries:
        ids = [entry.row.id for entry in entries]
        await acting.note(session, "personal_question.list", detail={"questions": ids})
    return Page(entries, found.cursors, has_next=found.has_next, has_previous=found.has_previous)


async def events_after(session: AsyncSession, entry: PersonalEntry, after: int) -> list[ToldEvent]:
    """Return the events of a question's writing whose number is greater than `after`, in order."""
    row = entry.row
    rows = await repository.list_events(session, row.patient_id, row.id, after=after)
    return events_shown([event_in(each, entry.key) for each in rows], entry.review)


async def facts_have_changed(
    session: AsyncSession,
    storage: SealedStorage,
    answers: Mapping[UUID, PersonalAnswerView],
    acting: Acting,
) -> dict[UUID, bool]:
    """Return, for each answer, whether the facts are others by now than those it rests on.

    Raises StorageUnavailable.
    """
    profile = await read_profile(session, storage, acting)
    now = asked_facts(profile.for_generation())
    return {
        id_: have_changed(answer.asked, answer.unknowns, now) for id_, answer in answers.items()
    }


async def _opened(
    storage: SealedStorage,
    rows: Sequence[PersonalQuestion],
    reviews: Mapping[UUID, PersonalReview],
) -> list[PersonalEntry]:
    if not rows:
        return []
    # Row security shows the questions of one patient only, so that there is one key to open.
    key = await storage.keys.open(rows[0].patient_id)
    return [PersonalEntry(row, key, reviews.get(row.id)) for row in rows]
