"""Refusing a frame: a page for whoever builds the partner's page, which no frame shows."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from navis_api.errors import UserFault
from navis_api.web.embed.errors import LookInvalid
from navis_api.web.pages import Pages

_KEPT: Final = "no-store"


def refused_frame(
    pages: Pages, request: Request, fault: UserFault, headers: Mapping[str, str] | None = None
) -> Response:
    """Return it: 400 for a parameter that is wrong, 403 for a key that doesn't let us."""
    status = HTTPStatus.BAD_REQUEST if isinstance(fault, LookInvalid) else HTTPStatus.FORBIDDEN
    return pages.respond(
        request,
        "frame_refused.html",
        status=status,
        kept=_KEPT,
        headers=headers,
        facts={"code": fault.code, "message": fault.message},
    )
