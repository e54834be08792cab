"""The languages that our own texts are written in, and which of them a reader wants.

Source: RFC 9110, section 12.5.4 (Accept-Language) and RFC 4647, section 3.4 (lookup).
"""

import re
from enum import StrEnum
from functools import lru_cache

_MAX_RANGES = 20
_RANGE = re.compile(r"([A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8}){0,8}|\*)(?:;q=([01](?:\.\d{0,3})?))?")


class Language(StrEnum):
    """A language, by its ISO 639-1 code."""

    ENGLISH = "en"
    SPANISH = "es"


ORIGINAL = Language.ENGLISH
"""What we write in first, and what a reader gets whose languages we don't have."""


def language_of(locale: str) -> Language:
    """Return the language of a locale such as `es-US`, or the original one."""
    try:
        return Language(locale.replace("_", "-").partition("-")[0].lower())
    except ValueError:
        return ORIGINAL


@lru_cache(maxsize=256)
def preferred_language(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header likes best, of those we have.

    What is malformed in it is passed over: a reader is never refused for this header.
    """
    best, weight = ORIGINAL, 0.0
    for part in (accept_language or "").split(",")[:_MAX_RANGES]:
        found = _RANGE.fullmatch("".join(part.split()))
        if found is None:
            continue
        given = min(float(found[2] or 1), 1.0)
        spoken = _spoken(found[1])
        if spoken is not None and given > weight:
            best, weight = spoken, given
    return best


def _spoken(wanted: str) -> Language | None:
    """Return which of ours a language range means; `*` is the original."""
    if wanted == "*":
        return ORIGINAL
    code = wanted.replace("_", "-").partition("-")[0].lower()
    return Language(code) if code in list(Language) else None
