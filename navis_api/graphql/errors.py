"""Errors as clients see them: each with a code, none with a value, ours masked under an id.

What a client can put right is a `UserFault` and keeps its code and message. Of
everything else the client learns an id, which the log has too.
"""

import re
import uuid
from collections.abc import Iterable
from typing import Any

import structlog
from graphql import FieldNode, GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError
from structlog.contextvars import get_contextvars

from navis_api.db.sessions import DatabaseBusy
from navis_api.errors import UserFault
from navis_api.graphql.messages import in_language
from navis_api.graphql.refusals import (
    BAD_USER_INPUT,
    PARSE_FAILED,
    VALIDATION_FAILED,
)
from navis_api.kit.languages import ORIGINAL, Language
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.telemetry import describe_failure

SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
RETRY_AFTER_S = 2
"""As long as a request waits for a connection: by then one may be free."""

_MAX_ERRORS = 10
_MASKED = "Something went wrong on our side. Try again; if it stays, tell us the errorId."

_log = structlog.get_logger(__name__)


def public_errors(
    errors: Iterable[GraphQLError], language: Language = ORIGINAL
) -> list[GraphQLError]:
    """Return the errors that a client gets, in its language; what is masked is logged."""
    return [_translated(_public(error), language) for error in list(errors)[:_MAX_ERRORS]]


def syntax_error(error: GraphQLError) -> GraphQLError:
    """Return an error of parsing, without the words that its message may show."""
    return _rewritten(error, _TOKEN.sub(r"\1 \2.", error.message), code=PARSE_FAILED)


def validation_error(error: GraphQLError) -> GraphQLError:
    """Return an error of validation, without the values that its message may show."""
    return _rewritten(error, without_values(error.message), code=VALIDATION_FAILED)


def code_of(error: GraphQLError) -> str:
    """Return an error's code."""
    return str((error.extensions or {}).get("code", INTERNAL_SERVER_ERROR))


def _public(error: GraphQLError) -> GraphQLError:
    cause = _cause(error)
    if isinstance(cause, UserFault):
        facts = {"argument": ".".join(cause.path)} if cause.path else {}
        return _rewritten(error, cause.message, code=cause.code, **facts)
    if isinstance(cause, DatabaseBusy | TimeoutError):
        # A statement that ran out of time is as much a sign of too much load.
        return _rewritten(error, str(DatabaseBusy()), code=SERVICE_UNAVAILABLE)
    if isinstance(cause, StorageUnavailable):
        return _rewritten(error, str(cause), code=SERVICE_UNAVAILABLE)
    if "code" in (error.extensions or {}):
        return error
    if isinstance(error, StrawberryInputCoercionError):
        # It names what isn't exactly one of an input's fields, and has no values.
        return _rewritten(error, error.message, code=BAD_USER_INPUT)
    if _ABOUT_INPUT.match(error.message):
        return _rewritten(error, without_values(error.message), code=BAD_USER_INPUT)
    if cause is not None:
        return _masked(error, cause)
    return _masked(error, error)


def _translated(error: GraphQLError, language: Language) -> GraphQLError:
    message = in_language(error.message, language)
    if message == error.message:
        return error
    return _rewritten(error, message, **{"code": code_of(error), **(error.extensions or {})})


def _cause(error: GraphQLError) -> BaseException | None:
    """Return what was raised, below any errors of GraphQL's own that wrap it."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _rewritten(error: GraphQLError, message: str, *, code: str, **facts: Any) -> GraphQLError:  # noqa: ANN401 - JSON
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, **facts},
    )


def _masked(error: GraphQLError, cause: BaseException) -> GraphQLError:
    error_id = uuid.uuid4().hex
    # The field's own name: the path has aliases, which are the client's words.
    nodes = error.nodes or []
    field = next((node.name.value for node in nodes if isinstance(node, FieldNode)), None)
    _log.error("graphql.failed", error_id=error_id, field=field, failure=describe_failure(cause))
    request_id = get_contextvars().get("request_id")
    of_request = {"requestId": request_id} if request_id else {}
    return _rewritten(error, _MASKED, code=INTERNAL_SERVER_ERROR, errorId=error_id, **of_request)


# What graphql-core 3.3 says of values, with the values in it. They may be a patient's words.
_ABOUT_INPUT = re.compile(
    r"(Variable|Argument) '[^']*' (has invalid|of required type)"
    r"|Variable values |Too many errors processing"
)
_PLACE = re.compile(r"(?s)^((?:Variable '\$|Argument ')[^']*' has invalid value[^:]*: )(.*)$")
_ENUM_VALUE = re.compile(r"(?s)^Value .* does not exist in '(\w+)' enum\b.*$")
_UNKNOWN_FIELD = re.compile(r"(?s) not to include unknown field .*$")
_SHOWN = re.compile(
    r"(?s)( cannot represent [^:]*): .*$|(?:,|\.) [Ff]ound: .*$|, but encountered error .*$"
)
_TOKEN = re.compile(r"(?s)\b(found|Unexpected) (BlockString|String|Int|Float|Name) .*$")


def without_values(message: str) -> str:
    """Return a message of graphql-core's about a value, without the value."""
    found = _PLACE.match(message)
    place, about = found.groups() if found else ("", message)
    about = _ENUM_VALUE.sub(r"The value is not one of the enum '\1'.", about)
    about = _UNKNOWN_FIELD.sub(" not to include an unknown field.", about)
    about = _SHOWN.sub(lambda shown: (shown[1] or "") + ".", about)
    return place + about
