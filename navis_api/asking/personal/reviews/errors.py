"""What can stand in the way of reviewing a personal answer."""

from navis_api.errors import InvalidInput, UserFault


class PersonalReviewUnknown(UserFault):
    """No such answer, or its patient doesn't consent to the viewer's review, or not any more.

    Which of these it is isn't said: it would tell what a patient decided.
    """

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such personal answer for you to review. Take another from the queue.",
            path=("input", "id"),
        )


class PersonalAnswerDecided(UserFault):
    """Somebody has decided on this answer, and a decision stays."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "Somebody has decided on this answer already. Take another from the queue.",
            path=("input", "id"),
        )


class WithdrawalReasonWanted(InvalidInput):
    """An answer that is to be taken back without a word for its patient."""

    def __init__(self) -> None:
        super().__init__(
            "Choose a `reason`: the patient is told why the answer is taken back.",
            path=("input", "reason"),
        )


class WithdrawalReasonUnwanted(InvalidInput):
    """An approval with a reason to take the answer back."""

    def __init__(self) -> None:
        super().__init__(
            "An answer that is approved isn't taken back: leave `reason` out.",
            path=("input", "reason"),
        )
