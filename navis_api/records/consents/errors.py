"""What a patient's app can put right about consents."""

from navis_api.errors import UserFault


class ConsentVersionPassed(UserFault):
    """The version that was consented to isn't the one that is asked for now."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "The text of this consent is another one by now. Load `viewer.consents`, show its text,"
            " and ask for the consent to that.",
            path=("input", "version"),
        )
