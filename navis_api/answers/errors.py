"""What can be wrong with an answer."""

from navis_api.answers.models import AnswerState
from navis_api.errors import InvalidInput, UserFault


class QuoteNotInSource(InvalidInput):
    """A quote that doesn't stand in the source it names."""

    def __init__(self, source_key: str) -> None:
        super().__init__(f"A quote doesn't stand, to the letter, in the source `{source_key}`.")


class ClaimWithoutCitation(InvalidInput):
    """A claim that rests on nothing."""

    def __init__(self, heading: str) -> None:
        super().__init__(f"A claim under the heading `{heading}` has no citation.")


class StepNotAllowed(UserFault):
    """A step that doesn't lead from the state a revision is in."""

    def __init__(self, before: AnswerState, after: AnswerState) -> None:
        super().__init__(
            f"This revision is {before.value}, and from there no step leads to {after.value}."
        )
        self.before = before
        self.after = after


class CopyOutOfDate(InvalidInput):
    """A cursor of changes that leads nowhere here: a copy can't be brought up to date from it."""

    code = "CURSOR_INVALID"

    def __init__(self) -> None:
        super().__init__(
            "`since` is not a cursor of these changes, or of changes that are not here any more."
            " Start anew: ask without `since`, and let what comes replace your copy.",
            path=("since",),
        )
