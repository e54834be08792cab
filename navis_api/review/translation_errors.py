"""What can stand in the way of a translation."""

from navis_api.errors import UserFault


class TranslationUnknown(UserFault):
    """A translation that isn't there, or was withdrawn."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such translation, or it was withdrawn. Open the answer anew.")


class OwnTranslation(UserFault):
    """A translation that is to be approved by whoever handed it in."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("You handed in this translation, so somebody else has to approve it.")


class TranslationApproved(UserFault):
    """A translation that somebody has approved already."""

    code = "CONFLICT"

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} has approved this translation already.")


class RevisionNotApproved(UserFault):
    """A translation of something that nobody has approved, or that is over."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "A translation is approved after the revision that it is of. Have that approved first,"
            " or translate the one that readers get."
        )
