"""All queries on what waits to be delivered: who is at what, and how it ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.partners.webhooks.models import (
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from navis_api.partners.webhooks.sending import Outcome


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease is over, and all that it takes.

    `number` is that of the attempt, `tries` how many it makes since the delivery began.
    """

    delivery_id: UUID
    lease: UUID
    number: int
    tries: int
    event: WebhookEvent
    endpoint: WebhookEndpoint


async def claim(
    session: AsyncSession,
    lease: UUID,
    *,
    now: datetime,
    until: datetime,
    without: Collection[UUID],
) -> Claimed | None:
    """Take the oldest delivery that is due, but for those to some endpoints; None: there is none.

    Of one answer an endpoint is told in order: what came before has been delivered, or given up.
    """
    before = aliased(WebhookDelivery)
    due = (
        select(WebhookDelivery.id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.state == DeliveryState.PENDING,
            or_(WebhookDelivery.next_attempt_at.is_(None), WebhookDelivery.next_attempt_at <= now),
            or_(WebhookDelivery.lease_until.is_(None), WebhookDelivery.lease_until <= now),
            WebhookDelivery.endpoint_id.not_in(without),
            WebhookEndpoint.disabled_at.is_(None),
            func.navis_may_hear(WebhookEndpoint.partner_id, now),
            ~exists().where(
                before.endpoint_id == WebhookDelivery.endpoint_id,
                before.answer_id == WebhookDelivery.answer_id,
                before.state == DeliveryState.PENDING,
                before.sequence < WebhookDelivery.sequence,
            ),
        )
        .order_by(WebhookDelivery.sequence, WebhookDelivery.id)
        .limit(1)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
    )
    found = await session.scalar(due)
    if found is None:
        return None
    # Counted before it is made: what kills a worker is tried no more often than what fails.
    taken = (
        await session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == found)
            .values(
                lease=lease,
                lease_until=until,
                attempts=WebhookDelivery.attempts + 1,
                tries=WebhookDelivery.tries + 1,
            )
            .returning(
                WebhookDelivery.attempts,
                WebhookDelivery.tries,
                WebhookDelivery.event_id,
                WebhookDelivery.endpoint_id,
            )
        )
    ).one()
    return Claimed(
        found,
        lease,
        taken.attempts,
        taken.tries,
        await session.get_one(WebhookEvent, taken.event_id),
        await session.get_one(WebhookEndpoint, taken.endpoint_id),
    )


async def hand_back(session: AsyncSession, claimed: Claimed) -> None:
    """Let another worker have a delivery at once, as if we had not begun."""
    await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == claimed.delivery_id, WebhookDelivery.lease == claimed.lease)
        .values(
            lease=None,
            lease_until=None,
            attempts=WebhookDelivery.attempts - 1,
            tries=WebhookDelivery.tries - 1,
        )
    )


async def settle(
    session: AsyncSession,
    claimed: Claimed,
    state: DeliveryState,
    *,
    next_attempt_at: datetime | None,
    now: datetime,
) -> bool:
    """Say what became of a delivery. False, and nothing is changed, where it is no longer ours."""
    ended = state is not DeliveryState.PENDING
    result = await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == claimed.delivery_id, WebhookDelivery.lease == claimed.lease)
        .values(
            state=state,
            next_attempt_at=next_attempt_at,
            ended_at=now if ended else None,
            lease=None,
            lease_until=None,
        )
    )
    return bool(cast("CursorResult[tuple[()]]", result).rowcount)


def note_attempt(
    session: AsyncSession, claimed: Claimed, outcome: Outcome, *, now: datetime
) -> None:
    """Put an attempt into the log."""
    session.add(
        WebhookAttempt(
            delivery_id=claimed.delivery_id,
            number=claimed.number,
            at=now,
            took_ms=outcome.took_ms,
            status=outcome.status,
            failure=outcome.failure,
        )
    )
