"""What a claim cites, as read, and a place in it that a part of the claim may rest on."""

from dataclasses import dataclass

from navis_api.generation.grounding.passages import Passage, Window
from navis_api.generation.grounding.reading import Reading


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that a claim cites, with the keys of the headings above it and its number."""

    passage: Passage
    headings: frozenset[str]
    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """A window that a part of a claim may rest on."""

    cited: Cited
    window: Window

    @property
    def reading(self) -> Reading:
        """The window's sentences as read."""
        return self.window.reading

    @property
    def above(self) -> set[str]:
        """The keys of the headings above the window and of the sentences before it."""
        keys = set(self.cited.headings)
        for reading in self.cited.passage.before(self.window):
            keys.update(reading.said)
        return keys

    @property
    def around(self) -> set[str]:
        """All that `above` has, and the keys of the window and of the sentences behind it."""
        keys = self.above | set(self.reading.said)
        for reading in self.cited.passage.behind(self.window):
            keys.update(reading.said)
        return keys
