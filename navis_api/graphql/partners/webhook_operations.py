"""Keeping partners' endpoints, and seeing what they were told. For administrators."""

from typing import Annotated

import strawberry

from navis_api.db.paging import page_request
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.enums import WebhookDeliveryState
from navis_api.graphql.partners.administering import administering
from navis_api.graphql.partners.webhook_inputs import (
    CreateWebhookEndpointInput,
    RedeliverWebhookInput,
    RemoveWebhookEndpointInput,
    RotateWebhookSecretInput,
    UpdateWebhookEndpointInput,
)
from navis_api.graphql.partners.webhook_payloads import (
    CreateWebhookEndpointPayload,
    RedeliverWebhookPayload,
    RemoveWebhookEndpointPayload,
    RotateWebhookSecretPayload,
    UpdateWebhookEndpointPayload,
)
from navis_api.graphql.partners.webhook_types import WebhookDeliveryConnection
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, First, parse_id_of
from navis_api.partners.webhooks import log, service
from navis_api.partners.webhooks.errors import EndpointUnknown


@strawberry.type
class WebhookQueries:
    """The fields that Query has from webhooks."""

    @strawberry.field(
        description="What an endpoint was to be told, the newest first, and how each attempt"
        " ended. It is kept for some weeks. Null: there is no such endpoint. For administrators.",
        metadata=RECORDED,
    )
    async def webhook_deliveries(
        self,
        info: Info,
        endpoint_id: Annotated[
            strawberry.ID, strawberry.argument(description="The endpoint's `id`.")
        ],
        state: Annotated[
            WebhookDeliveryState | None,
            strawberry.argument(description="Only those in this state. Left out: all."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> WebhookDeliveryConnection | None:
        """Page through them."""
        id_ = parse_id_of("WebhookEndpoint", endpoint_id, argument="endpointId")
        page = page_request(first=first, after=after)
        try:
            async with administering(info) as (session, acting, _):
                found = await log.list_deliveries(session, id_, state, page, acting=acting)
        except EndpointUnknown:
            return None
        return WebhookDeliveryConnection.of(found)


@strawberry.type
class WebhookMutations:
    """The fields that Mutation has from webhooks."""

    @strawberry.mutation(
        description="Has a partner be told of changes at an address. The secret that requests are"
        " verified with is shown once. For administrators."
    )
    async def create_webhook_endpoint(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CreateWebhookEndpointInput, strawberry.argument(description="The endpoint.")
        ],
    ) -> CreateWebhookEndpointPayload:
        """Add it."""
        try:
            id_ = parse_id_of("Partner", input.partner_id, argument="partnerId")
            async with administering(info) as (session, acting, catalogue):
                made = await service.create_endpoint(
                    session,
                    id_,
                    url=input.url,
                    events=input.events,
                    cancers=input.cancers,
                    rules=info.context.services.webhooks,
                    catalogue=catalogue,
                    acting=acting,
                )
        except UserFault as fault:
            return CreateWebhookEndpointPayload.refused(fault)
        return CreateWebhookEndpointPayload.of(made, catalogue)

    @strawberry.mutation(
        description="Changes where an endpoint is and what it is told of, disables it or enables"
        " it again. For administrators."
    )
    async def update_webhook_endpoint(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            UpdateWebhookEndpointInput,
            strawberry.argument(description="Which, and what is to change."),
        ],
    ) -> UpdateWebhookEndpointPayload:
        """Change it."""
        try:
            id_ = parse_id_of("WebhookEndpoint", input.endpoint_id, argument="endpointId")
            async with administering(info) as (session, acting, catalogue):
                changed = await service.update_endpoint(
                    session,
                    id_,
                    url=input.url,
                    events=input.events,
                    cancers=input.cancers,
                    enabled=input.enabled,
                    rules=info.context.services.webhooks,
                    catalogue=catalogue,
                    acting=acting,
                )
        except UserFault as fault:
            return UpdateWebhookEndpointPayload.refused(fault)
        return UpdateWebhookEndpointPayload.of(changed, catalogue)

    @strawberry.mutation(
        description="Makes a secret in the place of an endpoint's, with which requests are signed"
        " too for a while. The secret is shown once. For administrators."
    )
    async def rotate_webhook_secret(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RotateWebhookSecretInput,
            strawberry.argument(description="Whose, and for how long both."),
        ],
    ) -> RotateWebhookSecretPayload:
        """Rotate it."""
        try:
            id_ = parse_id_of("WebhookEndpoint", input.endpoint_id, argument="endpointId")
            overlap = input.overlap()
            async with administering(info) as (session, acting, catalogue):
                made = await service.rotate_secret(
                    session,
                    id_,
                    overlap=overlap,
                    rules=info.context.services.webhooks,
                    acting=acting,
                )
        except UserFault as fault:
            return RotateWebhookSecretPayload.refused(fault)
        return RotateWebhookSecretPayload.of(made, catalogue)

    @strawberry.mutation(
        description="Removes an endpoint for good, with the log of what was sent to it. For"
        " administrators."
    )
    async def remove_webhook_endpoint(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RemoveWebhookEndpointInput, strawberry.argument(description="Which.")
        ],
    ) -> RemoveWebhookEndpointPayload:
        """Remove it."""
        try:
            id_ = parse_id_of("WebhookEndpoint", input.endpoint_id, argument="endpointId")
            async with administering(info) as (session, acting, _):
                await service.remove_endpoint(session, id_, acting=acting)
        except UserFault as fault:
            return RemoveWebhookEndpointPayload.refused(fault)
        return RemoveWebhookEndpointPayload(removed_id=input.endpoint_id, errors=[])

    @strawberry.mutation(
        description="Tells an endpoint of an event once more, under the same `webhook-id`; what"
        " waits for its next attempt is tried at once. For administrators."
    )
    async def redeliver_webhook(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RedeliverWebhookInput, strawberry.argument(description="Which.")
        ],
    ) -> RedeliverWebhookPayload:
        """Tell it."""
        try:
            id_ = parse_id_of("WebhookDelivery", input.delivery_id, argument="deliveryId")
            async with administering(info) as (session, acting, _):
                told = await log.redeliver(session, id_, acting=acting)
        except UserFault as fault:
            return RedeliverWebhookPayload.refused(fault)
        return RedeliverWebhookPayload.of(told)
