"""All queries on endpoints, and on what was sent to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.partners.models import Partner
from navis_api.partners.webhooks.errors import DeliveryUnknown, EndpointUnknown
from navis_api.partners.webhooks.models import (
    DeliveryState,
    PartnerQuestion,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

_NEWEST_FIRST = Order(
    "webhook_deliveries",
    (WebhookDelivery.sequence, WebhookDelivery.id),
    (int, UUID),
    descending=True,
)


_SEALING = func.hashtextextended("navis sealing webhook secrets", 0)


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery, what it tells, and the attempts at it, the oldest first."""

    delivery: WebhookDelivery
    event: WebhookEvent
    attempts: Sequence[WebhookAttempt]


async def endpoints_of(
    session: AsyncSession, partner_ids: Sequence[UUID]
) -> Sequence[WebhookEndpoint]:
    """Return the endpoints of these partners, the oldest first."""
    return (
        await session.scalars(
            select(WebhookEndpoint)
            .where(WebhookEndpoint.partner_id.in_(partner_ids))
            .order_by(WebhookEndpoint.created_at, WebhookEndpoint.id)
        )
    ).all()


async def require_endpoint(session: AsyncSession, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint, held until the transaction ends. Raises EndpointUnknown."""
    found = await get_endpoint(session, endpoint_id)
    if found is None:
        raise EndpointUnknown
    return found


async def get_endpoint(session: AsyncSession, endpoint_id: UUID) -> WebhookEndpoint | None:
    """Return an endpoint, held until the transaction ends.

    Not from those who refer to it: a publication writes deliveries, and waits for nobody here.
    """
    return await session.scalar(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def require_delivery(session: AsyncSession, delivery_id: UUID) -> WebhookDelivery:
    """Return a delivery, held until the transaction ends. Raises DeliveryUnknown."""
    found = await session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise DeliveryUnknown
    return found


async def endpoint_of(session: AsyncSession, delivery_id: UUID) -> UUID:
    """Return the endpoint that a delivery is for. Raises DeliveryUnknown."""
    found = await session.scalar(
        select(WebhookDelivery.endpoint_id).where(WebhookDelivery.id == delivery_id)
    )
    if found is None:
        raise DeliveryUnknown
    return found


async def list_deliveries(
    session: AsyncSession, endpoint_id: UUID, state: DeliveryState | None, page: PageRequest
) -> Page[WebhookDelivery]:
    """Return a page of what an endpoint was to be told, the newest first."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state is not None:
        wanted = wanted.where(WebhookDelivery.state == state)
    return await fetch_page(session, wanted, _NEWEST_FIRST, page)


async def told_by(session: AsyncSession, deliveries: Sequence[WebhookDelivery]) -> list[Told]:
    """Return deliveries with their events and attempts, in the order given."""
    events = {
        event.id: event
        for event in await session.scalars(
            select(WebhookEvent).where(WebhookEvent.id.in_([each.event_id for each in deliveries]))
        )
    }
    attempts: dict[UUID, list[WebhookAttempt]] = {each.id: [] for each in deliveries}
    for attempt in await session.scalars(
        select(WebhookAttempt)
        .where(WebhookAttempt.delivery_id.in_(list(attempts)))
        .order_by(WebhookAttempt.delivery_id, WebhookAttempt.number)
    ):
        attempts[attempt.delivery_id].append(attempt)
    return [Told(each, events[each.event_id], attempts[each.id]) for each in deliveries]


async def stir(session: AsyncSession) -> None:
    """Have workers look for what is due once the transaction has committed."""
    await session.execute(select(func.pg_notify("navis_webhooks", "")))


async def hold_secrets(session: AsyncSession) -> None:
    """Let `wait_for_secrets` wait for this transaction: it seals a secret."""
    await session.execute(select(func.pg_advisory_xact_lock_shared(_SEALING)))


async def wait_for_secrets(session: AsyncSession) -> None:
    """Wait for every transaction that has begun to seal a secret."""
    await session.execute(select(func.pg_advisory_xact_lock(_SEALING)))


async def all_endpoint_ids(session: AsyncSession) -> Sequence[UUID]:
    """Return the ids of all endpoints."""
    return (await session.scalars(select(WebhookEndpoint.id).order_by(WebhookEndpoint.id))).all()


async def may_hear(session: AsyncSession, partner_id: UUID, *, now: datetime) -> bool:
    """Return whether a partner has a key with the scope WEBHOOKS that holds."""
    return bool(await session.scalar(select(func.navis_may_hear(partner_id, now))))


async def deaf_among(
    session: AsyncSession, partner_ids: Sequence[UUID], *, now: datetime
) -> set[UUID]:
    """Return those of these partners that have no such key."""
    return set(
        await session.scalars(
            select(Partner.id).where(
                Partner.id.in_(partner_ids), ~func.navis_may_hear(Partner.id, now)
            )
        )
    )


async def remove_endpoint(session: AsyncSession, endpoint: WebhookEndpoint) -> None:
    """Remove an endpoint, with all that was to be sent there."""
    await session.delete(endpoint)
    await session.flush()


async def give_up_all(session: AsyncSession, endpoint_id: UUID, *, now: datetime) -> None:
    """Have nothing of what waits be sent to an endpoint."""
    await session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.PENDING,
        )
        .values(state=DeliveryState.GIVEN_UP, ended_at=now, lease=None, lease_until=None)
    )


async def give_up_for_deaf(session: AsyncSession, *, now: datetime) -> int:
    """Have nothing be sent to partners without a key for it; return how much was dropped."""
    deaf = exists().where(
        WebhookEndpoint.id == WebhookDelivery.endpoint_id,
        ~func.navis_may_hear(WebhookEndpoint.partner_id, now),
    )
    dropped = await session.scalars(
        update(WebhookDelivery)
        .where(WebhookDelivery.state == DeliveryState.PENDING, deaf)
        .values(state=DeliveryState.GIVEN_UP, ended_at=now, lease=None, lease_until=None)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(dropped.all())


async def hasten(session: AsyncSession, endpoint_id: UUID) -> None:
    """Have all that waits for an endpoint be tried at once: it is back."""
    await session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.PENDING,
            WebhookDelivery.next_attempt_at.is_not(None),
        )
        .values(next_attempt_at=None)
        .execution_options(synchronize_session=False)
    )


async def forget_before(session: AsyncSession, moment: datetime, *, limit: int) -> int:
    """Remove events from before a moment, with their deliveries; return how many."""
    old = select(WebhookEvent.id).where(WebhookEvent.at < moment).limit(limit)
    gone = await session.scalars(
        delete(WebhookEvent)
        .where(WebhookEvent.id.in_(old))
        .returning(WebhookEvent.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


async def note_question(
    session: AsyncSession, partner_id: UUID, question_id: UUID, *, now: datetime
) -> None:
    """Note that a question was asked with a key of a partner's. Again changes nothing."""
    await session.execute(
        insert(PartnerQuestion)
        .values(partner_id=partner_id, question_id=question_id, asked_at=now)
        .on_conflict_do_nothing()
    )


async def count_waiting(session: AsyncSession) -> tuple[int, datetime | None]:
    """Return how many deliveries wait, and since when the oldest event does."""
    row = (
        await session.execute(
            select(func.count(), func.min(WebhookEvent.at))
            .select_from(WebhookDelivery)
            .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
            .where(WebhookDelivery.state == DeliveryState.PENDING)
        )
    ).one()
    return row[0], row[1]
