"""Addresses of published answers: their pages, frames and oEmbed descriptions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from navis_api.kit.languages import ORIGINAL, Language, language_of
from navis_api.web.embed.look import PARAMETERS

ANSWERS: Final = "/answers/"
FRAMES: Final = "/embed/answers/"
OEMBED: Final = "/oembed"

_PUBLIC_KEY = re.compile(r"nvk_pub_[A-Za-z0-9_]{1,100}", re.ASCII)
_MAX_FIELDS: Final = 50


@dataclass(frozen=True, slots=True)
class AnswerAddress:
    """What the address of an answer's page says."""

    slug: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses on one site, given as readers see it: without a slash at its end."""

    site: str

    def page(self, slug: str, language: Language = ORIGINAL) -> str:
        """Return the address of an answer's page in a language."""
        asked = "" if language is ORIGINAL else f"?locale={language.value}"
        return f"{self.site}{ANSWERS}{slug}{asked}"

    def frame(self, slug: str, parameters: Mapping[str, str]) -> str:
        """Return the address of an answer for a frame, with a key and how it is to look."""
        kept = {name: parameters[name] for name in ("key", *PARAMETERS) if parameters.get(name)}
        return f"{self.site}{FRAMES}{slug}" + (f"?{urlencode(kept)}" if kept else "")

    def oembed(self, slug: str, parameters: Mapping[str, str]) -> str:
        """Return where the page is described for oEmbed consumers, but for the format.

        A public key in the page's address goes on, so that whoever pastes it gets a frame.
        """
        key = parameters.get("key", "")
        wanted = {"key": key} if _PUBLIC_KEY.fullmatch(key) else {}
        language = language_of(parameters.get("locale", ORIGINAL.value))
        if language is not ORIGINAL:
            wanted["locale"] = language.value
        page = f"{self.site}{ANSWERS}{slug}" + (f"?{urlencode(wanted)}" if wanted else "")
        return f"{self.site}{OEMBED}?url={quote(page, safe='')}"

    def read(self, address: str) -> AnswerAddress | None:
        """Return what an address says, if it is that of an answer's page here."""
        try:
            ours, given = urlsplit(self.site), urlsplit(address)
            fields = dict(parse_qsl(given.query, max_num_fields=_MAX_FIELDS))
        except ValueError:
            return None
        at_home = (given.scheme.lower(), given.netloc.lower()) == (ours.scheme, ours.netloc.lower())
        slug = given.path.removeprefix(f"{ours.path}{ANSWERS}").removesuffix("/")
        if not at_home or slug == given.path or "/" in slug or not slug:
            return None
        return AnswerAddress(slug, fields)
