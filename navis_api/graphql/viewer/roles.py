"""What is for the staff alone."""

from navis_api.errors import UserFault
from navis_api.identity.viewer import Viewer, ViewerKind

_STAFF = frozenset({ViewerKind.REVIEWER, ViewerKind.EDITOR, ViewerKind.ADMINISTRATOR})


class ForStaff(UserFault):
    """Something that only the staff may see or do."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__(
            "This is for reviewers, editors and administrators. Sign in as one of them."
        )


def is_staff(viewer: Viewer) -> bool:
    """Whether a viewer's token is of a role on the staff."""
    return viewer.kind in _STAFF


def require_staff(viewer: Viewer) -> None:
    """Raise ForStaff unless the viewer's token is of a role on the staff."""
    if not is_staff(viewer):
        raise ForStaff
