"""What a patient, or their app, can put right about findings."""

from collections.abc import Sequence

from navis_api.errors import UserFault


class FindingUnknown(UserFault):
    """There is no such finding (any more), or it isn't the viewer's."""

    code = "NOT_FOUND"

    def __init__(self, *, path: Sequence[str]) -> None:
        super().__init__("There is no such finding. Load the record anew.", path=path)


class FindingNotReady(UserFault):
    """The record that it is of isn't READY: it is being read once more."""

    code = "CONFLICT"

    def __init__(self, *, path: Sequence[str]) -> None:
        super().__init__(
            "This record is being read at present. Decide on its findings when it is ready.",
            path=path,
        )
