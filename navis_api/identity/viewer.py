"""Who is asking: the viewer of a request."""

import math
from dataclasses import dataclass, field
from datetime import datetime
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
    """A person or system that sends requests. `subject` is the identity provider's name for it.

    `expires` is when the token that says so stops to hold, in seconds since 1970. It
    is no part of who they are.
    """

    kind: ViewerKind
    subject: str | None = None
    expires: float | None = field(default=None, compare=False)

    @property
    def rows(self) -> RowViewer:
        """This viewer, as the database's row security knows it."""
        if self.subject is None:
            return ANONYMOUS_ROWS
        return RowViewer(role=self.kind.value.lower(), subject=self.subject)

    def seconds_left(self, now: datetime) -> float:
        """Return for how long they may go on: 0 or less when it is over, infinite for anonymous."""
        return math.inf if self.expires is None else self.expires - now.timestamp()


ANONYMOUS = Viewer(ViewerKind.ANONYMOUS)
