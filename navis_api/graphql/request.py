"""Reading what a client sent: bounded in size and time, and refused with a reason."""

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from typing import Any, NoReturn, cast
from urllib.parse import unquote_to_bytes

import orjson
from starlette.requests import Request

from navis_api.graphql.arriving import Replayed, arrived_message, is_whole
from navis_api.graphql.plain_text import is_usable
from navis_api.graphql.refusals import BAD_REQUEST, LIMIT_EXCEEDED, PERSISTED_QUERY_INVALID

_MAX_JSON_SIGNS = 6_000
"""Brackets, braces and commas of a body, those in its texts too: parsing a value takes 0.7 µs,
and a body can have half a million. A document has 800 at most, and no input more than some
hundred."""
_PLAIN_JSON_SIGNS = 400
"""With as many of these, JSON can't be nested so deeply that its two parsers would disagree."""
_MAX_DIGITS = 100
_MAY_BE_FLOAT = re.compile(r"[0-9](?:[.eE]|[0-9]{17})", re.ASCII)
"""What orjson makes a float of has one of these in its text: most texts needn't be looked into."""
_MAX_OPERATION_NAME_CHARS = 200
_EVENT_ID = re.compile(r"[0-9]{1,9}", re.ASCII)
# Custom document identifiers of GraphQL over HTTP; a hash in hex is one of them.
_MANIFEST_ID = re.compile(r"[0-9A-Za-z._~-]{1,128}", re.ASCII)
_DOCUMENT_ID = re.compile(rf"sha256:[0-9a-f]{{64}}|{_MANIFEST_ID.pattern}", re.ASCII)


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
class SentOperation:
    """An operation as a client sent it, with nothing but its form checked.

    `query` is its text. It may be left out where the document is named by `document_id`
    (GraphQL over HTTP, "Persisted Documents": `sha256:…` or an id of a manifest) or by
    `persisted_hash` (`extensions.persistedQuery.sha256Hash`, as Apollo's clients do). One
    of the three is there, and `document_id` never beside another.
    """

    query: str | None
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None
    document_id: str | None = None
    persisted_hash: str | None = None


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """An operation with its text, wherever that came from: see `graphql.persisted.resolving`."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None


def require_json(request: Request) -> None:
    """Raise RequestRefused with 415 unless a request says that its body is JSON, as it is."""
    _require_json(request.headers.get("content-type"))
    _require_identity(request.headers.get("content-encoding"))


async def read_body(request: Request, *, max_body_bytes: int, body_timeout_s: float) -> bytes:
    """Return the body of a POST. Raises RequestRefused with 408 or 413, and ClientDisconnect."""
    arrived = arrived_message(request.receive)
    if arrived is not None and is_whole(arrived, max_body_bytes):
        return arrived.get("body", b"")
    if arrived is not None:
        request = Request(request.scope, Replayed(arrived, request.receive))
    try:
        async with asyncio.timeout(body_timeout_s):
            return await _body(request, max_body_bytes)
    except TimeoutError:
        raise RequestRefused(
            408,
            "The body took too long to arrive.",
            code="REQUEST_TIMEOUT",
            headers={"Connection": "close"},
        ) from None


def operation_in(body: bytes) -> SentOperation:
    """Return the operation in the body of a POST. Raises RequestRefused with 400."""
    return operation_of(parse_json(body, what="The body"))


def read_get(request: Request) -> SentOperation:
    """Return the operation in a GET's parameters. Raises RequestRefused with 400."""
    _require_utf_8(request.scope["query_string"])
    parameters = request.query_params
    given: dict[str, Any] = {
        name: parameters[name]
        for name in ("query", "documentId", "operationName")
        if name in parameters
    }
    for name in ("variables", "extensions"):
        if parameters.get(name):
            given[name] = parse_json(parameters[name].encode(), what=f"The parameter `{name}`")
    return operation_of(given)


def _require_utf_8(query_string: bytes) -> None:
    # Starlette would put a sign of its own in place of what isn't.
    try:
        unquote_to_bytes(query_string).decode()
    except UnicodeDecodeError:
        raise RequestRefused(400, "The address is not valid UTF-8.") from None


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
    if not is_json(content_type or ""):
        raise RequestRefused(
            415,
            "Send the operation as `Content-Type: application/json`, in UTF-8.",
            code="UNSUPPORTED_MEDIA_TYPE",
            headers={"Accept": "application/json"},
        )


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """Return whether a Content-Type is that of JSON in UTF-8."""
    parsed = Message()
    parsed["content-type"] = content_type
    charset = str(parsed.get_param("charset") or "utf-8").lower()
    media = content_type.partition(";")[0].strip().lower()
    return media == "application/json" and charset in {"utf-8", "utf8"}


def _require_identity(encoding: str | None) -> None:
    if (encoding or "identity").strip().lower() != "identity":
        raise RequestRefused(
            415,
            "Send the body without compression.",
            code="UNSUPPORTED_MEDIA_TYPE",
            headers={"Accept-Encoding": "identity"},
        )


async def _body(request: Request, limit: int) -> bytes:
    """Return the body, counted as it arrives: its length may be missing or a lie."""
    announced = request.headers.get("content-length", "")
    # More digits than that are more than any limit, and int() takes its time for thousands.
    if announced.isascii() and announced.isdigit() and int(announced[:19]) > limit:
        _refuse_size(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            _refuse_size(limit)
    return bytes(body)


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

    Most is read by orjson, in a quarter of the time. Python's own parser reads the rest: orjson
    takes no half surrogates, of which we want to say in which variable they stand, makes floats
    of large integers, and takes other depths.
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        signs = decoded.count("[") + decoded.count("{") + decoded.count(",")
        if signs > _MAX_JSON_SIGNS:
            message = f"{what} holds too many values."
            raise RequestRefused(400, message, code=LIMIT_EXCEEDED)
        if signs <= _PLAIN_JSON_SIGNS:
            with suppress(orjson.JSONDecodeError):
                found = orjson.loads(decoded)
                if _MAY_BE_FLOAT.search(decoded) is None or not _holds_floats(found):
                    return found
        return json.loads(
            decoded, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_number
        )
    # Too deep, or a number of very many digits, or no JSON at all.
    except (ValueError, RecursionError):
        raise RequestRefused(400, f"{what} is not valid JSON in UTF-8.") from None


def _holds_floats(given: object) -> bool:
    """Return whether there are floats in a JSON value, which may have been large integers."""
    waiting = [given]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting.extend(cast("dict[str, object]", found).values())
        elif isinstance(found, list):
            waiting.extend(cast("list[object]", found))
        elif isinstance(found, float):
            return True
    return False


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else _refuse_constant(digits)


def _number(digits: str) -> float:
    return float(digits) if len(digits) <= _MAX_DIGITS else _refuse_constant(digits)


def operation_of(given: object) -> SentOperation:
    """Return the operation that a parsed body describes. Raises RequestRefused with 400."""
    if isinstance(given, list):
        raise RequestRefused(400, "Send one operation at a time.", code="BATCHING_REFUSED")
    if not isinstance(given, dict):
        raise RequestRefused(400, "The body must be a JSON object.")
    body = cast("dict[str, Any]", given)
    name, variables, extensions = (
        body.get("operationName"), body.get("variables"), body.get("extensions"),
    )  # fmt: skip
    if name is not None and not _is_name(name):
        raise RequestRefused(400, "`operationName` must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestRefused(400, "`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestRefused(400, "`extensions` must be an object.")
    document_id = _document_id(body.get("documentId"))
    persisted_hash = _persisted_hash(cast("dict[str, Any]", extensions or {}))
    return SentOperation(
        query=_query(body.get("query"), document_id, persisted_hash),
        variables=cast("dict[str, Any]", variables or {}),
        operation_name=name or None,
        document_id=document_id,
        persisted_hash=persisted_hash,
    )


def _is_name(given: object) -> bool:
    return isinstance(given, str) and len(given) <= _MAX_OPERATION_NAME_CHARS and is_usable(given)


def _query(given: object, document_id: str | None, persisted_hash: str | None) -> str | None:
    named = document_id is not None or persisted_hash is not None
    if document_id is not None and (given or persisted_hash is not None):
        message = "`documentId` names the document: send it without `query` and `persistedQuery`."
        raise RequestRefused(400, message)
    # Some clients send an empty text with a hash.
    if named and (given is None or given == ""):
        return None
    if not isinstance(given, str) or not given.strip():
        raise RequestRefused(400, "`query` must be a GraphQL document, as a string.")
    return given


def _document_id(given: object) -> str | None:
    """Return an id in the form of GraphQL over HTTP's "Persisted Documents", or None."""
    if given is None:
        return None
    if not isinstance(given, str) or not _DOCUMENT_ID.fullmatch(given):
        message = "`documentId` must be `sha256:` and 64 hex digits, or an id of a manifest."
        raise RequestRefused(400, message, code=PERSISTED_QUERY_INVALID)
    return given


def _persisted_hash(extensions: Mapping[str, Any]) -> str | None:
    """Return the hash in Apollo's extension, or None. See `graphql.persisted`."""
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    extension = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    version, found = extension.get("version"), extension.get("sha256Hash")
    if type(version) is not int or version != 1:
        message = "`persistedQuery` must be an object with `version` 1 and `sha256Hash`."
        raise RequestRefused(400, message, code=PERSISTED_QUERY_INVALID)
    if not isinstance(found, str) or not _MANIFEST_ID.fullmatch(found):
        message = "`sha256Hash` must be the document's SHA-256 as hex, or an id of a manifest."
        raise RequestRefused(400, message, code=PERSISTED_QUERY_INVALID)
    return found
