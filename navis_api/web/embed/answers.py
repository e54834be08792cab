"""`/embed/answers/{slug}`: a published answer in a frame on a partner's page."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.answers.publishing_models import PublishedChange
from navis_api.errors import UserFault
from navis_api.partners.metering import Meter
from navis_api.web.addresses import FRAMES, Addresses
from navis_api.web.answers import answer_facts
from navis_api.web.embed.frame import FindFramingKey, Frame
from navis_api.web.embed.look import read_look
from navis_api.web.embed.metered import came_with, metered
from navis_api.web.embed.refusing import refused_frame
from navis_api.web.lasting import BRIEFLY
from navis_api.web.pages import Pages
from navis_api.web.shown import AnswerShelf

_METERED_AS: Final = "embed"


class EmbeddedAnswers:
    """Serves them, to the pages of partners whose public key the address has."""

    def __init__(
        self,
        shelf: AnswerShelf,
        pages: Pages,
        addresses: Addresses,
        find_key: FindFramingKey,
        meter: Meter,
    ) -> None:
        self._shelf = shelf
        self._pages = pages
        self._addresses = addresses
        self._find_key = find_key
        self._meter = meter

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [Route(FRAMES + "{slug}", metered(self._meter, _METERED_AS, self._show))]

    async def _show(self, request: Request) -> Response:
        parameters = request.query_params
        try:
            framing = await self._find_key(parameters.get("key", ""))
            came_with(request, framing.key)
            look = read_look(parameters)
        except UserFault as fault:
            return refused_frame(self._pages, request, fault)
        frame, wanted = Frame(framing.origins, look), look.language
        found = await self._shelf.find(request.path_params["slug"], wanted)
        if found is None:
            return self._pages.respond(
                request,
                "framed_unknown.html",
                status=HTTPStatus.NOT_FOUND,
                language=wanted,
                frame=frame,
            )
        if isinstance(found, PublishedChange):
            return self._pages.respond(
                request,
                "framed_retracted.html",
                status=HTTPStatus.GONE,
                language=wanted,
                frame=frame,
                facts={"retraction": found},
            )
        return self._pages.respond(
            request,
            "framed_answer.html",
            kept=BRIEFLY,
            headers={"Surrogate-Key": found.surrogate_keys},
            language=wanted,
            frame=frame,
            facts={
                "address": self._addresses.page(found.slug, found.words.language),
                **answer_facts(found),
            },
        )
