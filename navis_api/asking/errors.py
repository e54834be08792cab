"""What the asker can put right."""

from navis_api.errors import UserFault


class UnknownCancer(UserFault):
    """The text names no cancer, or several, and none was given."""

    code = "UNKNOWN_CANCER"


class IdempotencyConflict(UserFault):
    """A key that came before with another input."""

    code = "IDEMPOTENCY_CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used for another question. Use a new key for each question.",
            path=("input", "idempotencyKey"),
        )


class ConsentRequired(UserFault):
    """A personal answer without the patient's consent to use their findings."""

    code = "CONSENT_REQUIRED"

    def __init__(self) -> None:
        super().__init__(
            "A personal answer uses your own confirmed findings, and you haven't given your consent"
            " to that. Ask without `personal` for a general answer.",
            path=("input", "personal"),
        )
