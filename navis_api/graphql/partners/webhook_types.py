"""Endpoints of partners and what was sent to them, as administrators see them."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import Page
from navis_api.graphql.enums import (
    WebhookDeliveryState,
    WebhookEndpointState,
    WebhookEventType,
    WebhookFailure,
)
from navis_api.graphql.relay import Connection, global_id, page_info
from navis_api.partners.webhooks import models
from navis_api.partners.webhooks.message import webhook_id
from navis_api.partners.webhooks.repository import Told
from navis_api.partners.webhooks.service import Endpoint


@strawberry.type(description="An address of a partner's that is told of changes.")
class WebhookEndpoint:
    """An endpoint, without its secrets."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    url: str = strawberry.field(description="Where requests are posted to.")
    events: list[WebhookEventType] = strawberry.field(description="What it is told of.")
    cancers: list[str] = strawberry.field(
        description="Slugs of the cancers whose answers it is told of, their subtypes included."
        " Empty: all."
    )
    state: WebhookEndpointState = strawberry.field(
        description="Whether it is told of anything, or else why not."
    )
    failing_since: datetime | None = strawberry.field(
        description="Since when every attempt has failed. Null: the last one didn't."
    )
    disabled_at: datetime | None = strawberry.field(
        description="When it was disabled. Null: it isn't."
    )
    old_secret_until: datetime | None = strawberry.field(
        description="Until when requests are signed with the secret before the newest, too."
    )
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")

    @classmethod
    def of(cls, endpoint: Endpoint, catalogue: Catalogue) -> Self:
        """Return an endpoint as clients see it."""
        row = endpoint.row
        return cls(
            id=global_id("WebhookEndpoint", row.id),
            url=row.url,
            events=[WebhookEventType(each) for each in row.events],
            cancers=[
                catalogue.by_id[each].slug for each in row.cancer_ids if each in catalogue.by_id
            ],
            state=endpoint.state,
            failing_since=row.failing_since,
            disabled_at=row.disabled_at,
            old_secret_until=row.old_secret_until,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@strawberry.type(description="One request to an endpoint. Of what came back the status is kept.")
class WebhookAttempt:
    """An attempt."""

    number: int = strawberry.field(description="The first is 1.")
    at: datetime = strawberry.field(description="When it had ended.")
    took_ms: int = strawberry.field(description="How long it took, in milliseconds.")
    status: int | None = strawberry.field(
        description="The HTTP status that came back. Null: none did."
    )
    failure: WebhookFailure | None = strawberry.field(
        description="Why it came to nothing. Null: it was taken."
    )

    @classmethod
    def of(cls, row: models.WebhookAttempt) -> Self:
        """Return an attempt as clients see it."""
        return cls(
            number=row.number,
            at=row.at,
            took_ms=row.took_ms,
            status=row.status,
            failure=row.failure,
        )


@strawberry.type(description="That an endpoint is told of an event.")
class WebhookDelivery:
    """A delivery, with its log."""

    id: strawberry.ID = strawberry.field(description="Its id, for telling it once more.")
    webhook_id: str = strawberry.field(
        description="The header `webhook-id`: the same for each attempt."
    )
    type: WebhookEventType = strawberry.field(description="What it tells.")
    at: datetime = strawberry.field(description="When that happened.")
    answer_id: strawberry.ID = strawberry.field(description="The answer that it is about.")
    slug: str = strawberry.field(description="The answer's slug.")
    revision: int = strawberry.field(description="The revision that it is about.")
    state: WebhookDeliveryState = strawberry.field(description="What has become of it.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When it is tried again at the earliest. Null: at once, or not at all."
    )
    ended_at: datetime | None = strawberry.field(
        description="When it was taken, or given up. Null: it waits."
    )
    attempts: list[WebhookAttempt] = strawberry.field(
        description="The requests that were made for it, the oldest first."
    )

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return a delivery as clients see it."""
        return cls(
            id=global_id("WebhookDelivery", told.delivery.id),
            webhook_id=webhook_id(told.event.id),
            type=told.event.type,
            at=told.event.at,
            answer_id=global_id("Answer", told.event.answer_id),
            slug=told.event.slug,
            revision=told.event.revision,
            state=told.delivery.state,
            next_attempt_at=told.delivery.next_attempt_at,
            ended_at=told.delivery.ended_at,
            attempts=[WebhookAttempt.of(each) for each in told.attempts],
        )


@strawberry.type(description="A page of what an endpoint was to be told, the newest first.")
class WebhookDeliveryConnection(Connection[WebhookDelivery]):
    """Deliveries."""

    @classmethod
    def of(cls, page: Page[Told]) -> Self:
        """Return a page of them."""
        return cls(
            nodes=[WebhookDelivery.of(told) for told in page.rows],
            cursors=page.cursors,
            page_info=page_info(page),
        )
