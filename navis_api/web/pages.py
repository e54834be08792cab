"""HTML pages: their templates, what they may load, and how long they may be kept.

A page works without scripts, and none is allowed to run in it.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from navis_api.db.sessions import DatabaseBusy

PUBLIC: Final = "public, no-cache"
"""What everybody may see: kept by whoever likes, and asked for again before each use,
so that nobody goes on showing what was taken back."""

PRIVATE: Final = "private, no-store"
"""What only one viewer may see."""

_A_YEAR: Final = "public, max-age=31536000, immutable"
_RETRY_AFTER_S: Final = "2"

Handler = Callable[[Request, Exception], Awaitable[Response]]


def day(moment: date) -> str:
    """Return a date as people write it: 21 November 2026."""
    return f"{moment.day} {moment:%B %Y}"


class Pages:
    """Writes pages out of `templates/`, all of which extend `base.html`."""

    def __init__(self) -> None:
        style = files("navis_api.web") / "static" / "navis.css"
        self._style = style.read_bytes()
        # Under another address when it has changed: a copy of it is good for ever.
        digest = hashlib.sha256(self._style).hexdigest()[:12]
        self._style_address = f"/static/navis-{digest}.css"
        self._templates = Environment(
            loader=PackageLoader("navis_api.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def respond(
        self,
        request: Request,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        kept: str = PUBLIC,
        forms: bool = False,
        headers: Mapping[str, str] | None = None,
        **facts: object,
    ) -> Response:
        """Return a page, or 304 where the client has the same one.

        `kept` is its Cache-Control, `forms` says whether it may send forms to us.
        """
        page = self._templates.get_template(template).render(
            facts, stylesheet=self._style_address, day=day
        )
        sends_to = "'self'" if forms else "'none'"
        sent = {
            "Cache-Control": kept,
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
                f" form-action {sends_to}"
            ),
            **(headers or {}),
        }
        if status == HTTPStatus.OK and kept == PUBLIC:
            sent["ETag"] = tag = f'"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
            if _has(request, tag):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
        return HTMLResponse(page, status_code=status, headers=sent)

    def routes(self) -> list[Route]:
        """Return what the pages load."""

        async def style(_request: Request) -> Response:
            return Response(self._style, media_type="text/css", headers={"Cache-Control": _A_YEAR})

        return [Route(self._style_address, style)]

    def handlers(self) -> Mapping[type[Exception], Handler]:
        """Return what is shown where a page can't be: when the database is too busy."""

        async def busy(request: Request, _busy: Exception) -> Response:
            return self.respond(
                request,
                "busy.html",
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                kept="no-store",
                headers={"Retry-After": _RETRY_AFTER_S},
            )

        # A statement that ran out of time is as much a sign of too much load.
        return {DatabaseBusy: busy, TimeoutError: busy}


def _has(request: Request, tag: str) -> bool:
    """Whether a client says that it has the page with this tag (RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in given.split(",")}
    return tag in known or given.strip() == "*"
