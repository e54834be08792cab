"""Files that pages load, under addresses that change when they do: a copy is good for ever."""

import hashlib
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_A_YEAR: Final = "public, max-age=31536000, immutable"


class Asset:
    """A file, and the address under which browsers keep it."""

    def __init__(self, name: str, kind: str, content: bytes, *, everywhere: bool = False) -> None:
        digest = hashlib.sha256(content).hexdigest()[:12]
        stem, _, ending = name.rpartition(".")
        self.address = f"/static/{stem}-{digest}.{ending}"
        self._content = content
        self._kind = kind
        # Pages of others show what is for everywhere, such as the picture of a link.
        self._policy = {"Cross-Origin-Resource-Policy": "cross-origin"} if everywhere else {}

    def route(self) -> Route:
        """Return where it is."""

        async def serve(_request: Request) -> Response:
            headers = {"Cache-Control": _A_YEAR, **self._policy}
            return Response(self._content, media_type=self._kind, headers=headers)

        return Route(self.address, serve)


def static_file(name: str) -> bytes:
    """Return a file of `static/`."""
    return (files("navis_api.web") / "static" / name).read_bytes()
