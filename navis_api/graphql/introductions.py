"""Who sends a request, or opens a WebSocket: a partner by key, somebody by token, nobody."""

from starlette.requests import Request
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError

from navis_api.audit.service import Origin
from navis_api.graphql.addresses import is_anonymous
from navis_api.graphql.by_key.presented import key_in, presented_key
from navis_api.graphql.by_key.recognising import KeyRecognition, key_refusal
from navis_api.graphql.context import RequestContext, Services
from navis_api.graphql.errors import RETRY_AFTER_S
from navis_api.graphql.request import RequestRefused
from navis_api.graphql.throttle.charging import Throttled
from navis_api.graphql.websocket import connection_authorization
from navis_api.identity.errors import SignInUnavailable, TokenExpired, TokenInvalid
from navis_api.identity.viewer import ANONYMOUS, Viewer
from navis_api.partners.errors import KeyFault, KeysUnavailable


class Introductions:
    """Finds out who is there, by what a request or a handshake shows."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._recognition = KeyRecognition(
            services.keys,
            services.throttle,
            services.clock,
            site=services.settings.public_address,
        )

    async def of_request(self, request: Request) -> Viewer:
        """Return who sends a request. Raises RequestRefused with 400, 401, 403, 429 or 503."""
        try:
            key = presented_key(request)
            if key is not None:
                page = request.headers.get("origin")
                return await self._recognition.viewer_of(key, page=page, origin=origin_of(request))
        except (KeyFault, KeysUnavailable, Throttled) as fault:
            raise key_refusal(fault) from None
        authorization = request.headers.get("authorization")
        if authorization is None or is_anonymous(request):
            return ANONYMOUS
        try:
            return await self._verified(authorization)
        except (TokenExpired, TokenInvalid) as fault:
            raise RequestRefused(
                401, fault.message, code=fault.code, headers={"WWW-Authenticate": "Bearer"}
            ) from None
        except SignInUnavailable as fault:
            headers = {"Retry-After": str(fault.retry_after_s)}
            raise RequestRefused(503, fault.message, code=fault.code, headers=headers) from None

    async def of_socket(self, context: RequestContext) -> Viewer:
        """Return who a WebSocket is for, once it has introduced itself.

        Raises ConnectionRejectionError, or SignInUnavailable when nobody can tell now.
        """
        try:
            return await self._introduced(context)
        except (TokenExpired, TokenInvalid, KeyFault):
            raise ConnectionRejectionError from None
        except (KeysUnavailable, Throttled):
            raise SignInUnavailable(retry_after_s=RETRY_AFTER_S) from None

    async def _introduced(self, context: RequestContext) -> Viewer:
        authorization = connection_authorization(context)
        key = key_in(authorization)
        if key is None:
            return await self._verified(authorization)
        page = context.handshake.page if context.handshake else None
        return await self._recognition.viewer_of(key, page=page, origin=context.origin)

    async def _verified(self, authorization: str | None) -> Viewer:
        return await self._services.tokens.viewer_of(authorization, now=self._services.clock())


def origin_of(connection: Request | WebSocket) -> Origin:
    """Return where a request comes from, as the audit record keeps it."""
    address = connection.client.host if connection.client else None
    return Origin(address=address, request_id=connection.headers.get("x-request-id"))
