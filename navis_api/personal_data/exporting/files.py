"""A record's file by itself, as its patient uploaded it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import structlog

from navis_api.db.sessions import Database
from navis_api.identity.viewer import Viewer
from navis_api.personal_data.exporting.errors import ContentsMissing, ExportCut
from navis_api.records import repository
from navis_api.records.acting import Acting
from navis_api.records.contents import contents_of, read_contents
from navis_api.records.errors import RecordUnknown
from navis_api.records.models import RecordState
from navis_api.records.sealing.errors import KeyGone, SealBroken, StorageUnavailable
from navis_api.records.sealing.storage import SealedStorage
from navis_api.records.views import filename_of
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file: `pieces` gives it, and raises ExportCut where it can't go on."""

    filename: str
    media_type: str
    size_bytes: int
    pieces: AsyncGenerator[bytes]


async def open_file(
    database: Database, storage: SealedStorage, record_id: UUID, viewer: Viewer, acting: Acting
) -> RecordFile:
    """Return the file of one of the viewer's records, and note that it is read.

    Its beginning has been opened by then. Raises RecordUnknown; ContentsMissing where there is
    no file, or not what was uploaded; StorageUnavailable and DatabaseBusy.
    """
    async with database.writing(viewer.rows) as session:
        found = await repository.get_record(session, record_id)
        if found is None or found.state is RecordState.DELETED:
            raise RecordUnknown(path=())
        if found.state is RecordState.UPLOADING:
            raise ContentsMissing
        contents = await contents_of(session, found)
        if not contents.parts:
            raise ContentsMissing
        await acting.note(session, "record.download", record_id=record_id)
    pieces = read_contents(storage, contents)
    try:
        filename = filename_of(found, await storage.keys.open(found.patient_id))
        first = await anext(pieces)
    except (SealBroken, KeyGone):
        raise ContentsMissing from None
    return RecordFile(filename, found.media_type or "", contents.size_bytes, _from(first, pieces))


async def _from(first: bytes, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    try:
        async for piece in pieces:
            yield piece
    except (SealBroken, KeyGone, StorageUnavailable) as failure:
        _log.warning("export.cut", failure=describe_failure(failure))
        raise ExportCut from None
