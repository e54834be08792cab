"""The content of revisions, as a process remembers it.

A revision's content never changes: whoever edits an answer makes a new revision. So it is kept
by the revision's id, with what was made of it, and nothing has to be taken out but for want of
room. Which revision readers get is asked of Postgres each time: what was retracted is never
looked up here. Only published content comes here, never anybody's own.
"""

from collections.abc import Hashable
from typing import Any, Final

import orjson

from navis_api.answers.document import AnswerContent, content_from_json
from navis_api.kit.bounded import BoundedMemory

_SHARE: Final = 3
"""What is made of some JSON takes about so many times the memory of the JSON itself."""


ContentMemory = BoundedMemory[Any, Any]
"""The memory of `Published`: here, `KnownContent` by revision and part."""


class KnownContent:
    """One revision's content, or its citations alone, with what was made of it."""

    __slots__ = ("_content", "_key", "_made", "_memory", "stored")

    def __init__(self, text: str, key: Hashable, memory: ContentMemory) -> None:
        self.stored: Any = orjson.loads(text)
        self._content: AnswerContent | None = None
        self._key = key
        self._memory = memory
        self._made: dict[Hashable, Any] = {}
        memory.keep(key, self, _SHARE * len(text))

    @property
    def content(self) -> AnswerContent:
        """The content in full, for whoever renders it."""
        if self._content is None:
            self._content = content_from_json(self.stored)
        return self._content

    def find(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was made
        """Return what was made of this content before."""
        return self._made.get(key)

    def keep(self, key: Hashable, made: object, size: int) -> None:
        """Keep what was made of this content and of nothing else. `size`: of its JSON."""
        self._made[key] = made
        self._memory.grow(self._key, _SHARE * size)
