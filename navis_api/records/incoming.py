"""What one request brings of an upload: gathered into parts, sealed, stored and acknowledged."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from navis_api.db.sessions import Database, RowViewer
from navis_api.kit.ids import new_id
from navis_api.records import repository
from navis_api.records.models import RecordPart
from navis_api.records.receiving_errors import UploadTooLong, WriterReplaced
from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage, object_key

MAX_PARTS: Final = 20_000
"""Of one upload: each costs an object and a row, however small it is."""


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
class Target:
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
        target: Target,
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
