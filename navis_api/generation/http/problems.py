"""Refusing a request for a generation, with a reason that programs can read (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from navis_api.generation.http.wire import PROBLEM, Problem, Wrong

_MAX_SHOWN = 10


class RequestRefused(HTTPException):
    """A request that isn't served. `errors` name fields, and never what stood in them."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: tuple[Wrong, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status.value, detail, headers)
        self.code = code
        self.errors = errors


def fields_wrong(invalid: ValidationError) -> RequestRefused:
    """Return the refusal of a body that is no request, with the first of its wrong fields."""
    found = invalid.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in found):
        return RequestRefused(
            HTTPStatus.BAD_REQUEST, "INVALID_JSON", "The body is not valid JSON in UTF-8."
        )
    errors = tuple(
        Wrong(path=".".join(_name(part) for part in each["loc"]), code=each["type"])
        for each in found[:_MAX_SHOWN]
    )
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "INVALID_REQUEST",
        "The body is not a request of the contract.",
        errors=errors,
    )


def _name(part: str | int) -> str:
    """Return a part of a path; a name that isn't ours may be a patient's words."""
    known = isinstance(part, int) or (part.isidentifier() and part.isascii() and part.islower())
    return str(part)[:30] if known else "…"


async def problem_response(_request: Request, refused: Exception) -> Response:
    """Return any refusal, also of the router's, as a problem."""
    assert isinstance(refused, HTTPException)
    status = HTTPStatus(refused.status_code)
    ours = isinstance(refused, RequestRefused)
    problem = Problem(
        title=status.phrase,
        status=status.value,
        code=refused.code if ours else status.name,
        detail=refused.detail if ours else status.description or status.phrase,
        errors=refused.errors if ours else (),
    )
    return Response(
        problem.model_dump_json(),
        status.value,
        {"Cache-Control": "no-store", **(refused.headers or {})},
        PROBLEM,
    )
