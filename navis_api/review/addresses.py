"""The address under which an answer is published: readable, unique, and kept for ever."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import InvalidInput
from navis_api.kit.text import words
from navis_api.review import repository
from navis_api.review.errors import AddressStays, AddressTaken
from navis_api.review.holding import Held

MAX_SLUG_CHARS = 120
_MOST_MADE_CHARS = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_WITHOUT_WORDS = "answer"


async def address_for(session: AsyncSession, held: Held, wanted: str | None) -> str:
    """Return the slug for an answer: the one it was public under, else `wanted`, else a new one.

    One that was wanted when a publication was scheduled is kept for it. Publications are
    held, so that nobody else takes it meanwhile. Raises AddressStays, AddressTaken and
    InvalidInput.
    """
    public = held.question.slug
    if public is not None:
        if wanted not in (None, public):
            raise AddressStays(public)
        return public
    if wanted is None:
        wanted = held.answer.slug
    if wanted is not None:
        if len(wanted) > MAX_SLUG_CHARS or not _SLUG.fullmatch(wanted):
            raise InvalidInput(
                f"A slug has words of a-z and 0-9 with single hyphens between them, and"
                f" {MAX_SLUG_CHARS} characters at most.",
                path=("input", "slug"),
            )
        if await repository.taken_slugs(session, [wanted], but_of=held.question.id):
            raise AddressTaken
        return wanted
    readable = made_from(held.question.text)
    return await _first_free(session, readable, held)


async def _first_free(session: AsyncSession, readable: str, held: Held) -> str:
    number = 1
    while True:
        tried = [
            readable if each == 1 else f"{readable}-{each}" for each in range(number, number + 20)
        ]
        taken = await repository.taken_slugs(session, tried, but_of=held.question.id)
        free = next((slug for slug in tried if slug not in taken), None)
        if free is not None:
            return free
        number += len(tried)


def made_from(text: str) -> str:
    """Return a readable slug of a text's words; whole words, as many as fit."""
    slug = ""
    for word in words(text):
        plain = _NOT_PLAIN.sub("", word)
        longer = f"{slug}-{plain}" if slug and plain else slug + plain
        if len(longer) > _MOST_MADE_CHARS:
            break
        slug = longer
    return slug or _WITHOUT_WORDS
