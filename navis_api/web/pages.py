"""HTML pages: their templates, what they may load, and how long they may be kept.

A page works without scripts. None runs in it, but for the one in a partner's frame that
tells its height and notices when the page has changed.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from navis_api.db.sessions import DatabaseBusy
from navis_api.kit.languages import ORIGINAL, Language
from navis_api.partners.errors import KeysUnavailable
from navis_api.web.assets import Asset, static_file
from navis_api.web.conditional import has_tag, version_of
from navis_api.web.embed.frame import Frame
from navis_api.web.embed.look import Scheme
from navis_api.web.lasting import ASKED_AGAIN
from navis_api.web.page_words import day_in, words_in

PRIVATE: Final = "private, no-store"
"""What only one viewer may see."""

VERSION_HEADER: Final = "X-Navis-Version"
"""What a framed page compares itself with: proxies change entity tags, and not this."""

_VERSION: Final = "navis-version-of-this-page"
_RETRY_AFTER_S: Final = "2"

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Pages:
    """Writes pages out of `templates/`, all of which extend `base.html` or `framed.html`."""

    def __init__(self) -> None:
        look, dark = static_file("navis.css"), static_file("dark.css")
        self._styles = {
            Scheme.LIGHT: _style(look),
            Scheme.DARK: _style(look, b"@media screen", dark),
            Scheme.AUTO: _style(look, b"@media screen and (prefers-color-scheme: dark)", dark),
        }
        self._script = Asset("frame.js", "text/javascript", static_file("frame.js"))
        self.picture = Asset("card.png", "image/png", static_file("card.png"), everywhere=True)
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
        kept: str = ASKED_AGAIN,
        forms: bool = False,
        headers: Mapping[str, str] | None = None,
        language: Language = ORIGINAL,
        frame: Frame | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> Response:
        """Return a page, or 304 where the client has the same one.

        `facts` are what its template shows; `kept` is its Cache-Control, `forms` says whether it
        may send forms to us, `language` is that of our own words, and `frame` the partner's,
        where it stands in one.
        """
        shows = status == HTTPStatus.OK and kept.startswith("public")
        page = self._templates.get_template(template).render(
            facts or {},
            stylesheet=self._styles[frame.look.scheme if frame else Scheme.AUTO].address,
            script=self._script.address,
            frame=frame,
            framed=frame is not None,
            version=_VERSION if shows else "",
            language=language.value,
            wanted=language,
            day=day_in(language),
            _=words_in(language),
        )
        sent = {
            "Cache-Control": kept,
            "Content-Language": language.value,
            **(frame.headers if frame else _own_headers(forms=forms)),
            **(headers or {}),
        }
        if shows:
            version = version_of(page.encode())
            sent["ETag"] = tag = f'"{version}"'
            if frame:
                # The page names the version that it is, which it can't before it is written.
                sent[VERSION_HEADER] = version
                page = page.replace(_VERSION, version, 1)
            if has_tag(request, tag):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
        return HTMLResponse(page, status_code=status, headers=sent)

    def routes(self) -> list[Route]:
        """Return what the pages load."""
        loaded = (*self._styles.values(), self._script, self.picture)
        return [asset.route() for asset in loaded]

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
        return {DatabaseBusy: busy, TimeoutError: busy, KeysUnavailable: busy}


def _style(look: bytes, media: bytes = b"", dark: bytes = b"") -> Asset:
    """Return the style sheet, with the colours of dark screens for some media."""
    return Asset(
        "navis.css", "text/css", look + (b"\n%b {\n%b}\n" % (media, dark) if dark else b"")
    )


def _own_headers(*, forms: bool) -> Mapping[str, str]:
    sends_to = "'self'" if forms else "'none'"
    return {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
            f" form-action {sends_to}"
        )
    }
