"""What the mutations on webhooks give."""

from typing import Self

import strawberry

from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import UserFault
from navis_api.graphql.partners.payloads import PartnerError, partner_error
from navis_api.graphql.partners.webhook_types import WebhookDelivery, WebhookEndpoint
from navis_api.partners.webhooks.repository import Told
from navis_api.partners.webhooks.service import Endpoint, NewSecret


@strawberry.type
class _Payload:
    """Errors, which every payload has."""

    errors: list[PartnerError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )


@strawberry.type
class WebhookSecretPayload(_Payload):
    """An endpoint with a secret that was made."""

    endpoint: WebhookEndpoint | None = strawberry.field(
        description="The endpoint. Null when there are errors."
    )
    secret: str | None = strawberry.field(
        description="The secret (`whsec_…`) that requests are verified with. It is shown here and"
        " never again: keep it where secrets are kept."
    )

    @classmethod
    def of(cls, made: NewSecret, catalogue: Catalogue) -> Self:
        """Return a success."""
        endpoint = WebhookEndpoint.of(made.endpoint, catalogue)
        return cls(endpoint=endpoint, secret=made.secret, errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(endpoint=None, secret=None, errors=[partner_error(fault)])


@strawberry.type(description="What came of adding an endpoint.")
class CreateWebhookEndpointPayload(WebhookSecretPayload):
    """The result of createWebhookEndpoint."""


@strawberry.type(description="What came of rotating a secret.")
class RotateWebhookSecretPayload(WebhookSecretPayload):
    """The result of rotateWebhookSecret."""


@strawberry.type(description="What came of changing an endpoint.")
class UpdateWebhookEndpointPayload(_Payload):
    """The result of updateWebhookEndpoint."""

    endpoint: WebhookEndpoint | None = strawberry.field(
        description="The endpoint as it is now. Null when there are errors."
    )

    @classmethod
    def of(cls, endpoint: Endpoint, catalogue: Catalogue) -> Self:
        """Return a success."""
        return cls(endpoint=WebhookEndpoint.of(endpoint, catalogue), errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(endpoint=None, errors=[partner_error(fault)])


@strawberry.type(description="What came of removing an endpoint.")
class RemoveWebhookEndpointPayload(_Payload):
    """The result of removeWebhookEndpoint."""

    removed_id: strawberry.ID | None = strawberry.field(
        description="The id that it had. Null when there are errors."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(removed_id=None, errors=[partner_error(fault)])


@strawberry.type(description="What came of telling something once more.")
class RedeliverWebhookPayload(_Payload):
    """The result of redeliverWebhook."""

    delivery: WebhookDelivery | None = strawberry.field(
        description="The delivery as it is now. Null when there are errors."
    )

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return a success."""
        return cls(delivery=WebhookDelivery.of(told), errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(delivery=None, errors=[partner_error(fault)])
