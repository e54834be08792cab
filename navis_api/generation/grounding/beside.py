"""A sentence of a claim laid beside each sentence of what it cites: which words stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.passages import Passage
from navis_api.generation.grounding.reading import Reading

_GENERAL_WEIGHT = 0.4
_AS_MUCH = 0.75
"""A sentence that says that share of what the nearest one says carries a claim as well."""


@dataclass(frozen=True)
class Beside:
    """A claim's words that a sentence has (read with its lead-in), each with its places there."""

    part: Part
    reading: Reading

    @cached_property
    def places(self) -> dict[int, tuple[int, ...]]:
        """The places of the claim's words in the sentence.

        The name of the answer's cancer counts where the claim says nothing else.
        """
        content = [at for at in self.part.content if at not in self.part.known]
        if not any(self.part.token(at).tells for at in content):
            # "You have melanoma" says nothing but the name.
            content = list(self.part.content)
        found: dict[int, tuple[int, ...]] = {}
        for at in content:
            keys = self.part.token(at).keys
            places = tuple(place for key in keys for place in self.reading.said.get(key, ()))
            if places:
                found[at] = places
        return found

    @cached_property
    def weight(self) -> float:
        """How much of the claim the sentence says."""
        return self.weight_of(self.places)

    def weight_of(self, words: Sequence[int] | dict[int, tuple[int, ...]]) -> float:
        """How much some words of the claim say; general ones say little."""
        return sum(1.0 if self.part.token(at).tells else _GENERAL_WEIGHT for at in words)


def lay_beside(everything: Part, passages: Sequence[Passage]) -> list[Beside]:
    """Return a claim beside each sentence of what it cites, the one that says most of it first."""
    found = [
        Beside(everything, window.reading)
        for passage in passages
        for window in passage.windows
        if window.sentences == 1
    ]
    return sorted(found, key=lambda each: -each.weight)


def nearest(beside: Sequence[Beside]) -> list[Beside]:
    """Return the sentences that say about most of a claim; none where nothing of it is said."""
    most = beside[0].weight if beside else 0.0
    return [each for each in beside if most and each.weight >= _AS_MUCH * most]
