"""Receiving an upload: what has been acknowledged is sealed and durably stored, in parts.

Whoever holds the secret of an upload's address writes as the patient whose upload it is, so
that row security holds for it as for everything else that is done in their name.
"""

from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import Actor, Origin
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.kit.clock import Clock
from navis_api.kit.ids import new_id
from navis_api.records import repository, service
from navis_api.records.acting import Acting
from navis_api.records.incoming import Incoming, Standing, Target
from navis_api.records.models import Record, RecordState, RecordUpload
from navis_api.records.receiving_errors import UploadGone, UploadTooLong, WrongOffset
from navis_api.records.sealing.storage import SealedStorage
from navis_api.records.tokens import hash_of


@dataclass(frozen=True, slots=True)
class _Found:
    patient_id: UUID
    record_id: UUID
    rows: RowViewer


class Receiving:
    """The uploads of a process."""

    def __init__(
        self, database: Database, storage: SealedStorage, *, part_bytes: int, clock: Clock
    ) -> None:
        self._database = database
        self._storage = storage
        self._part_bytes = part_bytes
        self._clock = clock
        self._incoming: WeakValueDictionary[UUID, Incoming] = WeakValueDictionary()

    async def look(self, token: str) -> Standing:
        """Return how far an upload is, and let no request before this one add to it any more.

        A connection that was lost may still deliver what was on its way: what is told here
        would no longer be true. Raises UploadGone.
        """
        found = await self._find(token)
        await self._finish_former(found.record_id)
        async with self._database.writing(found.rows) as session:
            upload, record = await self._hold(session, token)
            upload.writer = None
            return _standing(upload, record)

    async def begin(self, token: str, *, offset: int | None, length: int | None = None) -> Incoming:
        """Return what takes an upload from byte `offset` on; None: anew from its beginning.

        `length` is how much is coming, where that is known. Raises UploadGone, WrongOffset,
        UploadTooLong, KeyGone and StorageUnavailable; then the upload stands as it did.
        """
        found = await self._find(token)
        await self._finish_former(found.record_id)
        key = await self._storage.keys.open(found.patient_id)
        writer = new_id()
        async with self._database.writing(found.rows) as session:
            upload, record = await self._hold(session, token)
            if offset is not None and offset != upload.received_bytes:
                raise WrongOffset(upload.received_bytes)
            if (offset or 0) + (length or 0) > (record.size_bytes or 0):
                raise UploadTooLong
            if offset is None:
                await repository.forget_parts(session, record.patient_id, record.id)
                upload.received_bytes = upload.parts = 0
            upload.writer = writer
            standing = _standing(upload, record)
            target = Target(
                rows=found.rows,
                patient_id=record.patient_id,
                record_id=record.id,
                size_bytes=standing.size_bytes,
                sha256=record.sha256 or "",
                writer=writer,
                key=key,
            )
        incoming = Incoming(
            self._database, self._storage, target, standing, upload.parts, self._part_bytes
        )
        self._incoming[found.record_id] = incoming
        return incoming

    async def terminate(self, token: str, origin: Origin) -> None:
        """Delete the record of an upload. Raises UploadGone and StorageUnavailable."""
        found = await self._find(token)
        async with self._database.writing(found.rows) as session:
            _, record = await self._hold(session, token)
            actor = Actor(ViewerKind.PATIENT.value, found.rows.subject)
            acting = Acting(actor, self._clock(), origin)
            await service.delete(session, self._storage, record.id, acting)

    async def _finish_former(self, record_id: UUID) -> None:
        """Keep what a request of this process has taken whose connection may be lost already.

        In another process it is lost with its memory, and sent again.
        """
        former = self._incoming.get(record_id)
        if former is not None:
            await former.finish()

    async def _find(self, token: str) -> _Found:
        """Return whose upload this is. Nobody is signed in here: the secret says it."""
        async with self._database.reading(SYSTEM_ROWS) as session:
            upload = await repository.find_upload(session, hash_of(token))
            if upload is None:
                raise UploadGone(expired=False)
            subject = await repository.get_subject(session, upload.patient_id)
        patient = Viewer(ViewerKind.PATIENT, subject)
        return _Found(upload.patient_id, upload.record_id, patient.rows)

    async def _hold(self, session: AsyncSession, token: str) -> tuple[RecordUpload, Record]:
        """Return an upload with its record, both held. Raises UploadGone."""
        found = await repository.find_upload(session, hash_of(token))
        # Everybody holds the record first: so nobody waits for somebody who waits for them.
        record = await repository.lock_record(session, found.record_id) if found else None
        upload = await repository.lock_upload(session, hash_of(token))
        if upload is None or record is None or record.state is not RecordState.UPLOADING:
            raise UploadGone(expired=False)
        if upload.expires_at <= self._clock():
            raise UploadGone(expired=True)
        return upload, record


def _standing(upload: RecordUpload, record: Record) -> Standing:
    assert record.size_bytes is not None
    return Standing(upload.received_bytes, record.size_bytes, upload.expires_at)
