"""Cross-origin access for partners' pages: answers to preflights, and headers beside responses.

Only origins that stand on some partner's list are told anything, and only where a public key
is used. Whether that very key may be used from there is decided when it comes: a preflight
doesn't carry it. No cookies are involved, so that no page acts for a user.

Source: the Fetch standard, "HTTP extensions" (CORS protocol).
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Send

from navis_api.graphql.by_key.presented import PresentedKey, key_in, presented_key
from navis_api.graphql.by_key.recognising import key_refusal
from navis_api.graphql.request import RequestRefused
from navis_api.partners.errors import KeysUnavailable, OriginRefused, SecretKeyExposed
from navis_api.partners.keeping import KeyKeeper

_PREFLIGHT_KEPT_S = 600
_ASKED_HEADERS = (
    "Accept, Accept-Language, Apollographql-Client-Name, Apollographql-Client-Version,"
    " Authorization, Content-Type, Graphql-Client-Name, Graphql-Client-Version, Last-Event-ID,"
    " X-Request-ID"
)
_TOLD_HEADERS = b"ETag, RateLimit, RateLimit-Policy, Retry-After"


def is_preflight(request: Request) -> bool:
    """Return whether a browser asks if its page may send a request."""
    return (
        request.method == "OPTIONS"
        and "origin" in request.headers
        and "access-control-request-method" in request.headers
    )


class CrossOrigin:
    """Tells browsers which pages may use public keys. One for a process."""

    def __init__(self, keeper: KeyKeeper) -> None:
        self._keeper = keeper

    async def preflight(self, request: Request) -> Response:
        """Return the answer to a preflight. Raises RequestRefused with 403 or 503."""
        origin = request.headers["origin"]
        try:
            is_listed = await self._keeper.is_listed(origin)
        except KeysUnavailable as fault:
            raise key_refusal(fault) from None
        if not is_listed:
            raise key_refusal(OriginRefused())
        return Response(
            status_code=204,
            headers={
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": _ASKED_HEADERS,
                "Access-Control-Max-Age": str(_PREFLIGHT_KEPT_S),
                "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            },
        )

    async def telling(self, request: Request, send: Send) -> Send:
        """Return a way to send by which a page on a listed origin may read the response.

        Also one that refuses it: whoever develops the page is to see why.
        """
        origin = request.headers.get("origin")
        key = _public_key(request) if origin is not None else None
        if origin is None or key is None:
            return send
        headers = [(b"vary", b"Origin")]
        try:
            if await self._keeper.is_listed(origin):
                headers += [
                    (b"access-control-allow-origin", origin.encode("latin-1")),
                    (b"access-control-expose-headers", _TOLD_HEADERS),
                ]
        except KeysUnavailable:
            # Then the response says the same, to whoever can read it.
            pass

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        return send_with_headers


def _public_key(request: Request) -> PresentedKey | None:
    try:
        key = presented_key(request)
    except (RequestRefused, SecretKeyExposed):
        key = key_in(request.headers.get("authorization"))
    return key if key is not None and key.is_public else None
