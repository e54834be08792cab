"""A record's entries: what it is, what was read out of it, and its file."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from navis_api.db.sessions import Database
from navis_api.identity.viewer import Viewer
from navis_api.personal_data.exporting.documents import (
    Document,
    binary_entry,
    contents_id,
    document_reference,
)
from navis_api.personal_data.exporting.errors import ExportCut
from navis_api.personal_data.exporting.fhir import Json, entry, outcome, reference
from navis_api.personal_data.exporting.findings import finding_as_resource
from navis_api.personal_data.exporting.keys import key_of, there
from navis_api.records import repository
from navis_api.records.contents import RecordContents, contents_of, read_contents
from navis_api.records.findings import repository as findings
from navis_api.records.findings.models import StoredFinding
from navis_api.records.findings.sealed import view_of
from navis_api.records.models import Record, RecordEvent, RecordState, RecordUpload
from navis_api.records.sealing.errors import KeyGone, SealBroken
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.records.views import filename_of

_EMPTY: Final = frozenset({RecordState.UPLOADING, RecordState.DELETED})
_MAY_BE_EMPTY: Final = frozenset({RecordState.FAILED, RecordState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class _Rows:
    record: Record
    events: Sequence[RecordEvent]
    upload: RecordUpload | None
    findings: Sequence[StoredFinding]
    contents: RecordContents | None


class RecordEntries:
    """Gives the entries of a viewer's records, each after a comma.

    With `address_of` files aren't in them, but at the address that it returns.
    """

    def __init__(
        self,
        database: Database,
        storage: SealedStorage,
        viewer: Viewer,
        *,
        address_of: Callable[[UUID], str] | None,
    ) -> None:
        self._database = database
        self._storage = storage
        self._viewer = viewer
        self._address_of = address_of

    async def of(self, record_id: UUID) -> AsyncGenerator[bytes]:
        """Give a record's entries; what of it is damaged is named in their place.

        Raises ExportCut where the patient is erased meanwhile, and StorageUnavailable.
        """
        rows = await self._read(record_id)
        key = await key_of(self._storage, rows.record.patient_id)
        contents = rows.contents
        is_damaged = False
        if contents is not None and self._address_of is None:
            # A Binary that has begun can't be taken back: the whole file is looked at before.
            is_damaged = not await self._is_whole(contents)
        if is_damaged:
            again = await self._read(record_id)
            if again.contents is None:
                # It was deleted, or found to be harmful, while it was being looked at.
                rows, contents, is_damaged = again, None, False
        told, missing = await asyncio.to_thread(self._told, rows, key, given=not is_damaged)
        if is_damaged:
            missing.append(outcome(record_id, "contents", record_id))
        yield b"".join(b"," + entry(each) for each in [*told, *missing])
        if contents is None or is_damaged or self._address_of is not None:
            return
        yield b","
        async for piece in binary_entry(rows.record, read_contents(self._storage, contents)):
            yield piece

    async def _read(self, record_id: UUID) -> _Rows:
        async with self._database.reading(self._viewer.rows) as session:
            found = await repository.get_record(session, record_id)
            if found is None:
                # Records keep their rows: this one went with its patient.
                raise ExportCut
            contents = None
            if found.state not in _EMPTY:
                contents = await contents_of(session, found)
                if not contents.parts and found.state in _MAY_BE_EMPTY:
                    contents = None
            return _Rows(
                found,
                await repository.list_events(session, record_id, after=0),
                await repository.get_upload(session, record_id),
                await findings.list_of_records(session, [record_id]),
                contents,
            )

    async def _is_whole(self, contents: RecordContents) -> bool:
        try:
            async for _ in read_contents(self._storage, contents):
                pass
        except (SealBroken, KeyGone):
            return False
        return True

    def _told(
        self, rows: _Rows, key: PatientKey | None, *, given: bool
    ) -> tuple[list[Json], list[Json]]:
        """Return a record and its findings, and what stands in place of those that don't open."""
        record, missing = rows.record, list[Json]()
        filename: str | None = None
        try:
            filename = filename_of(record, there(key))
        except (SealBroken, KeyGone):
            if record.filename_sealed is not None:
                missing.append(outcome(record.id, "filename", record.id))
        at = self._contents_at(record.id) if given and rows.contents is not None else None
        told = [document_reference(Document(record, filename, rows.events, rows.upload, at))]
        for row in rows.findings:
            try:
                view = view_of(row, there(key))
            except (SealBroken, KeyGone):
                missing.append(outcome(record.id, "finding", row.id))
            else:
                told.append(finding_as_resource(view, record.patient_id))
        return told, missing

    def _contents_at(self, record_id: UUID) -> str:
        if self._address_of is not None:
            return self._address_of(record_id)
        return str(reference(contents_id(record_id))["reference"])
