"""For how long an approval holds: by cancer, or the nearest one above that has a period."""

import calendar
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import record
from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.review import repository
from navis_api.review.acting import Acting
from navis_api.review.errors import RoleNotAllowed
from navis_api.review.models import StaffRole

MOST_MONTHS = 60
_MONTHS_OF_YEAR = 12


async def next_review(
    session: AsyncSession,
    cancer_id: UUID | None,
    *,
    catalogue: Catalogue,
    default_months: int,
    now: datetime,
) -> date:
    """Return the day on which an answer about a cancer, approved now, is due for review again."""
    months = default_months
    cancer = catalogue.by_id.get(cancer_id) if cancer_id is not None else None
    if cancer is not None:
        line = [cancer.id, *(above.id for above in catalogue.ancestors(cancer))]
        periods = await repository.periods_of(session, line)
        months = next((periods[each] for each in line if each in periods), default_months)
    return add_months(now.date(), months)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on, or that month's last where it is shorter."""
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_YEAR)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


async def set_period(
    session: AsyncSession, cancer_id: UUID, months: int | None, *, acting: Acting
) -> None:
    """Say after how many months answers on a cancer are reviewed again; None: as those above.

    It holds for approvals from now on. Raises RoleNotAllowed and InvalidInput.
    """
    if acting.member.role is not StaffRole.ADMINISTRATOR:
        raise RoleNotAllowed("set review periods", (StaffRole.ADMINISTRATOR.lower(),))
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise InvalidInput(f"A period has 1 to {MOST_MONTHS} months.", path=("input", "months"))
    await repository.set_period(session, cancer_id, months, now=acting.now)
    await record(
        session,
        acting.actor,
        "period.set",
        object_type="cancer",
        object_id=cancer_id,
        detail={"months": months},
        origin=acting.origin,
        now=acting.now,
    )
