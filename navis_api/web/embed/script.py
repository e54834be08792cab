"""`/embed.js`: the web component that partners load, and each of its versions for ever.

`/embed.js` is the newest. `/embed-1.1.0.js` never changes, so that a page may name its hash
(Subresource Integrity): a new version is a new file in `static/`, beside the old ones.
"""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.web.assets import static_file
from navis_api.web.conditional import entity_tag, has_tag

VERSIONS: Final = ("1.0.0", "1.1.0")
"""What was ever published, the newest last."""

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_NEWEST: Final = "public, max-age=3600, stale-while-revalidate=86400"
"""It is code, and shows no answer: a day late is early enough."""


def script_routes() -> list[Route]:
    """Return where the web component is."""
    routes = [Route(f"/embed-{version}.js", _serve(version, _FOR_EVER)) for version in VERSIONS]
    return [*routes, Route("/embed.js", _serve(VERSIONS[-1], _NEWEST))]


def script_of(version: str) -> bytes:
    """Return a version of the web component."""
    return static_file(f"embed-{version}.js")


def _serve(version: str, kept: str) -> Callable[[Request], Response]:
    content = script_of(version)
    tag = entity_tag(content)
    headers = {
        "Cache-Control": kept,
        "ETag": tag,
        # Any page may load it, and look at its hash, which needs the second.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }

    def script(request: Request) -> Response:
        if has_tag(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="text/javascript", headers=headers)

    return script
