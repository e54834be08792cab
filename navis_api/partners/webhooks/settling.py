"""What follows from how an attempt ended: for the delivery, and for its endpoint."""

from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.partners.acting import Acting
from navis_api.partners.webhooks import queue_repository, repository
from navis_api.partners.webhooks.models import DeliveryState, DisabledFor, WebhookEndpoint
from navis_api.partners.webhooks.queue_repository import Claimed
from navis_api.partners.webhooks.schedule import FAILING_FOR, Chance, next_attempt
from navis_api.partners.webhooks.sending import Outcome

_log = structlog.get_logger(__name__)


class Ended(StrEnum):
    """What an attempt came to, as it is counted."""

    DELIVERED = "delivered"
    TO_BE_TRIED_AGAIN = "to_be_tried_again"
    GIVEN_UP = "given_up"
    ENDPOINT_GONE = "endpoint_gone"
    ENDPOINT_DISABLED = "endpoint_disabled"
    NOT_OURS = "not_ours"
    HANDED_BACK = "handed_back"


async def settle(
    session: AsyncSession, claimed: Claimed, outcome: Outcome, *, now: datetime, by_chance: Chance
) -> Ended:
    """Write down how an attempt ended, and what follows. One that is no longer ours: nothing."""
    # First the endpoint and then what is sent there: whoever disables it does so in this order.
    endpoint = await repository.get_endpoint(session, claimed.endpoint.id)
    again = (
        None
        if outcome.failure is None
        else next_attempt(
            claimed.tries, now=now, asked_for_s=outcome.retry_after_s, by_chance=by_chance
        )
    )
    state = _state(outcome, again)
    if endpoint is None or not await queue_repository.settle(
        session, claimed, state, next_attempt_at=again, now=now
    ):
        return Ended.NOT_OURS
    queue_repository.note_attempt(session, claimed, outcome, now=now)
    if state is DeliveryState.DELIVERED:
        if endpoint.failing_since is not None:
            endpoint.failing_since = None
            await repository.hasten(session, endpoint.id)
        return Ended.DELIVERED
    failing_since = endpoint.failing_since = endpoint.failing_since or now
    if outcome.is_gone:
        await _disable(session, endpoint, DisabledFor.GONE, now=now)
        return Ended.ENDPOINT_GONE
    if now - failing_since >= FAILING_FOR:
        await _disable(session, endpoint, DisabledFor.FAILING, now=now)
        return Ended.ENDPOINT_DISABLED
    return Ended.GIVEN_UP if again is None else Ended.TO_BE_TRIED_AGAIN


def _state(outcome: Outcome, again: datetime | None) -> DeliveryState:
    if outcome.failure is None:
        return DeliveryState.DELIVERED
    return DeliveryState.GIVEN_UP if again is None else DeliveryState.PENDING


async def _disable(
    session: AsyncSession, endpoint: WebhookEndpoint, reason: DisabledFor, *, now: datetime
) -> None:
    """Send nothing there any more, and tell whoever operates the service."""
    endpoint.disabled_at, endpoint.disabled_for = now, reason
    endpoint.updated_at = now
    await session.flush()
    await repository.give_up_all(session, endpoint.id, now=now)
    _log.warning(
        "webhooks.endpoint_disabled",
        endpoint_id=str(endpoint.id),
        partner_id=str(endpoint.partner_id),
        reason=reason.value,
    )
    await Acting(SYSTEM_ACTOR, now).note(
        session,
        "webhook_endpoint.disable",
        "webhook_endpoint",
        endpoint.id,
        {"partner_id": endpoint.partner_id, "reason": reason.value},
    )
