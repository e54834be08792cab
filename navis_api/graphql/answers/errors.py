"""What can be wrong with an answer that somebody points at."""

from navis_api.errors import UserFault


class AnswerGone(UserFault):
    """An answer that was there and that the viewer may not see any more."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("The answer is not available any more.")
