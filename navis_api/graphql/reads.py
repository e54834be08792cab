"""What a response rests on: which published things were read, and whether anything else was."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

PUBLISHED = "published"
_MOST_TAGS = 1_000


def answer_tag(id_: UUID) -> str:
    """Return the tag of a published answer."""
    return f"answer:{id_}"


@dataclass(slots=True)
class ReadLog:
    """Filled by resolvers and loaders while an operation is executed.

    `tags` name what was read: `answer:<uuid>`, `question:<uuid>`, `cancer:<uuid>` for a list
    of that cancer's questions, `published` for whatever any publication may change (other
    lists, searches, counts, and what was looked for and not found). `private` is set as soon
    as something was read that is not public to everybody alike.
    """

    tags: set[str] = field(default_factory=set[str])
    private: bool = False

    def answer(self, id_: UUID) -> None:
        """Note that a published answer was read."""
        self._note(answer_tag(id_))

    def again(self, tags: Iterable[str]) -> None:
        """Note what something rests on that was made before."""
        self.tags.update(tags)
        if len(self.tags) > _MOST_TAGS:
            self.tags = {PUBLISHED}

    def question(self, id_: UUID) -> None:
        """Note that an answered question was read."""
        self._note(f"question:{id_}")

    def cancer(self, id_: UUID) -> None:
        """Note that a list of a cancer's questions, or their count, was read."""
        self._note(f"cancer:{id_}")

    def published(self) -> None:
        """Note something that any publication may change."""
        self._note(PUBLISHED)

    def keep_private(self) -> None:
        """Note something that not everybody may see, or not for as long as it is published."""
        self.private = True

    def _note(self, tag: str) -> None:
        # A WebSocket's log lasts as long as the connection: what is too much to tell apart
        # changes with any publication.
        if len(self.tags) < _MOST_TAGS:
            self.tags.add(tag)
        else:
            self.tags = {PUBLISHED}
