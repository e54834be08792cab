"""Reading what a client sent: bounded in size and time, and refused with a reason."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, NoReturn, cast

from starlette.requests import Request

from navis_api.graphql.plain_text import is_usable
from navis_api.graphql.refusals import BAD_REQUEST

# How many times the longest body is read of one that is longer.
_READ_ON = 16
_PAUSE_S = 0.5
_MAX_OPERATION_NAME_CHARS = 200
_EVENT_ID = re.compile(r"[0-9]{1,9}", re.ASCII)


class RequestRefused(Exception):
    """A request that is not one of GraphQL over HTTP. `headers` go with the response."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = BAD_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """An operation as a client sent it, with nothing but its form checked."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None


async def read_post(
    request: Request, *, max_body_bytes: int, body_timeout_s: float
) -> OperationRequest:
    """Return the operation in a POST's body.

    Raises RequestRefused with 400, 408, 413 or 415, and ClientDisconnect.
    """
    _require_json(request.headers.get("content-type"))
    _require_identity(request.headers.get("content-encoding"))
    try:
        async with asyncio.timeout(body_timeout_s):
            body = await _body(request, max_body_bytes)
    except TimeoutError:
        raise RequestRefused(
            408,
            "The body took too long to arrive.",
            code="REQUEST_TIMEOUT",
            headers={"Connection": "close"},
        ) from None
    return operation_of(parse_json(body, what="The body"))


def read_get(request: Request) -> OperationRequest:
    """Return the operation in a GET's parameters. Raises RequestRefused with 400."""
    parameters = request.query_params
    given: dict[str, Any] = {
        name: parameters[name] for name in ("query", "operationName") if name in parameters
    }
    for name in ("variables", "extensions"):
        if parameters.get(name):
            given[name] = parse_json(parameters[name].encode(), what=f"The parameter `{name}`")
    return operation_of(given)


def last_event_id(request: Request) -> int | None:
    """Return the sequence number in a Last-Event-ID header. Raises RequestRefused with 400."""
    given = request.headers.get("last-event-id")
    if given is None or not given.strip():
        return None
    if not _EVENT_ID.fullmatch(given.strip()):
        raise RequestRefused(400, "The header `Last-Event-ID` must be the `id` of an event.")
    return int(given)


def _require_json(content_type: str | None) -> None:
    # A form can be posted by any page that a user visits, JSON can't (CSRF).
    parsed = Message()
    parsed["content-type"] = content_type or ""
    charset = str(parsed.get_param("charset") or "utf-8").lower()
    media = (content_type or "").partition(";")[0].strip().lower()
    if media != "application/json" or charset not in {"utf-8", "utf8"}:
        raise RequestRefused(
            415,
            "Send the operation as `Content-Type: application/json`, in UTF-8.",
            code="UNSUPPORTED_MEDIA_TYPE",
            headers={"Accept": "application/json"},
        )


def _require_identity(encoding: str | None) -> None:
    if (encoding or "identity").strip().lower() != "identity":
        raise RequestRefused(
            415,
            "Send the body without compression.",
            code="UNSUPPORTED_MEDIA_TYPE",
            headers={"Accept-Encoding": "identity"},
        )


async def _body(request: Request, limit: int) -> bytes:
    """Return the body, counted as it arrives: its length may be missing or a lie.

    One that is too long is read on for a while, and thrown away: a client that is
    still sending would find its connection reset, and never read why.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:19]) > _READ_ON * limit:
        _refuse_size(limit)
    body = bytearray()
    chunks = request.stream()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            await _throw_away(chunks, _READ_ON * limit)
            _refuse_size(limit)
    return bytes(body)


async def _throw_away(chunks: AsyncGenerator[bytes], at_most: int) -> None:
    """Read on until the client is done, or pauses to listen, or has sent that much more."""
    length = 0
    with suppress(TimeoutError, StopAsyncIteration):
        while length < at_most:
            length += len(await asyncio.wait_for(anext(chunks), timeout=_PAUSE_S))


def _refuse_size(limit: int) -> NoReturn:
    raise RequestRefused(
        413,
        f"The body is longer than {limit} bytes.",
        code="PAYLOAD_TOO_LARGE",
        headers={"Connection": "close"},
    )


def _refuse_constant(_constant: str) -> NoReturn:
    raise ValueError


def parse_json(text: bytes | str, *, what: str) -> object:
    """Return a JSON value. Raises RequestRefused with 400, in which `what` is named.

    Python's own parser: orjson takes no half surrogates, of which we want to say
    in which variable they stand, and makes floats of large integers.
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        return json.loads(decoded, parse_constant=_refuse_constant)
    # Too deep, or an integer of more than 4,300 digits, or no JSON at all.
    except (ValueError, RecursionError):
        raise RequestRefused(400, f"{what} is not valid JSON in UTF-8.") from None


def operation_of(given: object) -> OperationRequest:
    """Return the operation that a parsed body describes. Raises RequestRefused with 400."""
    if isinstance(given, list):
        raise RequestRefused(400, "Send one operation at a time.", code="BATCHING_REFUSED")
    if not isinstance(given, dict):
        raise RequestRefused(400, "The body must be a JSON object.")
    body = cast("dict[str, Any]", given)
    query, name = body.get("query"), body.get("operationName")
    variables, extensions = body.get("variables"), body.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise RequestRefused(400, "`query` must be a GraphQL document, as a string.")
    if name is not None and not _is_name(name):
        raise RequestRefused(400, "`operationName` must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestRefused(400, "`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestRefused(400, "`extensions` must be an object.")
    return OperationRequest(
        query=query,
        variables=cast("dict[str, Any]", variables or {}),
        operation_name=name or None,
    )


def _is_name(given: object) -> bool:
    return isinstance(given, str) and len(given) <= _MAX_OPERATION_NAME_CHARS and is_usable(given)
