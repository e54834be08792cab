"""All queries on what was metered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.partners.models import PartnerMeter, PartnerUsage
from navis_api.partners.usage import Metered, Sums, Usage


async def begin_meter(session: AsyncSession, meter_id: UUID, *, now: datetime) -> None:
    """Let a meter be known, with nothing settled, unless it is."""
    await session.execute(
        insert(PartnerMeter)
        .values(id=meter_id, settled=0, settled_at=now)
        .on_conflict_do_nothing(index_elements=[PartnerMeter.id])
    )


async def settle(
    session: AsyncSession, meter_id: UUID, *, after: int, up_to: int, now: datetime
) -> bool:
    """Move a meter on from one number to another. False where it doesn't stand there."""
    moved = await session.scalar(
        update(PartnerMeter)
        .where(PartnerMeter.id == meter_id, PartnerMeter.settled == after)
        .values(settled=up_to, settled_at=now)
        .returning(PartnerMeter.id)
    )
    return moved is not None


async def list_meters(session: AsyncSession) -> dict[UUID, int]:
    """Return up to which of its lines each meter has been summed up."""
    found = await session.scalars(select(PartnerMeter))
    return {each.id: each.settled for each in found}


async def hold_meter(session: AsyncSession, meter_id: UUID) -> PartnerMeter | None:
    """Return a meter, held until the transaction ends."""
    return await session.scalar(
        select(PartnerMeter).where(PartnerMeter.id == meter_id).with_for_update()
    )


async def add(session: AsyncSession, sums: Sums) -> None:
    """Add to what is summed up. In one order, so that no two processes wait for each other."""
    if not sums:
        return
    given = insert(PartnerUsage).values(
        [
            {
                **metered._asdict(),
                "served": usage.served,
                "refused": usage.refused,
                "points": usage.points,
            }
            for metered, usage in sorted(sums.items(), key=lambda each: each[0])
        ]
    )
    await session.execute(
        given.on_conflict_do_update(
            index_elements=[PartnerUsage.partner_id, PartnerUsage.day, PartnerUsage.operation],
            set_={
                "served": PartnerUsage.served + given.excluded.served,
                "refused": PartnerUsage.refused + given.excluded.refused,
                "points": PartnerUsage.points + given.excluded.points,
            },
        )
    )


async def list_usage(
    session: AsyncSession, *, since: date, until: date, partner_id: UUID | None = None
) -> Sums:
    """Return what was summed up from one day to another, both counted in."""
    chosen = select(PartnerUsage).where(PartnerUsage.day.between(since, until))
    if partner_id is not None:
        chosen = chosen.where(PartnerUsage.partner_id == partner_id)
    return {
        Metered(row.partner_id, row.day, row.operation): Usage(row.served, row.refused, row.points)
        for row in await session.scalars(chosen)
    }
