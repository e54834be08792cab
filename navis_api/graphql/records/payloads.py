"""What the mutations of records take and give."""

from typing import Self

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.records.errors import RecordError, record_error
from navis_api.graphql.records.types import Record, RecordUpload
from navis_api.records.announced import AnnouncedFile

_REFUSED = "What the patient or their app can put right. Empty on success."


@strawberry.input(description="A file, before it is uploaded.")
class CreateRecordUploadInput:
    """What createRecordUpload takes."""

    filename: str = strawberry.field(
        description="Its name alone, without folders: up to 255 characters."
    )
    media_type: str = strawberry.field(
        description="What the app takes it for, such as `application/pdf`. What it really is, is"
        " found out from its contents."
    )
    size_bytes: int = strawberry.field(description="How large it is, to the byte.")
    sha256: str = strawberry.field(
        description="The SHA-256 of its contents, in 64 hexadecimal digits."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key with the same file gives the same record for 24 hours, with a"
        " new address in place of the former one; with another file it is an error.",
    )

    def to_model(self) -> AnnouncedFile:
        """Return it as the service takes it."""
        return AnnouncedFile(
            self.filename, self.media_type, self.size_bytes, self.sha256, self.idempotency_key
        )


@strawberry.type(description="What came of announcing a file.")
class CreateRecordUploadPayload:
    """The result of createRecordUpload."""

    record: Record | None = strawberry.field(description="The record. Null when there are errors.")
    upload: RecordUpload | None = strawberry.field(
        description="Where to send its contents. Null when there are errors, and when a request"
        " with the same idempotency key has led to a complete upload already."
    )
    errors: list[RecordError] = strawberry.field(description=_REFUSED)

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was made."""
        return cls(record=None, upload=None, errors=[record_error(fault)])


@strawberry.input(description="An upload of which everything was sent.")
class CompleteRecordUploadInput:
    """What completeRecordUpload takes."""

    record_id: strawberry.ID = strawberry.field(description="The record's `id`.")


@strawberry.type(description="What came of completing an upload.")
class CompleteRecordUploadPayload:
    """The result of completeRecordUpload."""

    record: Record | None = strawberry.field(
        description="The record: it is scanned next. Null when there are errors."
    )
    errors: list[RecordError] = strawberry.field(description=_REFUSED)

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal."""
        return cls(record=None, errors=[record_error(fault)])


@strawberry.input(description="A record that isn't wanted here any more.")
class DeleteRecordInput:
    """What deleteRecord takes."""

    record_id: strawberry.ID = strawberry.field(description="The record's `id`.")


@strawberry.type(description="What came of deleting a record.")
class DeleteRecordPayload:
    """The result of deleteRecord."""

    record: Record | None = strawberry.field(
        description="What is left of it: its id and state. Null when there are errors."
    )
    errors: list[RecordError] = strawberry.field(description=_REFUSED)

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was deleted."""
        return cls(record=None, errors=[record_error(fault)])
