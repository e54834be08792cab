"""Forms that a browser sends: read within limits, and only when a page of ours sent them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

_FORM: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 2_000
_MAX_DIGITS: Final = 9
"""What fits a column of integers."""


class FormRefused(Exception):
    """Something that isn't a form of ours. `message` is a sentence for a person."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class FormLimits:
    """How long a form may be, and how long it may take to arrive."""

    max_bytes: int
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with its last value."""

    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a field as it was typed; empty without it."""
        return self.fields.get(name, "")

    def number(self, name: str) -> int | None:
        """Return a field that is a small whole number, None where it is anything else."""
        given = self.text(name)
        if not given.isascii() or not given.isdigit() or len(given) > _MAX_DIGITS:
            return None
        return int(given)


EMPTY = Form({})


async def read_form(request: Request, limits: FormLimits) -> Form:
    """Return the form in a request's body. Raises FormRefused, and ClientDisconnect."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _FORM:
        raise FormRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is not a form.")
    try:
        async with asyncio.timeout(limits.timeout_s):
            body = await _body(request, limits.max_bytes)
    except TimeoutError:
        raise FormRefused(
            HTTPStatus.REQUEST_TIMEOUT, "The form took too long to arrive. Send it again."
        ) from None
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        raise FormRefused(HTTPStatus.BAD_REQUEST, "This form has too many fields.") from None
    return Form({name: _typed(value) for name, value in pairs})


def require_our_page(request: Request, *, site: str) -> None:
    """Raise FormRefused unless a page of this very site sent the form.

    Browsers say so themselves, and no page can have them say otherwise (Fetch, 3.2).
    """
    by_fetch = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "")
    ours = origin == site or (bool(host) and urlsplit(origin).netloc == host)
    if by_fetch != "same-origin" or not ours:
        raise FormRefused(
            HTTPStatus.FORBIDDEN, "This form was sent from elsewhere, so nothing was done."
        )


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise FormRefused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "This is longer than a form may be. Shorten it.",
            )
    return bytes(body)


def _typed(value: str) -> str:
    """Return a value with the line breaks that we use, and nothing that no database takes."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
