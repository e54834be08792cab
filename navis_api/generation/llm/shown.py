"""The passages that a model is shown, with what is known of the documents they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.sources import repository as sources
from navis_api.sources.repository import SourceView
from navis_api.sources.retrieval import Candidate


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage: `text` is the text of that version of a source from `start` on.

    `headings` begin with the document's title.
    """

    version_id: UUID
    start: int
    text: str
    headings: tuple[str, ...]
    title: str
    publisher: str
    version: str | None
    published_on: date | None
    last_reviewed_on: date | None
    url: str | None
    cancer_ids: frozenset[UUID]

    @property
    def edition(self) -> str | None:
        """What tells its version from others: the name that the publisher gave it, or a date."""
        dated = self.last_reviewed_on or self.published_on
        return self.version or (dated.isoformat() if dated else None)

    @property
    def locator(self) -> str | None:
        """The nearest heading, where it isn't the title."""
        return self.headings[-1] if len(self.headings) > 1 else None


async def shown_passages(
    session: AsyncSession, found: Sequence[Candidate]
) -> tuple[ShownPassage, ...]:
    """Return what was found, in its order, with publishers and versions."""
    views = await sources.views_of_versions(session, list({each.version_id for each in found}))
    return tuple(_shown(each, views) for each in found if each.version_id in views)


def _shown(found: Candidate, views: Mapping[UUID, SourceView]) -> ShownPassage:
    view = views[found.version_id]
    return ShownPassage(
        version_id=found.version_id,
        start=found.start,
        text=found.text,
        headings=found.headings,
        title=found.title,
        publisher=view.source.publisher,
        version=view.version.version,
        published_on=view.version.published_on,
        last_reviewed_on=view.version.last_reviewed_on,
        url=found.url,
        cancer_ids=found.cancer_ids,
    )
