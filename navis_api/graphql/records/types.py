"""Records, as their patient sees them."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from navis_api.db.paging import Page
from navis_api.graphql.context import Info
from navis_api.graphql.enums import RecordState
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.messages import in_language
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.records.failures import sentence_of
from navis_api.graphql.relay import Connection, Node, page_info
from navis_api.records import models
from navis_api.records.service import OpenUpload
from navis_api.records.views import RecordView


@strawberry.type(
    description="A file of a patient's own, sealed with a key of theirs. Nobody else sees it."
)
class Record(Node):
    """A record of the viewer's."""

    filename: str = strawberry.field(
        description="The name that the patient's app gave it. Empty once it is deleted."
    )
    media_type: str = strawberry.field(
        description="What it was announced as. Empty once it is deleted."
    )
    size_bytes: int = strawberry.field(description="How large it is. 0 once it is deleted.")
    state: RecordState = strawberry.field(description="What has become of it.")
    created_at: datetime = strawberry.field(description="When its upload began.")
    failure_code: str | None = strawberry.field(
        description="Why it is FAILED or QUARANTINED, for programs: `UPLOAD_EXPIRED`,"
        " `HASH_MISMATCH`, `MALWARE`, `TOO_LARGE_TO_SCAN`, `NOT_SCANNED`; or why nothing can be"
        " read out of it: `EMPTY`, `UNSUPPORTED`, `UNREADABLE_IMAGE_FORMAT`, `ENCRYPTED`,"
        " `DAMAGED`, `UNSAFE`, `TOO_LARGE`, `TOO_COSTLY`, `NO_TEXT`, `NO_OCR`, `CRASHED`,"
        " `NOT_READ`; and more to come."
    )

    @strawberry.field(
        description="Why it is FAILED or QUARANTINED and what to do, in words. Null otherwise."
    )
    def failure(self, info: Info) -> str | None:
        """Say it in the reader's language."""
        return _failure(self.failure_code, info)

    @strawberry.field(
        description="What was read out of it, in the order of its words. Empty until it is READY.",
        metadata=RECORDED,
    )
    async def findings(self, info: Info) -> list[Finding]:
        """Load them."""
        context = info.context
        context.reads.keep_private()
        views = await context.findings_of_record.load(UUID(str(self.key)))
        return [Finding.of(view) for view in views]

    @classmethod
    def of(cls, view: RecordView) -> Self:
        """Return a record as clients see it."""
        return cls(
            key=view.id,
            filename=view.filename,
            media_type=view.media_type,
            size_bytes=view.size_bytes,
            state=view.state,
            created_at=view.created_at,
            failure_code=view.failure,
        )


@strawberry.type(description="A page of the viewer's records, the newest first.")
class RecordConnection(Connection[Record]):
    """Records."""

    @classmethod
    def of(cls, page: Page[RecordView]) -> Self:
        """Return a page."""
        nodes = [Record.of(view) for view in page.rows]
        return cls(nodes=nodes, cursors=page.cursors, page_info=page_info(page))


@strawberry.type(description="A state that a record came to.")
class RecordEvent:
    """One step of a record."""

    sequence: int = strawberry.field(description="Its number: 1 for the first, without gaps.")
    at: datetime = strawberry.field(description="When.")
    state: RecordState = strawberry.field(description="What became of the record.")
    failure_code: str | None = strawberry.field(
        description="Why it is FAILED or QUARANTINED, as `Record.failureCode`."
    )

    @strawberry.field(description="The same in words, as `Record.failure`.")
    def failure(self, info: Info) -> str | None:
        """Say it in the reader's language."""
        return _failure(self.failure_code, info)

    @classmethod
    def of(cls, row: models.RecordEvent) -> Self:
        """Return an event as clients see it."""
        return cls(sequence=row.sequence, at=row.at, state=row.state, failure_code=row.failure)


def _failure(code: str | None, info: Info) -> str | None:
    sentence = sentence_of(code)
    return None if sentence is None else in_language(sentence, info.context.language)


@strawberry.type(description="Where the contents of a record are sent.")
class RecordUpload:
    """An open upload."""

    record: Record = strawberry.field(description="The record.")
    upload_url: str = strawberry.field(
        description="The address to PUT the file to, or to send it in pieces by tus 1.0 or by the"
        " IETF's resumable uploads. Whoever knows it may write there: keep it secret."
    )
    expires_at: datetime = strawberry.field(
        description="Until when it holds, and the upload has to be completed."
    )

    @classmethod
    def of(cls, record: Record, upload: OpenUpload, *, site: str) -> Self:
        """Return an open upload as clients see it. `site` is our own address."""
        return cls(
            record=record,
            upload_url=f"{site}/uploads/{upload.token}",
            expires_at=upload.expires_at,
        )
