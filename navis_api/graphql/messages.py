"""Messages of ours in a reader's language. They are written in English; here they are translated.

What readers of an app meet is translated: what stands in the way of asking, reading,
paging and giving feedback. What only developers and the staff meet stays in English.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import orjson

from navis_api.kit.languages import ORIGINAL, Language

_GAP = "{}"


@cache
def translations(language: Language) -> Mapping[str, str]:
    """Return our messages in a language, by the English ones. `{}` stands for what differs."""
    packed = files("navis_api.graphql").joinpath(f"messages_{language}.json").read_bytes()
    return orjson.loads(packed)


@cache
def _patterns(language: Language) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.*?)".join(map(re.escape, english.split(_GAP))), re.DOTALL), translated)
        for english, translated in translations(language).items()
        if _GAP in english
    ]


def in_language(message: str, language: Language) -> str:
    """Return one of our messages in a language, or as it is where that isn't translated."""
    if language is ORIGINAL:
        return message
    whole = translations(language).get(message)
    if whole is not None:
        return whole
    for pattern, translated in _patterns(language):
        found = pattern.fullmatch(message)
        if found is not None:
            return _filled(translated, found.groups())
    return message


def _filled(translated: str, values: tuple[str, ...]) -> str:
    first, *rest = translated.split(_GAP)
    return first + "".join(value + following for value, following in zip(values, rest, strict=True))
