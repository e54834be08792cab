"""`/oembed`: how an answer is embedded, for systems that ask by its address.

Source: oEmbed 1.0 (https://oembed.com), sections 2.2 (consumer request), 2.3 (provider
response) and 2.3.4.4 (the rich type).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final
from xml.etree import ElementTree as ET

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.answers.publishing_models import PublishedChange
from navis_api.errors import UserFault
from navis_api.partners.metering import Meter
from navis_api.web.addresses import OEMBED, Addresses, AnswerAddress
from navis_api.web.conditional import entity_tag, has_tag
from navis_api.web.embed.errors import LookInvalid
from navis_api.web.embed.frame import FindFramingKey
from navis_api.web.embed.look import read_look
from navis_api.web.embed.metered import came_with, metered
from navis_api.web.lasting import BRIEFLY, FRESH_S, SHARED_S, STALE_S
from navis_api.web.shown import AnswerShelf, LiveAnswer

WIDTH, HEIGHT = 640, 800
"""What a frame has in pixels where the consumer sets no limit."""

_JSON, _XML = "json", "xml"
_MEDIA: Final = {_JSON: "application/json", _XML: "text/xml"}
_SIZE = re.compile(r"[0-9]{1,6}", re.ASCII)
_METERED_AS: Final = "oembed"
_REFUSED: Final = "no-store"

# What XML 1.0 can't hold, however it is written (section 2.2).
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


_FORMAT_UNKNOWN: Final = _Refused(
    HTTPStatus.NOT_IMPLEMENTED, "FORMAT_NOT_IMPLEMENTED", "`format` is `json` or `xml`."
)


@dataclass(frozen=True, slots=True)
class _Asked:
    address: AnswerAddress
    parameters: Mapping[str, str]
    width: int
    height: int


class OEmbed:
    """Describes answers to consumers that come with a partner's public key."""

    def __init__(
        self, shelf: AnswerShelf, addresses: Addresses, find_key: FindFramingKey, meter: Meter
    ) -> None:
        self._shelf = shelf
        self._addresses = addresses
        self._find_key = find_key
        self._meter = meter

    def routes(self) -> list[Route]:
        """Return where it is asked."""
        return [Route(OEMBED, metered(self._meter, _METERED_AS, self._describe))]

    async def _describe(self, request: Request) -> Response:
        written = request.query_params.get("format", _JSON)
        if written not in _MEDIA:
            return _refusal(_FORMAT_UNKNOWN, _JSON)
        try:
            asked = self._asked(request)
            found = await self._found(request, asked)
        except _Refused as refused:
            return _refusal(refused, written)
        body = _written(self._described(found, asked), written)
        tag = entity_tag(body)
        headers = {
            "Cache-Control": BRIEFLY,
            "ETag": tag,
            "Surrogate-Key": found.surrogate_keys,
            # Scripts of other pages may ask: the answer is the same for everybody.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if has_tag(request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(body, media_type=_MEDIA[written], headers=headers)

    def _asked(self, request: Request) -> _Asked:
        given = request.query_params
        address = self._addresses.read(given.get("url", ""))
        if address is None:
            raise _Refused(
                HTTPStatus.NOT_FOUND,
                "NOT_FOUND",
                f"`url` is the address of an answer: {self._addresses.page('…')}",
            )
        # The key and the look stand in the answer's address, or beside it.
        parameters = {**address.parameters, **dict(given)}
        return _Asked(
            address,
            parameters,
            width=min(_limit(given, "maxwidth", WIDTH), WIDTH),
            height=min(_limit(given, "maxheight", HEIGHT), HEIGHT),
        )

    async def _found(self, request: Request, asked: _Asked) -> LiveAnswer:
        try:
            framing = await self._find_key(asked.parameters.get("key", ""))
            came_with(request, framing.key)
            look = read_look(asked.parameters)
        except LookInvalid as fault:
            raise _Refused(HTTPStatus.BAD_REQUEST, fault.code, fault.message) from None
        except UserFault as fault:
            raise _Refused(HTTPStatus.UNAUTHORIZED, fault.code, fault.message) from None
        found = await self._shelf.find(asked.address.slug, look.language)
        if found is None or isinstance(found, PublishedChange):
            raise _Refused(
                HTTPStatus.NOT_FOUND, "NOT_FOUND", "No published answer has this address."
            )
        return found

    def _described(self, found: LiveAnswer, asked: _Asked) -> dict[str, str | int]:
        title = found.words.title
        source = self._addresses.frame(found.slug, asked.parameters)
        frame = (
            f'<iframe src="{escape(source)}" width="{asked.width}" height="{asked.height}"'
            f' title="{escape(title)}" loading="lazy" referrerpolicy="no-referrer"'
            ' style="border: 0; max-width: 100%"></iframe>'
        )
        return {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "author_name": found.revision.author,
            "provider_name": "Navis",
            "provider_url": self._addresses.site,
            # The title too is the answer's: it has to be as fresh.
            "cache_age": max(FRESH_S, SHARED_S) + STALE_S,
            "html": frame,
            "width": asked.width,
            "height": asked.height,
        }


def _limit(given: Mapping[str, str], name: str, otherwise: int) -> int:
    written = given.get(name)
    if written is None:
        return otherwise
    if not _SIZE.fullmatch(written) or not int(written):
        raise _Refused(
            HTTPStatus.BAD_REQUEST,
            "INVALID_PARAMETER",
            f"`{name}` is a whole number of pixels, 1 or more.",
        )
    return int(written)


def _refusal(refused: _Refused, written: str) -> Response:
    body = {"error": {"code": refused.code, "message": refused.message}}
    headers = {"Cache-Control": _REFUSED, "Access-Control-Allow-Origin": "*"}
    if refused.status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if written == _XML:
        content = _xml("error", body["error"])
    else:
        content, written = orjson.dumps(body), _JSON
    return Response(
        content, status_code=refused.status, media_type=_MEDIA[written], headers=headers
    )


def _written(described: Mapping[str, str | int], written: str) -> bytes:
    return _xml("oembed", described) if written == _XML else orjson.dumps(described)


def _xml(name: str, values: Mapping[str, str | int]) -> bytes:
    root = ET.Element(name)
    for key, value in values.items():
        ET.SubElement(root, key).text = _NOT_IN_XML.sub(" ", str(value))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
