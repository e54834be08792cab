"""Sources, as clients see them."""

from datetime import date
from typing import Self

import strawberry

from navis_api.answers.document import ContentSource
from navis_api.graphql.relay import Node, global_id
from navis_api.sources.repository import SourceView


@strawberry.type(description="A document that answers quote, in the version that was quoted.")
class Source(Node):
    """A document of the corpus."""

    title: str = strawberry.field(description="Its title.")
    publisher: str = strawberry.field(description="Who publishes it.")
    url: str | None = strawberry.field(description="Where it can be read in full.")
    version: str | None = strawberry.field(description="Its version, as the publisher names it.")
    published_on: date | None = strawberry.field(description="When it was published.")
    last_reviewed_on: date | None = strawberry.field(
        description="When its publisher last reviewed it."
    )
    accessed_on: date | None = strawberry.field(description="When we read it.")
    licence: str = strawberry.field(description="Under which terms it may be used.")

    @classmethod
    def quoted(cls, source: ContentSource) -> Self:
        """Return a source as a citation names it."""
        return cls(
            id=global_id("Source", source.version_id),
            title=source.title,
            publisher=source.publisher,
            url=source.url,
            version=source.version,
            published_on=source.published_on,
            last_reviewed_on=source.last_reviewed_on,
            accessed_on=source.accessed_on,
            licence=source.licence,
        )

    @classmethod
    def of(cls, view: SourceView) -> Self:
        """Return a source as the corpus has it."""
        return cls(
            id=global_id("Source", view.version.id),
            title=view.source.title,
            publisher=view.source.publisher,
            url=view.source.url,
            version=view.version.version,
            published_on=view.version.published_on,
            last_reviewed_on=view.version.last_reviewed_on,
            accessed_on=view.version.accessed_on,
            licence=view.source.licence,
        )
