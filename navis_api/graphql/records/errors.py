"""What a patient or their app can put right about records, as typed errors."""

from collections.abc import Callable
from typing import Annotated, Self, cast

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.user_errors import IdempotencyConflict, InvalidInput, UserError
from navis_api.records import errors


@strawberry.type(description="Records are patients' own, and whoever sends this isn't one.")
class PatientsOnly(UserError):
    """See `navis_api.records.errors.PatientsOnly`."""


@strawberry.type(description="There is no such record, or it is somebody else's.")
class UnknownRecord(UserError):
    """See `navis_api.records.errors.RecordUnknown`."""


@strawberry.type(description="Too much is here already, or too many uploads aren't complete.")
class UploadLimitReached(UserError):
    """See `navis_api.records.errors.UploadLimit`."""


@strawberry.type(description="No records can be uploaded here at present.")
class UploadsClosed(UserError):
    """See `navis_api.records.errors.UploadsClosed`."""


@strawberry.type(description="Something of the file hasn't arrived yet: go on with the upload.")
class UploadIncomplete(UserError):
    """See `navis_api.records.errors.UploadIncomplete`."""

    received_bytes: int = strawberry.field(description="How much of it has arrived.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return it with how much has arrived."""
        received = cast("errors.UploadIncomplete", fault).received_bytes
        return cls(english=fault.message, path=list(fault.path) or None, received_bytes=received)


@strawberry.type(description="What arrived isn't what was announced: upload it anew.")
class UploadMismatch(UserError):
    """See `navis_api.records.errors.UploadMismatch`."""


@strawberry.type(description="The upload is over: its time, or it was refused.")
class UploadOver(UserError):
    """See `navis_api.records.errors.UploadOver`."""


RecordErrorType = (
    InvalidInput
    | IdempotencyConflict
    | PatientsOnly
    | UnknownRecord
    | UploadLimitReached
    | UploadsClosed
    | UploadIncomplete
    | UploadMismatch
    | UploadOver
)
RecordError = Annotated[
    RecordErrorType,
    strawberry.union("RecordError", description="What can stand in the way with a record."),
]

_BY_TYPE: dict[type[UserFault], Callable[[UserFault], RecordErrorType]] = {
    errors.PatientsOnly: PatientsOnly.of,
    errors.RecordUnknown: UnknownRecord.of,
    errors.UploadKeyUsed: IdempotencyConflict.of,
    errors.UploadLimit: UploadLimitReached.of,
    errors.UploadsClosed: UploadsClosed.of,
    errors.UploadIncomplete: UploadIncomplete.of,
    errors.UploadMismatch: UploadMismatch.of,
    errors.UploadOver: UploadOver.of,
}


def record_error(fault: UserFault) -> RecordErrorType:
    """Return a fault as the payload's error; what has no type of its own is an invalid input."""
    return _BY_TYPE.get(type(fault), InvalidInput.of)(fault)
