"""What a claim cites: the words of a passage, and what is known of where they stand."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage, or the quote out of it, that a claim is checked against.

    `headings` are the path to it, the document's title first or left out. `cancer_ids` are the
    cancers that the passage is about; none when that isn't known or it is a general text.
    """

    text: str
    headings: tuple[str, ...] = ()
    title: str = ""
    publisher: str = ""
    version: str | None = None
    published_on: date | None = None
    last_reviewed_on: date | None = None
    url: str | None = None
    cancer_ids: frozenset[UUID] = frozenset()

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The title and the headings, each once."""
        return tuple(part for part in dict.fromkeys((self.title, *self.headings)) if part)
