"""A record's contents, as they are read: part by part, each checked before it is given."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records import repository
from navis_api.records.models import Record
from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import SealBroken
from navis_api.records.sealing.object_store import ObjectMissing
from navis_api.records.sealing.storage import SealedStorage, object_key


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its object's id, and how many bytes it has when it is opened."""

    id: UUID
    size_bytes: int


@dataclass(frozen=True, slots=True)
class RecordContents:
    """Where a record's contents lie, and what they have to be."""

    patient_id: UUID
    record_id: UUID
    size_bytes: int
    sha256: str
    parts: tuple[Part, ...]


async def contents_of(session: AsyncSession, record: Record) -> RecordContents:
    """Return where the contents of a record lie that isn't deleted."""
    assert record.size_bytes is not None
    assert record.sha256 is not None
    rows = await repository.list_parts(session, record.patient_id, record.id)
    return RecordContents(
        patient_id=record.patient_id,
        record_id=record.id,
        size_bytes=record.size_bytes,
        sha256=record.sha256,
        parts=tuple(Part(row.id, row.size_bytes) for row in rows),
    )


async def read_contents(storage: SealedStorage, contents: RecordContents) -> AsyncGenerator[bytes]:
    """Give the contents, a part of some megabytes at a time, and hold no more than that.

    What is given is what was uploaded, to the byte and in its place. Raises SealBroken where
    it isn't, also when all that is there was given and something is missing at the end: only
    who comes to the end has all of it. Raises KeyGone and StorageUnavailable.
    """
    key = await storage.keys.open(contents.patient_id)
    start = 0
    for number, part in enumerate(contents.parts):
        bound_to = binding.part_of(
            contents.patient_id,
            contents.record_id,
            number=number,
            start=start,
            size_bytes=contents.size_bytes,
            sha256=contents.sha256,
        )
        place = object_key(contents.patient_id, contents.record_id, part.id)
        try:
            sealed = await storage.objects.get(place)
        except ObjectMissing:
            raise SealBroken from None
        plain = await asyncio.to_thread(key.unseal, sealed, bound_to)
        if len(plain) != part.size_bytes:
            raise SealBroken
        yield plain
        start += len(plain)
    if start != contents.size_bytes:
        raise SealBroken
