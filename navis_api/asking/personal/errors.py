"""What a patient's app can put right about personal questions."""

from navis_api.errors import UserFault


class PersonalQuestionUnknown(UserFault):
    """There is no such personal question, or it isn't the viewer's."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such personal question of yours.", path=("input", "questionId")
        )
