"""Sources, as clients see them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

import strawberry

from navis_api.graphql.relay import Node
from navis_api.sources.repository import SourceView


@strawberry.type(description="A document that answers quote, in the version that was quoted.")
class Source(Node):
    """A document of the corpus."""

    days: strawberry.Private[Mapping[str, Any]]
    """When it was published, reviewed and read, as documents have it."""
    title: str = strawberry.field(description="Its title.")
    publisher: str = strawberry.field(description="Who publishes it.")
    url: str | None = strawberry.field(description="Where it can be read in full.")
    version: str | None = strawberry.field(description="Its version, as the publisher names it.")
    licence: str = strawberry.field(description="Under which terms it may be used.")

    @classmethod
    def quoted(cls, stored: Mapping[str, Any]) -> Self:
        """Return a source as an answer's document has it."""
        # A page may name hundreds: without its constructor, one is made in a third of the time.
        source = cls.__new__(cls)
        source.__dict__ = {
            "key": stored["version_id"],
            "days": stored,
            "title": stored["title"],
            "publisher": stored["publisher"],
            "url": stored["url"],
            "version": stored["version"],
            "licence": stored["licence"],
        }
        return source

    @classmethod
    def of(cls, view: SourceView) -> Self:
        """Return a source as the corpus has it."""
        return cls(
            key=view.version.id,
            days={
                "published_on": _text(view.version.published_on),
                "last_reviewed_on": _text(view.version.last_reviewed_on),
                "accessed_on": _text(view.version.accessed_on),
            },
            title=view.source.title,
            publisher=view.source.publisher,
            url=view.source.url,
            version=view.version.version,
            licence=view.source.licence,
        )

    @strawberry.field(description="When it was published.")
    def published_on(self) -> date | None:
        """Read it."""
        return _day(self.days["published_on"])

    @strawberry.field(description="When its publisher last reviewed it.")
    def last_reviewed_on(self) -> date | None:
        """Read it."""
        return _day(self.days["last_reviewed_on"])

    @strawberry.field(description="When we read it.")
    def accessed_on(self) -> date | None:
        """Read it."""
        return _day(self.days["accessed_on"])


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
