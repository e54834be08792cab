"""Refusals of uploads, as problem details (RFC 9457). They quote nothing that was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import orjson
from starlette.responses import Response

MISMATCHING_OFFSET: Final = (
    "https://iana.org/assignments/http-problem-types#mismatching-upload-offset"
)
"""The three types that the draft registers (draft-ietf-httpbis-resumable-upload, section 7)."""
COMPLETED_UPLOAD: Final = "https://iana.org/assignments/http-problem-types#completed-upload"
INCONSISTENT_LENGTH: Final = (
    "https://iana.org/assignments/http-problem-types#inconsistent-upload-length"
)

CHECKSUM_MISMATCH: Final = 460
"""tus 1.0, the checksum extension."""


class UploadRefused(Exception):
    """A request that can't be done. `title` is a sentence that says what to do."""

    def __init__(
        self,
        status: int,
        title: str,
        *,
        kind: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        **facts: int,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.kind = kind
        self.headers = headers or {}
        self.facts = facts


def problem(refused: UploadRefused, headers: Mapping[str, str]) -> Response:
    """Return a refusal as a response. The connection ends with it: a body may still be coming."""
    body = {
        "type": refused.kind,
        "title": refused.title,
        "status": refused.status,
        **{name.replace("_", "-"): value for name, value in refused.facts.items()},
    }
    return Response(
        orjson.dumps(body),
        status_code=refused.status,
        media_type="application/problem+json",
        headers={
            "Cache-Control": "no-store",
            "Connection": "close",
            **headers,
            **refused.headers,
        },
    )


def gone(*, expired: bool) -> UploadRefused:
    """Return the refusal of an address that leads to no open upload."""
    if expired:
        return UploadRefused(HTTPStatus.GONE, "The time of this upload is over. Begin a new one.")
    return UploadRefused(HTTPStatus.NOT_FOUND, "There is no open upload at this address.")


def elsewhere(*, expected: int, provided: int) -> UploadRefused:
    """Return the refusal of a request that goes on from another place than the upload stands."""
    return UploadRefused(
        HTTPStatus.CONFLICT,
        "The upload stands elsewhere. Ask where with HEAD, and go on from there.",
        kind=MISMATCHING_OFFSET,
        headers={"Upload-Offset": str(expected)},
        expected_offset=expected,
        provided_offset=provided,
    )


def replaced() -> UploadRefused:
    """Return what a request is told whose place another one has taken."""
    return UploadRefused(HTTPStatus.CONFLICT, "Another request goes on with this upload.")


def too_long() -> UploadRefused:
    """Return the refusal of more than was announced."""
    return UploadRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "This is more than was announced, or in too many pieces.",
        kind=INCONSISTENT_LENGTH,
    )


def stalled() -> UploadRefused:
    """Return what a client is told that sends too slowly. What came until then is kept."""
    return UploadRefused(
        HTTPStatus.REQUEST_TIMEOUT, "Too little came for too long. Go on with the upload."
    )


def stopping(headers: Mapping[str, str]) -> UploadRefused:
    """Return what a client is told whose server restarts. What came until then is kept."""
    return UploadRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The server restarts. Go on with the upload.",
        headers={"Retry-After": "1", **headers},
    )


def busy() -> UploadRefused:
    """Return what is said while there are too many uploads at once, or something is away."""
    return UploadRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The service is busy. Try again in a few seconds.",
        headers={"Retry-After": "2"},
    )
