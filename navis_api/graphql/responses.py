"""Results as HTTP responses: media types and status codes of GraphQL over HTTP.

Source: GraphQL over HTTP, working draft, "Status Codes".
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types.execution import ExecutionResult, PreExecutionError

from navis_api.graphql.errors import RETRY_AFTER_S, SERVICE_UNAVAILABLE, code_of
from navis_api.graphql.negotiation import JSON, RESPONSE_JSON

# Drafts and records are a patient's own: nothing between us and the client keeps them.
_ALWAYS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Authorization",
    "X-Content-Type-Options": "nosniff",
}


def encode(body: object) -> bytes:
    """Return a JSON body."""
    return orjson.dumps(body)


def json_response(
    body: Mapping[str, Any],
    *,
    status: int,
    media: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a JSON response of one of the two media types."""
    return Response(
        encode(body),
        status_code=status,
        headers={
            **_ALWAYS,
            **(headers or {}),
            "Content-Type": f"{media}; charset=utf-8",
        },
    )


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
    if is_request_error(result):
        status = 400 if media == RESPONSE_JSON else 200
        return json_response({"errors": _formatted(errors)}, status=status, media=media)
    return json_response(result_body(result), status=200, media=media)


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
