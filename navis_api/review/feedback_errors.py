"""What can stand in the way of feedback."""

from datetime import datetime

from navis_api.errors import UserFault


class AnswerUnseen(UserFault):
    """An answer, or a revision of it, that isn't there for this viewer."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such answer to say something about. Load it anew.",
            path=("input", "answerId"),
        )


class FeedbackKeyUsed(UserFault):
    """An idempotency key that came before with other feedback."""

    code = "IDEMPOTENCY_CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used for other feedback. Use a new key each time.",
            path=("input", "idempotencyKey"),
        )


class FeedbackUnknown(UserFault):
    """Feedback that isn't there."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such feedback.")


class FeedbackResolved(UserFault):
    """Feedback that somebody has dealt with already. `by` is their subject."""

    code = "CONFLICT"

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(f"This was dealt with already, on {at.strftime('%Y-%m-%d %H:%M %Z')}.")
        self.by = by
        self.at = at
