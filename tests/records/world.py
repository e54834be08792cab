"""Two patients with a place for their records, and what they do there."""

import asyncio
import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from navis_api.audit.service import Origin
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records import completing, repository, service
from navis_api.records.acting import Acting, as_patient
from navis_api.records.announced import AnnouncedFile
from navis_api.records.archive import Archive
from navis_api.records.extraction.findings import Finding
from navis_api.records.findings.sealed import sealed_findings
from navis_api.records.handing_over import hand_over
from navis_api.records.models import Record, RecordState
from navis_api.records.receiving import Receiving
from navis_api.records.service import Announced
from navis_api.records.views import RecordView
from navis_api.settings import Settings

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PART = 65_536
PATIENT = Viewer(ViewerKind.PATIENT, "patient-1")
OTHER = Viewer(ViewerKind.PATIENT, "patient-2")
NOWHERE = Origin(address=None, request_id=None)


def file_of(content: bytes, **changed: object) -> AnnouncedFile:
    """What an app says of a file."""
    return AnnouncedFile(
        **{
            "filename": "Befund März.pdf",
            "media_type": "application/pdf",
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **changed,
        }  # pyright: ignore[reportArgumentType]
    )


def content(size_bytes: int, seed: int = 0) -> bytes:
    """Some bytes, always the same."""
    return random.Random(seed).randbytes(size_bytes)


@dataclass
class RecordWorld:
    """The rooms of records, over a database and a folder."""

    database: Database
    folder: Path
    now: datetime = NOON
    changed: dict[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        self.archive = Archive.of(self.settings)
        self.storage = self.archive.storage
        self.receiving = Receiving(
            self.database, self.storage, part_bytes=PART, clock=lambda: self.now
        )

    @property
    def settings(self) -> Settings:
        values = {"data_dir": self.folder, "upload_part_bytes": PART, **self.changed}
        return Settings(**values)  # pyright: ignore[reportArgumentType]

    def acting(self, viewer: Viewer = PATIENT) -> Acting:
        return as_patient(viewer, now=self.now, origin=NOWHERE)

    async def announce(self, file: AnnouncedFile, viewer: Viewer = PATIENT) -> Announced:
        async with self.database.writing(viewer.rows) as session:
            return await service.announce(
                session, self.storage, file, self.archive.limits, self.acting(viewer)
            )

    async def send(self, token: str, sent: bytes, *, offset: int | None = None) -> None:
        incoming = await self.receiving.begin(token, offset=offset)
        await incoming.take(sent)
        await incoming.acknowledge()

    async def complete(self, record_id: UUID, viewer: Viewer = PATIENT) -> Record:
        async with self.database.reading(viewer.rows) as session:
            sent = await completing.find_arrived(session, record_id)
        arrived = await completing.check(self.storage, sent) if sent else None
        async with self.database.writing(viewer.rows) as session:
            return await completing.complete(session, record_id, arrived, self.acting(viewer))

    async def delete(self, record_id: UUID, viewer: Viewer = PATIENT) -> RecordView:
        async with self.database.writing(viewer.rows) as session:
            return await service.delete(session, self.storage, record_id, self.acting(viewer))

    async def uploaded(self, sent: bytes, viewer: Viewer = PATIENT, **changed: object) -> UUID:
        """A record whose contents have arrived, and which waits to be scanned."""
        announced = await self.announce(file_of(sent, **changed), viewer)
        assert announced.upload is not None
        await self.send(announced.upload.token, sent)
        record = await self.complete(announced.record.id, viewer)
        assert record.state is RecordState.SCANNING
        return record.id

    async def scanned(self, sent: bytes, viewer: Viewer = PATIENT, **changed: object) -> UUID:
        """A record in which nothing was found, and which waits to be read."""
        record_id = await self.uploaded(sent, viewer, **changed)
        async with self.database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            assert record is not None
            await hand_over(session, record, now=self.now)
        return record_id

    async def read(
        self, sent: bytes, *found: Finding, viewer: Viewer = PATIENT, **changed: object
    ) -> UUID:
        """A record out of which these findings were read."""
        record_id = await self.scanned(sent, viewer, **changed)
        patient_id = (await self.row(record_id)).patient_id
        key = await self.storage.keys.open(patient_id)
        async with self.database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            assert record is not None
            session.add_all(
                sealed_findings(
                    found, key, patient_id=patient_id, record_id=record_id, now=self.now
                )
            )
            await session.flush()
            record.state = RecordState.READY
        return record_id

    async def row(self, record_id: UUID) -> Record:
        async with self.database.reading(SYSTEM_ROWS) as session:
            found = await repository.get_record(session, record_id)
        assert found is not None
        return found

    async def objects(self) -> list[Path]:
        """The objects that lie in the storage."""
        return await asyncio.to_thread(_files, self.folder / "objects")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
