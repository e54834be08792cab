"""Who acts, on what: every service of the review takes these two, and records what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerRevision
from navis_api.audit.service import Actor, Origin, record
from navis_api.review.models import StaffMember

if TYPE_CHECKING:
    from navis_api.audit.detail import Detail

_REVISION = "answer_revision"


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody on the staff who does something now, and from where."""

    member: StaffMember
    now: datetime
    origin: Origin | None = None

    @property
    def actor(self) -> Actor:
        """The member, as the audit record knows them."""
        return Actor(self.member.role.value, self.member.subject)


@dataclass(frozen=True, slots=True)
class RevisionTarget:
    """The revision of an answer that a step is meant for.

    `revision` is its number, `expected_version` the `lock_version` that it was read with.
    """

    answer_id: UUID
    revision: int
    expected_version: int


async def note(
    session: AsyncSession,
    acting: Acting,
    action: str,
    revision: AnswerRevision,
    **detail: "Detail",
) -> None:
    """Record an act on a revision, as the last thing in its transaction."""
    await record(
        session,
        acting.actor,
        action,
        object_type=_REVISION,
        object_id=revision.id,
        detail=_described(revision, detail),
        origin=acting.origin,
        now=acting.now,
    )


def _described(revision: AnswerRevision, detail: "Mapping[str, Detail]") -> "dict[str, Detail]":
    return {
        "answer_id": revision.answer_id,
        "revision": revision.number,
        "state": revision.state.value,
        **detail,
    }
