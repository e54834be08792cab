"""Refusals of exports, as problem details (RFC 9457) with the codes that GraphQL's errors have."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import orjson
from starlette.responses import Response

NO_STORE: Final = {"Cache-Control": "no-store", "Vary": "Authorization"}

_RETRY_AFTER_S: Final = 5


def problem(
    status: HTTPStatus, code: str, title: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal. `title` says what to do, and quotes nothing that was sent."""
    body = {"type": "about:blank", "title": title, "status": status.value, "code": code}
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type="application/problem+json",
        headers={**NO_STORE, **(headers or {})},
    )


def unauthenticated(title: str) -> Response:
    """Return what is said to whoever isn't signed in, or not any more."""
    return problem(
        HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", title, {"WWW-Authenticate": "Bearer"}
    )


def busy(retry_after_s: int = _RETRY_AFTER_S) -> Response:
    """Return what is said while there are too many exports at once, or something is away."""
    title = "The service is busy. Try again in a few seconds."
    headers = {"Retry-After": str(retry_after_s)}
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", title, headers)


def own_running() -> Response:
    """Return what is said to a patient who has as many of them running as one may have."""
    title = "Too many of your exports and downloads are running. Wait until one has ended."
    headers = {"Retry-After": str(_RETRY_AFTER_S)}
    return problem(HTTPStatus.TOO_MANY_REQUESTS, "RATE_LIMITED", title, headers)
