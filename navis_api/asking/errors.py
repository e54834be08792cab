"""What the asker can put right."""

from collections.abc import Sequence

from navis_api.errors import UserFault
from navis_api.records.consents.models import ConsentPurpose


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
    """A personal answer without what its patient has to allow, or for who isn't a patient.

    `purposes` are the consents that are missing; none for whoever can't give any.
    """

    code = "CONSENT_REQUIRED"

    def __init__(self, purposes: Sequence[ConsentPurpose] = ()) -> None:
        super().__init__(
            "A personal answer uses a patient's own confirmed findings, and needs their consent to"
            " that. Sign in as a patient and give it with `grantConsent`, or ask without"
            " `personal` for a general answer.",
            path=("input", "personal"),
        )
        self.purposes = tuple(purposes)
