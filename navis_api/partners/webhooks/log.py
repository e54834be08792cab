"""What endpoints were told, as administrators see it, and telling something once more."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Page, PageRequest
from navis_api.errors import InvalidInput
from navis_api.partners.acting import Acting
from navis_api.partners.webhooks import repository
from navis_api.partners.webhooks.models import DeliveryState
from navis_api.partners.webhooks.repository import Told


async def redeliver(session: AsyncSession, delivery_id: UUID, *, acting: Acting) -> Told:
    """Tell an endpoint of an event once more, under the same id, or now and not only later.

    Raises AdministratorsOnly, DeliveryUnknown and InvalidInput.
    """
    acting.require_administrator()
    endpoint_id = await repository.endpoint_of(session, delivery_id)
    endpoint = await repository.require_endpoint(session, endpoint_id)
    if endpoint.disabled_at is not None:
        raise InvalidInput(
            "Its endpoint is disabled. Enable it first, with `updateWebhookEndpoint`.",
            path=("input", "deliveryId"),
        )
    delivery = await repository.require_delivery(session, delivery_id)
    if delivery.state is not DeliveryState.PENDING:
        delivery.state, delivery.ended_at, delivery.tries = DeliveryState.PENDING, None, 0
    delivery.next_attempt_at = None
    await session.flush()
    await repository.stir(session)
    detail = {"endpoint_id": endpoint.id, "event_id": delivery.event_id}
    await acting.note(
        session, "webhook_delivery.redeliver", "webhook_delivery", delivery.id, detail
    )
    (told,) = await repository.told_by(session, [delivery])
    return told


async def list_deliveries(
    session: AsyncSession,
    endpoint_id: UUID,
    state: DeliveryState | None,
    page: PageRequest,
    *,
    acting: Acting,
) -> Page[Told]:
    """Return a page of what an endpoint was to be told, the newest first.

    Raises AdministratorsOnly and EndpointUnknown.
    """
    acting.require_administrator()
    await repository.require_endpoint(session, endpoint_id)
    found = await repository.list_deliveries(session, endpoint_id, state, page)
    await acting.note(session, "webhook_delivery.list", "webhook_endpoint", endpoint_id)
    return found.showing(await repository.told_by(session, found.rows))
