"""What a patient, or their app, can put right about records."""

from collections.abc import Sequence

from navis_api.errors import UserFault


class PatientsOnly(UserFault):
    """Records are patients' own: somebody else, or nobody, is signed in."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("Records are for patients. Sign in as one.")


class RecordUnknown(UserFault):
    """There is no such record, or it isn't the viewer's."""

    code = "NOT_FOUND"

    def __init__(self, *, path: Sequence[str] = ("input", "recordId")) -> None:
        super().__init__("There is no such record.", path=path)


class UploadsClosed(UserFault):
    """This installation takes no records, since nothing would scan them."""

    code = "UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Records can't be uploaded here at present.")


class UploadLimit(UserFault):
    """The patient has too much here, or too many uploads that aren't complete."""

    code = "LIMIT_EXCEEDED"


class UploadKeyUsed(UserFault):
    """An idempotency key that came before with another file."""

    code = "IDEMPOTENCY_CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used for another file. Use a new key for each file.",
            path=("input", "idempotencyKey"),
        )


class UploadIncomplete(UserFault):
    """Not everything has arrived: `received_bytes` of it are here."""

    code = "UPLOAD_INCOMPLETE"

    def __init__(self, received_bytes: int) -> None:
        super().__init__(
            "The upload is not complete. Go on with it, and then complete it.",
            path=("input", "recordId"),
        )
        self.received_bytes = received_bytes


class UploadMismatch(UserFault):
    """What arrived doesn't have the SHA-256 that was announced."""

    code = "UPLOAD_MISMATCH"

    def __init__(self) -> None:
        super().__init__(
            "What arrived is not the file that was announced: its SHA-256 is another. Upload it"
            " anew.",
            path=("input", "recordId"),
        )


class UploadOver(UserFault):
    """The record isn't being uploaded any more: its time was over, or it was refused."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "This upload is over. Begin a new one with `createRecordUpload`.",
            path=("input", "recordId"),
        )
