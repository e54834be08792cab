"""Metering what a partner's key is used for outside of `/graphql`."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from navis_api.identity.viewer import ByKey
from navis_api.partners.metering import Meter
from navis_api.partners.usage import Outcome

Handler = Callable[[Request], Awaitable[Response]]


def came_with(request: Request, key: ByKey) -> None:
    """Note whose key a request came with, once it is known to hold."""
    request.state.partner_key = key


def metered(meter: Meter, operation: str, handler: Handler) -> Handler:
    """Return a handler whose responses to requests with a key are metered.

    That an answer was taken back is an answer too.
    """

    async def respond(request: Request) -> Response:
        response = await handler(request)
        key: ByKey | None = getattr(request.state, "partner_key", None)
        if key is not None:
            status = response.status_code
            is_served = status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.GONE
            meter.note(key, operation, Outcome.SERVED if is_served else Outcome.REFUSED, 0)
        return response

    return respond
