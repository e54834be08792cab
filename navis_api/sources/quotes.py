"""Quotes: whether they are what stands in their source, to the letter (law 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import NavisError
from navis_api.sources import retrieval_repository as repository


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """A quote and where it is said to stand: characters `start` to `end` of that version."""

    version_id: UUID
    start: int
    end: int
    quote: str


class QuoteDiffers(NavisError):
    """A quote isn't what stands in its source, or its source isn't there."""

    def __init__(self, version_id: UUID) -> None:
        super().__init__(f"A quote differs from its source (version {version_id}).")
        self.version_id = version_id


async def require_exact(session: AsyncSession, spans: Sequence[QuotedSpan]) -> None:
    """Compare quotes with their sources' stored texts. Raises QuoteDiffers."""
    texts = await repository.text_of_versions(session, (span.version_id for span in spans))
    for span in spans:
        text = texts.get(span.version_id)
        if text is None or text[span.start : span.end] != span.quote:
            raise QuoteDiffers(span.version_id)
