"""The words around a quote in its source, so that nobody has to read it out of its context."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.kit.text import squeeze
from navis_api.sources.models import SourceVersion

AROUND_CHARS = 160
"""How much is shown on each side: a sentence of the usual length."""

_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_ITEM_BEGINS = re.compile(r"^[^\S\n]*(?:-|\d+\.)[^\S\n]+", re.MULTILINE)
_CUT = "… "
_ITEM = "• "


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quote stands: characters of a version's text."""

    version_id: UUID
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands before and after it under the same heading; an ellipsis where that goes on."""

    before: str
    after: str


async def surroundings(session: AsyncSession, spans: Iterable[Span]) -> dict[Span, Surroundings]:
    """Return what stands around each of these quotes."""
    wanted = set(spans)
    rows = await session.execute(
        select(SourceVersion.id, SourceVersion.text).where(
            SourceVersion.id.in_({span.version_id for span in wanted})
        )
    )
    texts = {row.id: row.text for row in rows}
    return {
        span: _around(texts[span.version_id], span.start, span.end)
        for span in wanted
        if span.version_id in texts
    }


def _around(text: str, start: int, end: int) -> Surroundings:
    return Surroundings(
        before=_before(text[max(0, start - AROUND_CHARS) : start], cut=start > AROUND_CHARS),
        after=_after(text[end : end + AROUND_CHARS], cut=end + AROUND_CHARS < len(text)),
    )


def _before(text: str, *, cut: bool) -> str:
    *_, below = _HEADING.split(text)
    if below != text:
        return _plain(below)
    # The first word may be half of one.
    whole = text.partition(" ")[2] if cut else text
    plain = _plain(whole)
    return _CUT + plain if cut and plain else plain


def _after(text: str, *, cut: bool) -> str:
    above, *rest = _HEADING.split(text, maxsplit=1)
    if rest:
        return _plain(above)
    plain = _plain(text.rpartition(" ")[0] if cut else text)
    return f"{plain} …" if cut and plain else plain


def _plain(text: str) -> str:
    return squeeze(_ITEM_BEGINS.sub(_ITEM, text))
