"""Everything that is held of somebody, as one FHIR bundle that is given entry by entry.

What there is, is listed once, in the transaction that notes the export in the audit record. The
rest is read a little at a time, each in a short transaction of its own that has ended before
anything of it is given, so that a client who reads slowly holds neither a snapshot nor a
connection. So: records and acts that come after that moment aren't in it; what is deleted
meanwhile is left out; what is asked or decided meanwhile may be in it as it is then. Whose data
are erased meanwhile gets no bundle that looks whole.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal.models import PersonalEvent, PersonalQuestion
from navis_api.asking.personal.repository import list_events
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.asking.personal.reviews.repository import reviews_of
from navis_api.audit.service import record
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.identity.viewer import Viewer
from navis_api.personal_data.exporting import acts, person, repository
from navis_api.personal_data.exporting.errors import ExportCut
from navis_api.personal_data.exporting.fhir import (
    Json,
    entry,
    instant,
    outcome,
    part_id,
    resource,
)
from navis_api.personal_data.exporting.keys import key_of, there
from navis_api.personal_data.exporting.personal import personal_question
from navis_api.personal_data.exporting.records import RecordEntries
from navis_api.personal_data.exporting.repository import Holder
from navis_api.records.acting import Acting
from navis_api.records.sealing.errors import KeyGone, SealBroken, StorageUnavailable
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_A_PAGE: Final = 200
_ANSWERS_AT_A_TIME: Final = 20
_ACTS_AT_A_TIME: Final = 20_000
"""Rows of the audit record that one statement looks through: no index leads to somebody's."""

_FAILURES: Final = (
    StorageUnavailable,
    KeyGone,
    SealBroken,
    DatabaseBusy,
    SQLAlchemyError,
    OSError,
    TimeoutError,
)


class ContentsMode(StrEnum):
    """Where the files of records are: in the bundle, or each at an address of its own."""

    INLINE = "inline"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was noted: whose, of when, and what there is."""

    viewer: Viewer
    holder: Holder
    acting: Acting
    record_ids: Sequence[UUID]
    newest_act: int


async def begin(database: Database, viewer: Viewer, acting: Acting, mode: ContentsMode) -> Export:
    """Note in the audit record that a patient exports what is theirs, and list what there is.

    Raises DatabaseBusy.
    """
    subject = acting.subject
    async with database.writing(viewer.rows) as session:
        found = await repository.get_patient(session, subject)
        if found is None:
            holder = Holder(person.holder_id(subject), subject, None)
            record_ids: Sequence[UUID] = ()
        else:
            holder = Holder(found.id, subject, found.created_at)
            record_ids = await repository.list_record_ids(session, found.id)
        await record(
            session,
            acting.actor,
            "patient.export",
            object_type="patient" if found else None,
            object_id=found.id if found else None,
            detail={"contents": mode.value, "records": len(record_ids)},
            origin=acting.origin,
            now=acting.now,
        )
    async with database.reading(SYSTEM_ROWS) as session:
        newest = await repository.newest_act(session)
    return Export(viewer, holder, acting, record_ids, newest)


class Exporter:
    """Gives bundles. `address_of` says where a record's file is when it isn't in the bundle."""

    def __init__(
        self, database: Database, storage: SealedStorage, *, address_of: Callable[[UUID], str]
    ) -> None:
        self._database = database
        self._storage = storage
        self._address_of = address_of

    async def bundle(self, export: Export, mode: ContentsMode) -> AsyncGenerator[bytes]:
        """Give the bundle, piece by piece, and hold no more than a part of a file of it.

        Raises ExportCut where it can't go on; then what was given ends in the middle.
        """
        try:
            yield _head(export)
            yield entry(person.patient(export.holder))
            async for each in self._entries(export, mode):
                yield each
        except _FAILURES as failure:
            _log.warning("export.cut", failure=describe_failure(failure))
            raise ExportCut from None
        yield b"]}"

    async def _entries(self, export: Export, mode: ContentsMode) -> AsyncGenerator[bytes]:
        if export.holder.since is not None:
            async for each in self._consents(export):
                yield b"," + entry(each)
            address_of = self._address_of if mode is ContentsMode.SEPARATE else None
            entries = RecordEntries(
                self._database, self._storage, export.viewer, address_of=address_of
            )
            for record_id in export.record_ids:
                async for piece in entries.of(record_id):
                    yield piece
            async for page in self._personal_questions(export):
                yield b"".join(b"," + entry(each) for each in page)
        async for page in self._messages(export):
            yield b"".join(b"," + entry(each) for each in page)
        async for each in self._acts(export):
            yield b"," + entry(each)

    async def _consents(self, export: Export) -> AsyncGenerator[Json]:
        async with self._database.reading(export.viewer.rows) as session:
            rows = await repository.list_consents(session, export.holder.id)
        for row in rows:
            yield person.consent(row)

    async def _personal_questions(self, export: Export) -> AsyncGenerator[list[Json]]:
        holder, after = export.holder, None
        while True:
            async with self._database.reading(export.viewer.rows) as session:
                rows = await repository.list_personal_questions(
                    session, holder.id, after=after, limit=_ANSWERS_AT_A_TIME
                )
                reviews = await reviews_of(session, [row.id for row in rows])
                told = {
                    row.id: await list_events(session, row.patient_id, row.id, after=0)
                    for row in rows
                    if row.answer_sealed is None
                }
            if not rows:
                return
            after = rows[-1].id
            key = await key_of(self._storage, holder.id)
            yield await asyncio.to_thread(_personal, rows, reviews, told, key)

    async def _messages(self, export: Export) -> AsyncGenerator[list[Json]]:
        holder, subject = export.holder, export.holder.subject

        async def questions(
            session: AsyncSession, after: UUID | None
        ) -> Sequence[tuple[UUID, Json]]:
            rows = await repository.list_questions(session, subject, after=after, limit=_A_PAGE)
            return [(row.question_id, person.question(row, holder)) for row in rows]

        async def feedback(
            session: AsyncSession, after: UUID | None
        ) -> Sequence[tuple[UUID, Json]]:
            rows = await repository.list_feedback(session, subject, after=after, limit=_A_PAGE)
            return [(row.id, person.feedback(row, holder)) for row in rows]

        for read in (questions, feedback):
            after: UUID | None = None
            while True:
                async with self._database.reading(export.viewer.rows) as session:
                    page = await read(session, after)
                if page:
                    after = page[-1][0]
                    yield [found for _, found in page]
                if len(page) < _A_PAGE:
                    break

    async def _acts(self, export: Export) -> AsyncGenerator[Json]:
        for first in range(1, export.newest_act + 1, _ACTS_AT_A_TIME):
            last = min(first + _ACTS_AT_A_TIME - 1, export.newest_act)
            async with self._database.reading(SYSTEM_ROWS) as session:
                rows = await repository.list_acts(
                    session, export.holder, export.record_ids, first=first, last=last
                )
            for row in rows:
                yield acts.act(row, export.holder)


def _personal(
    rows: Sequence[PersonalQuestion],
    reviews: Mapping[UUID, PersonalReview],
    told: Mapping[UUID, Sequence[PersonalEvent]],
    key: PatientKey | None,
) -> list[Json]:
    """Return personal questions with their answers, and what stands for those that don't open."""
    found: list[Json] = []
    for row in rows:
        try:
            found += personal_question(row, there(key), reviews.get(row.id), told.get(row.id, ()))
        except (SealBroken, KeyGone):
            found.append(outcome(row.patient_id, "personal-question", row.id))
    return found


def _head(export: Export) -> bytes:
    """Return the bundle as far as its first entry."""
    moment = instant(export.acting.now)
    told = resource(
        "Bundle",
        part_id(export.holder.id, f"export {export.newest_act}"),
        type="collection",
        timestamp=moment,
        meta={"lastUpdated": moment},
    )
    return orjson.dumps(told).removesuffix(b"}") + b',"entry":['
