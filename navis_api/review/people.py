"""The staff: who they are, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import AnswerState
from navis_api.answers.states import transition
from navis_api.audit.service import SYSTEM_ACTOR, Actor, Origin, record
from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.identity.claims import MAX_SUBJECT_CHARS
from navis_api.kit.ids import new_id
from navis_api.kit.text import squeeze
from navis_api.review import repository
from navis_api.review.errors import NotOnStaff, NotYourCancer, RoleNotAllowed
from navis_api.review.models import StaffMember, StaffRole

MAX_NAME_CHARS = 200
MAX_CREDENTIALS_CHARS = 500


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """Somebody on the staff as an administrator describes them; see `models.StaffMember`."""

    subject: str
    role: StaffRole
    name: str
    credentials: str = ""
    cancer_ids: tuple[UUID, ...] = ()
    all_cancers: bool = False
    active: bool = True


async def save_member(
    session: AsyncSession,
    draft: StaffDraft,
    *,
    actor: Actor,
    catalogue: Catalogue,
    now: datetime,
    origin: Origin | None = None,
) -> StaffMember:
    """Add somebody to the staff, or change what is known under their subject.

    What they approved before stays in their name of then. `actor` is an administrator, on the
    staff or not yet, or the system. Raises RoleNotAllowed and InvalidInput.
    """
    if actor != SYSTEM_ACTOR and actor.kind != StaffRole.ADMINISTRATOR:
        raise RoleNotAllowed("keep the staff", (StaffRole.ADMINISTRATOR.lower(),))
    name, credentials = squeeze(draft.name), squeeze(draft.credentials)
    _require_complete(draft, name, credentials, catalogue)
    member = await repository.get_member(session, draft.subject)
    if member is None:
        member = StaffMember(id=new_id(), subject=draft.subject, created_at=now)
        session.add(member)
    member.role = draft.role
    member.name = name
    member.credentials = credentials
    member.cancer_ids = sorted(set(draft.cancer_ids))
    member.all_cancers = draft.all_cancers
    member.active = draft.active
    member.updated_at = now
    await record(
        session,
        actor,
        "staff.save",
        object_type="staff",
        object_id=member.id,
        detail={
            "role": member.role.value,
            "active": member.active,
            "all_cancers": member.all_cancers,
            "cancer_ids": member.cancer_ids,
        },
        origin=origin,
        now=now,
    )
    return member


def _require_complete(draft: StaffDraft, name: str, credentials: str, catalogue: Catalogue) -> None:
    subject = draft.subject
    if subject != subject.strip() or not 1 <= len(subject) <= MAX_SUBJECT_CHARS:
        raise InvalidInput(
            f"Give the subject of their tokens: 1 to {MAX_SUBJECT_CHARS} characters, and no space"
            " around them.",
            path=("input", "subject"),
        )
    if not 1 <= len(name) <= MAX_NAME_CHARS:
        raise InvalidInput(f"A name has 1 to {MAX_NAME_CHARS} characters.", path=("input", "name"))
    if draft.role is StaffRole.REVIEWER and not credentials:
        raise InvalidInput(
            "A reviewer has credentials, which readers are shown.", path=("input", "credentials")
        )
    if len(credentials) > MAX_CREDENTIALS_CHARS:
        raise InvalidInput(
            f"Credentials have {MAX_CREDENTIALS_CHARS} characters at most.",
            path=("input", "credentials"),
        )
    if any(each not in catalogue.by_id for each in draft.cancer_ids):
        raise InvalidInput("One of these cancers is unknown.", path=("input", "cancers"))


async def list_members(
    session: AsyncSession, *, active_only: bool = False
) -> Sequence[StaffMember]:
    """Return the staff, by name."""
    return await repository.list_members(session, active_only=active_only)


async def get_members(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, StaffMember]:
    """Return these members, as far as the viewer may see them."""
    return await repository.get_members(session, ids)


async def require_member(session: AsyncSession, subject: str | None, role: str) -> StaffMember:
    """Return the active member with this subject. `role` is what their token names.

    Raises NotOnStaff when there is none, or they are on the staff in another role.
    """
    member = await repository.get_member(session, subject) if subject is not None else None
    if member is None or not member.active or member.role.value != role.upper():
        raise NotOnStaff(role)
    return member


def may_decide(member: StaffMember, cancer_id: UUID | None, catalogue: Catalogue) -> bool:
    """Whether a reviewer decides on answers about a cancer: theirs, or one below it."""
    if not member.active or member.role is not StaffRole.REVIEWER:
        return False
    if member.all_cancers:
        return True
    cancer = catalogue.by_id.get(cancer_id) if cancer_id is not None else None
    if cancer is None:
        return False
    line = {cancer.id, *(above.id for above in catalogue.ancestors(cancer))}
    return not line.isdisjoint(member.cancer_ids)


def cancers_of(member: StaffMember, catalogue: Catalogue) -> list[UUID] | None:
    """Return the cancers whose answers concern a member, for the queue's filter; None: all."""
    if member.all_cancers or member.role is not StaffRole.REVIEWER:
        return None
    own = [catalogue.by_id[each] for each in member.cancer_ids if each in catalogue.by_id]
    return sorted({each for entry in own for each in catalogue.family_ids(entry)})


def require_step(
    member: StaffMember,
    before: AnswerState,
    after: AnswerState,
    *,
    cancer_id: UUID | None,
    catalogue: Catalogue,
) -> None:
    """Raise StepNotAllowed, RoleNotAllowed or NotYourCancer unless the member may take a step.

    The table of transitions says which steps there are and for whom (`answers.states`).
    """
    step = transition(before, after)
    if step is None:
        raise StepNotAllowed(before, after)
    if member.role.lower() not in step.roles:
        people = tuple(role for role in step.roles if role != "system")
        raise RoleNotAllowed(step.action, people)
    require_own_cancer(member, cancer_id, catalogue)


def require_own_cancer(member: StaffMember, cancer_id: UUID | None, catalogue: Catalogue) -> None:
    """Raise NotYourCancer for a reviewer of other cancers; others on the staff have all."""
    if member.role is StaffRole.REVIEWER and not may_decide(member, cancer_id, catalogue):
        cancer = catalogue.by_id.get(cancer_id) if cancer_id is not None else None
        raise NotYourCancer(cancer.name if cancer else None)
