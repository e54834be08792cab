"""Who is asking: the viewer of a request."""

from dataclasses import dataclass
from enum import StrEnum

from navis_api.db.sessions import ANONYMOUS_ROWS, RowViewer


class ViewerKind(StrEnum):
    """What a viewer may do depends on what kind they are."""

    ANONYMOUS = "ANONYMOUS"
    PATIENT = "PATIENT"
    REVIEWER = "REVIEWER"
    EDITOR = "EDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    PARTNER = "PARTNER"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or system that sends requests. `subject` is the identity provider's name for it."""

    kind: ViewerKind
    subject: str | None = None

    @property
    def rows(self) -> RowViewer:
        """This viewer, as the database's row security knows it."""
        if self.subject is None:
            return ANONYMOUS_ROWS
        return RowViewer(role=self.kind.value.lower(), subject=self.subject)


ANONYMOUS = Viewer(ViewerKind.ANONYMOUS)
