"""Receiving an upload: what has been acknowledged is sealed and durably stored, in parts.

Whoever holds the secret of an upload's address writes as the patient whose upload it is, so
that row security holds for it as for everything else that is done in their name.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import Actor, Origin
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.errors import NavisError
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.kit.clock import Clock
from navis_api.kit.ids import new_id
from navis_api.records import repository, service
from navis_api.records.acting import Acting
from navis_api.records.models import Record, RecordPart, RecordState, RecordUpload
from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage, object_key
from navis_api.records.tokens import hash_of

MAX_PARTS: Final = 20_000
"""Of one upload: each costs an object and a row, however small it is."""


class UploadGone(NavisError):
    """There is no open upload at this address. `expired` if there was one, and its time is over."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("There is no open upload at this address.")
        self.expired = expired


class WrongOffset(NavisError):
    """A request to go on from another place than where the upload stands."""

    def __init__(self, received_bytes: int) -> None:
        super().__init__("The upload stands elsewhere.")
        self.received_bytes = received_bytes


class WriterReplaced(NavisError):
    """Another request has taken this one's place: nothing more is taken from it."""

    def __init__(self) -> None:
        super().__init__("Another request goes on with this upload.")


class UploadTooLong(NavisError):
    """More was sent than was announced, or in too many pieces."""

    def __init__(self) -> None:
        super().__init__("More was sent than was announced.")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload is: `received_bytes` of `size_bytes` are durably stored."""

    received_bytes: int
    size_bytes: int
    expires_at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether everything has arrived."""
        return self.received_bytes == self.size_bytes


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

    async def begin(self, token: str, *, offset: int | None) -> "Incoming":
        """Return what takes an upload from byte `offset` on; None: anew from its beginning.

        Raises UploadGone, WrongOffset and StorageUnavailable.
        """
        found = await self._find(token)
        await self._finish_former(found.record_id)
        key = await self._storage.keys.open(found.patient_id)
        writer = new_id()
        async with self._database.writing(found.rows) as session:
            upload, record = await self._hold(session, token)
            if offset is None:
                await repository.forget_parts(session, record.patient_id, record.id)
                upload.received_bytes = upload.parts = 0
            elif offset != upload.received_bytes:
                raise WrongOffset(upload.received_bytes)
            upload.writer = writer
            standing = _standing(upload, record)
            target = _Target(
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


@dataclass(frozen=True, slots=True)
class _Target:
    """What is written to, and as whom."""

    rows: RowViewer
    patient_id: UUID
    record_id: UUID
    size_bytes: int
    sha256: str
    writer: UUID
    key: PatientKey


class Incoming:
    """Takes the bytes of one request. It holds one part of them in memory, and never more."""

    def __init__(
        self,
        database: Database,
        storage: SealedStorage,
        target: _Target,
        standing: Standing,
        parts: int,
        part_bytes: int,
    ) -> None:
        self._database = database
        self._storage = storage
        self._target = target
        self._standing = standing
        self._parts = parts
        self._part_bytes = part_bytes
        self._buffer = bytearray()
        self._unacknowledged: list[RecordPart] = []
        self._stored = standing.received_bytes
        self._turn = asyncio.Lock()
        self._is_finished = False
        self._keeps = True

    @property
    def standing(self) -> Standing:
        """How far the upload is: what has been acknowledged."""
        return self._standing

    @property
    def room_bytes(self) -> int:
        """How much may still be sent."""
        return self._standing.size_bytes - self._stored - len(self._buffer)

    async def take(self, chunk: bytes, *, acknowledge: bool = True) -> None:
        """Take some bytes. As often as a part is full, it is sealed, stored and acknowledged.

        Without `acknowledge` that waits for `acknowledge()`. Raises UploadTooLong for more than
        was announced, WriterReplaced and StorageUnavailable.
        """
        async with self._turn:
            if self._is_finished:
                raise WriterReplaced
            if len(chunk) > self.room_bytes:
                raise UploadTooLong
            self._keeps = acknowledge
            view = memoryview(chunk)
            while view:
                fits = self._part_bytes - len(self._buffer)
                self._buffer += view[:fits]
                view = view[fits:]
                if len(self._buffer) >= self._part_bytes:
                    await self._store()
                    if acknowledge:
                        await self._acknowledge()

    async def acknowledge(self) -> None:
        """Store and acknowledge everything that was taken. Raises as `take` does."""
        async with self._turn:
            await self._acknowledge_all()

    async def finish(self) -> None:
        """Take nothing more, since another request goes on.

        What was taken is acknowledged, unless it has to add up to something first or can't be
        stored now.
        """
        async with self._turn:
            if self._is_finished:
                return
            if self._keeps:
                with suppress(WriterReplaced, UploadTooLong, StorageUnavailable):
                    await self._acknowledge_all()
            self._is_finished = True

    async def drop(self) -> None:
        """Give up what was taken and isn't acknowledged."""
        async with self._turn:
            self._buffer.clear()
            await self._remove(self._unacknowledged)
            self._unacknowledged = []

    async def _acknowledge_all(self) -> None:
        if self._is_finished:
            raise WriterReplaced
        if self._buffer:
            await self._store()
        await self._acknowledge()

    async def _store(self) -> None:
        target = self._target
        if self._parts >= MAX_PARTS:
            raise UploadTooLong
        part = RecordPart(
            patient_id=target.patient_id,
            record_id=target.record_id,
            number=self._parts,
            # A new one each time: a request that was replaced can't overwrite another's.
            id=new_id(),
            start=self._stored,
            size_bytes=len(self._buffer),
        )
        bound_to = binding.part_of(
            target.patient_id,
            target.record_id,
            number=part.number,
            start=part.start,
            size_bytes=target.size_bytes,
            sha256=target.sha256,
        )
        sealed = await asyncio.to_thread(target.key.seal, self._buffer, bound_to)
        self._buffer = bytearray()
        await self._storage.objects.put(_place(part), sealed)
        self._unacknowledged.append(part)
        self._parts += 1
        self._stored += part.size_bytes

    async def _acknowledge(self) -> None:
        parts, self._unacknowledged = self._unacknowledged, []
        if parts and not await self._advance(parts):
            await self._remove(parts)
            raise WriterReplaced
        self._standing = Standing(
            self._stored, self._standing.size_bytes, self._standing.expires_at
        )

    async def _advance(self, parts: list[RecordPart]) -> bool:
        """Add parts to the upload, all or none."""
        async with self._database.writing(self._target.rows) as session:
            for part in parts:
                if not await repository.advance(session, part, writer=self._target.writer):
                    await session.rollback()
                    return False
        return True

    async def _remove(self, parts: list[RecordPart]) -> None:
        for part in parts:
            try:
                await self._storage.objects.remove(_place(part))
            except StorageUnavailable:
                # The job that tidies up after the record will find it.
                return


def _place(part: RecordPart) -> str:
    return object_key(part.patient_id, part.record_id, part.id)


def _standing(upload: RecordUpload, record: Record) -> Standing:
    assert record.size_bytes is not None
    return Standing(upload.received_bytes, record.size_bytes, upload.expires_at)
