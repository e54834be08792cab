"""What a link to an answer shows where somebody shares it (https://ogp.me)."""

from collections.abc import Mapping
from typing import Final

from navis_api.kit.languages import Language
from navis_api.web.shown import LiveAnswer

PICTURE_WIDTH, PICTURE_HEIGHT = 1200, 630

_LOCALES: Final[Mapping[Language, str]] = {Language.ENGLISH: "en_US", Language.SPANISH: "es_ES"}


def open_graph(found: LiveAnswer, *, address: str, picture: str) -> list[tuple[str, str]]:
    """Return the properties of an answer's page, in order. `picture` is an address."""
    revision, words = found.revision, found.words
    described = [
        ("og:type", "article"),
        ("og:site_name", "Navis"),
        ("og:title", words.title),
        ("og:description", words.summary),
        ("og:url", address),
        ("og:locale", _LOCALES[words.language]),
        *(
            ("og:locale:alternate", _LOCALES[other])
            for other in found.languages
            if other is not words.language
        ),
        ("og:image", picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(PICTURE_WIDTH)),
        ("og:image:height", str(PICTURE_HEIGHT)),
        ("og:image:alt", "Navis: cancer information, with its sources"),
        ("article:modified_time", revision.updated_at.isoformat()),
    ]
    if revision.published_at:
        described.append(("article:published_time", revision.published_at.isoformat()))
    return described
