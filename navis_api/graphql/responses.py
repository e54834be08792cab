"""Results as HTTP responses: media types and status codes of GraphQL over HTTP.

Source: GraphQL over HTTP, working draft, "Status Codes".
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types.execution import ExecutionResult, PreExecutionError

from navis_api.graphql.errors import RETRY_AFTER_S, SERVICE_UNAVAILABLE, code_of
from navis_api.graphql.negotiation import JSON, RESPONSE_JSON
from navis_api.graphql.refusals import PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED
from navis_api.graphql.throttle.charging import THROTTLED
from navis_api.graphql.unchanging import written

# Drafts and records are a patient's own: nothing between us and the client keeps them.
_ALWAYS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language, Authorization",
    "X-Content-Type-Options": "nosniff",
}

STREAMED = {
    "Cache-Control": "no-store, no-transform",
    # Asks nginx to pass each piece on at once.
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of a response that comes in pieces."""

# Steps of Apollo's automatic persisted queries, which clients take up: apollo-ios reads no
# response with another status than 2xx. Apollo's server has 200 for them as well.
_ASKED_AGAIN = frozenset({PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED})


def encode(body: object) -> bytes:
    """Return a JSON body."""
    return orjson.dumps(body, written, orjson.OPT_PASSTHROUGH_SUBCLASS)


def json_response(
    body: Mapping[str, Any],
    *,
    status: int,
    media: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a JSON response of one of the two media types."""
    return _response(encode(body), status=status, media=media, headers=headers)


class _PlainResponse(Response):
    """A response with the headers that every response has: encoded once, and not each time."""

    def __init__(self, body: bytes, *, status: int, media: str) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [*_plain_headers(media), (b"content-length", b"%d" % len(body))]


@cache
def _plain_headers(media: str) -> list[tuple[bytes, bytes]]:
    named = {**_ALWAYS, "Content-Type": f"{media}; charset=utf-8"}
    return [(name.lower().encode(), value.encode()) for name, value in named.items()]


def _response(
    body: bytes, *, status: int, media: str, headers: Mapping[str, str] | None
) -> Response:
    if not headers:
        return _PlainResponse(body, status=status, media=media)
    content_type = {"Content-Type": f"{media}; charset=utf-8"}
    return Response(body, status_code=status, headers={**_ALWAYS, **headers, **content_type})


def bytes_response(
    body: bytes | None, *, media: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response with this body; without one, that the client's own copy still holds.

    `headers` take the place of those that every response has.
    """
    if body is None:
        return Response(status_code=304, headers={**_ALWAYS, **(headers or {})})
    return _response(body, status=200, media=media, headers=headers)


def data_body(result: ExecutionResult) -> bytes:
    """Return the body of a result without errors, and without its extensions."""
    return encode({"data": result.data})


def refusal_response(
    status: int, message: str, *, code: str, media: str | None, headers: Mapping[str, str]
) -> Response:
    """Return the response to a request that is not executed."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return json_response(body, status=status, media=media or JSON, headers=headers)


def result_response(result: ExecutionResult, *, media: str, is_query: bool) -> Response:
    """Return the response to an operation.

    A request error (nothing was executed) has no `data`. A query of which a part
    is missing because the service is busy is refused as a whole, so that clients
    and proxies try it again; a mutation is not, since it has been done.
    """
    errors = result.errors or []
    busy = any(code_of(error) == SERVICE_UNAVAILABLE for error in errors)
    if busy and (is_query or result.data is None):
        return json_response(
            {"errors": _formatted(errors)},
            status=503,
            media=media,
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    wait_s = retry_after(errors)
    if wait_s is not None:
        return json_response(
            {"errors": _formatted(errors), "extensions": result.extensions or {}},
            status=429,
            media=media,
            headers={"Retry-After": str(wait_s)},
        )
    if is_request_error(result):
        asked_again = any(code_of(error) in _ASKED_AGAIN for error in errors)
        status = 400 if media == RESPONSE_JSON and not asked_again else 200
        return json_response({"errors": _formatted(errors)}, status=status, media=media)
    return json_response(result_body(result), status=200, media=media)


def retry_after(errors: Sequence[GraphQLError]) -> int | None:
    """Return after how many seconds an operation may come again that was throttled."""
    for error in errors:
        if code_of(error) == THROTTLED:
            return cast("int", (error.extensions or {})["retryAfterSeconds"])
    return None


def is_request_error(result: ExecutionResult) -> bool:
    """Return whether nothing was executed: the document or the variables were refused."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and all(error.path is None for error in result.errors or ())


def result_body(result: ExecutionResult) -> dict[str, Any]:
    """Return a result as clients get it."""
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = _formatted(result.errors)
    if not (result.errors and is_request_error(result)):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def _formatted(errors: Sequence[GraphQLError]) -> list[Mapping[str, Any]]:
    return [error.formatted for error in errors]
