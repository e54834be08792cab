"""The process's figures, for whoever runs it."""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.metrics import CONTENT_TYPE, Metrics


def metrics_routes(
    metrics: Metrics,
    *,
    token: str | None,
    is_open: bool,
    look: Callable[[], Awaitable[None]] | None = None,
) -> list[Route]:
    """Return `/metrics`. Whoever has the token gets it; everybody, where it is open.

    Otherwise it isn't there: figures of a service for patients are nobody else's business.
    `look` is awaited first, for what has to be looked up.
    """

    async def figures(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        known = token is not None and hmac.compare_digest(
            given.encode(), f"Bearer {token}".encode()
        )
        if not known and not is_open:
            status = 404 if token is None else 401
            return Response(status_code=status, headers={"Cache-Control": "no-store"})
        if look is not None:
            await look()
        return Response(
            metrics.text(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
        )

    return [Route("/metrics", figures)]
