"""`/embed/ask`: the box for asking, in a frame on a partner's page.

The page is the same for all readers of a partner and holds nothing of theirs. What they write
its script sends to `/graphql`, with the partner's key (docs/decisions/0043).
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.errors import UserFault
from navis_api.kit.languages import ORIGINAL
from navis_api.partners.metering import Meter
from navis_api.web.assets import Asset, static_file
from navis_api.web.embed.errors import LookInvalid, NotFramed
from navis_api.web.embed.frame import FindFramingKey, Frame
from navis_api.web.embed.look import read_look
from navis_api.web.embed.metered import came_with, metered
from navis_api.web.embed.refusing import refused_frame
from navis_api.web.lasting import BRIEFLY
from navis_api.web.pages import Pages

ASK: Final = "/embed/ask"

_PARTS: Final = ("regions", "sending", "showing", "cancers", "asking")
_METERED_AS: Final = "askBox"
_VARY: Final = {"Vary": "Sec-Fetch-Dest"}


class EmbeddedAsking:
    """Serves it, to the pages of partners whose public key the address has."""

    def __init__(
        self,
        database: Database,
        catalogue: CatalogueKeeper,
        pages: Pages,
        find_key: FindFramingKey,
        meter: Meter,
        *,
        max_question_chars: int,
    ) -> None:
        """`find_key` finds keys that may read and ask."""
        self._database = database
        self._catalogue = catalogue
        self._pages = pages
        self._find_key = find_key
        self._meter = meter
        self._most_characters = max_question_chars
        self._script = Asset("ask.js", "text/javascript", asking_script())

    def routes(self) -> list[Route]:
        """Return where it is, with its script."""
        return [Route(ASK, metered(self._meter, _METERED_AS, self._show)), self._script.route()]

    async def _show(self, request: Request) -> Response:
        parameters = request.query_params
        key = parameters.get("key", "")
        try:
            framing = await self._find_key(key)
            came_with(request, framing.key)
            look = read_look(parameters)
            cancer = await self._cancer(parameters.get("cancer"))
            _require_frame(request)
        except UserFault as fault:
            return refused_frame(self._pages, request, fault, _VARY)
        return self._pages.respond(
            request,
            "framed_ask.html",
            kept=BRIEFLY,
            headers=_VARY,
            language=look.language,
            # It never loads itself again: what the reader has written would be lost.
            frame=Frame(framing.origins, look, check_s=0),
            facts={
                "ask_script": self._script.address,
                "key": key,
                "cancer": cancer,
                "locale": parameters.get("locale", ORIGINAL.value),
                "most_characters": self._most_characters,
            },
        )

    async def _cancer(self, slug: str | None) -> CatalogueEntry | None:
        if not slug:
            return None
        async with self._database.reading() as session:
            found = (await self._catalogue.current(session)).by_slug.get(slug)
        if found is None:
            raise LookInvalid("cancer", "give a slug of the catalogue, such as `liver-cancer`.")
        return found


def asking_script() -> bytes:
    """Return the box's script: its parts, one behind the other, in a scope of their own."""
    parts = b"\n".join(static_file(f"ask/{part}.js") for part in _PARTS)
    return b'(() => {\n"use strict";\n\n%b})();\n' % parts


def _require_frame(request: Request) -> None:
    """Raise NotFramed where a browser says that it opens the page as one of its own.

    `frame-ancestors` speaks of frames alone. Source: Fetch Metadata Request Headers, 2.1.
    """
    if request.headers.get("sec-fetch-dest") == "document":
        raise NotFramed
