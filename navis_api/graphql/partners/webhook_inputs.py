"""What the mutations on webhooks take."""

from datetime import timedelta

import strawberry

from navis_api.graphql.enums import WebhookEventType
from navis_api.graphql.partners.inputs import overlap_of

_OVERLAP_HOURS = 24


@strawberry.input(description="A new endpoint.")
class CreateWebhookEndpointInput:
    """What createWebhookEndpoint takes."""

    partner_id: strawberry.ID = strawberry.field(
        description="The partner's `id`. It has a secret key with the scope `WEBHOOKS`."
    )
    url: str = strawberry.field(
        description="Where to post requests: `https://portal.example/webhooks`, on the public"
        " internet."
    )
    events: list[WebhookEventType] = strawberry.field(description="What it is told of.")
    cancers: list[str] = strawberry.field(
        default_factory=list[str],
        description="Slugs of the cancers whose answers it is told of, their subtypes included."
        " Left out: all.",
    )


@strawberry.input(description="What is to be otherwise about an endpoint.")
class UpdateWebhookEndpointInput:
    """What updateWebhookEndpoint takes."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint's `id`.")
    url: str | None = strawberry.field(
        default=None, description="Its new address. Left out: as it is."
    )
    events: list[WebhookEventType] | None = strawberry.field(
        default=None, description="All that it is told of. Left out: as it is."
    )
    cancers: list[str] | None = strawberry.field(
        default=None,
        description="All cancers whose answers it is told of; empty: all there are. Left out: as"
        " it is.",
    )
    enabled: bool | None = strawberry.field(
        default=None,
        description="False has nothing more be sent to it, and drops what waits. True has it be"
        " told of what happens from now on. Left out: as it is.",
    )


@strawberry.input(description="A secret that another takes the place of.")
class RotateWebhookSecretInput:
    """What rotateWebhookSecret takes."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint's `id`.")
    overlap_hours: int = strawberry.field(
        default=_OVERLAP_HOURS,
        description="For how many hours requests are signed with the old secret too: 0 to 720.",
    )

    def overlap(self) -> timedelta:
        """Return it. Raises InvalidInput for what no timedelta holds, or is too long."""
        return overlap_of(self.overlap_hours)


@strawberry.input(description="An endpoint that is to be removed.")
class RemoveWebhookEndpointInput:
    """What removeWebhookEndpoint takes."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint's `id`.")


@strawberry.input(description="Something that an endpoint is to be told once more.")
class RedeliverWebhookInput:
    """What redeliverWebhook takes."""

    delivery_id: strawberry.ID = strawberry.field(description="The delivery's `id`.")
