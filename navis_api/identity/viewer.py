"""Who is asking: the viewer of a request."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from navis_api.db.sessions import ANONYMOUS_ROWS, RowViewer


class ViewerKind(StrEnum):
    """What a viewer may do depends on what kind they are."""

    ANONYMOUS = "ANONYMOUS"
    PATIENT = "PATIENT"
    REVIEWER = "REVIEWER"
    EDITOR = "EDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    PARTNER = "PARTNER"


class KeyScope(StrEnum):
    """What a partner's key is for."""

    READ_CONTENT = "READ_CONTENT"
    ASK = "ASK"
    WEBHOOKS = "WEBHOOKS"


@dataclass(frozen=True, slots=True)
class ByKey:
    """The key that a request came with, and what it may do.

    `points` and `restored_per_s` are its own limit; None: as the settings have it.
    """

    key_id: UUID
    partner_id: UUID
    scopes: frozenset[KeyScope]
    points: int | None = None
    restored_per_s: int | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or system that sends requests. `subject` is the identity provider's name for it.

    `expires` is when the token or key that says so stops to hold, in seconds since 1970. It
    is no part of who they are. `by_key` is there for whoever comes with a partner's key: they
    have no subject, since a portal is nobody in particular, and so own nothing.
    """

    kind: ViewerKind
    subject: str | None = None
    expires: float | None = field(default=None, compare=False)
    by_key: ByKey | None = None

    @property
    def client(self) -> str:
        """Whose idempotency keys theirs are: a subject's, a partner's, or nobody's (empty)."""
        if self.by_key is not None:
            return f"partner {self.by_key.partner_id}"
        return self.subject or ""

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
