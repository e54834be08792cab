"""What can be wrong with an endpoint, as an administrator wants it."""

from navis_api.errors import UserFault


class EndpointUnknown(UserFault):
    """No endpoint has this id."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such endpoint. `partners` lists those there are.",
            path=("input", "endpointId"),
        )


class DeliveryUnknown(UserFault):
    """No delivery has this id, or it is too long ago."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such delivery any more. `webhookDeliveries` lists those there are.",
            path=("input", "deliveryId"),
        )
