"""Words and phrases that people put for one another, loosely: groups in our own words.

`near.txt` holds a group a line. What is in one group doesn't mean the same ("gullet",
"esophageal"), but a claim that has the one where its evidence has the other says little new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from navis_api.generation.grounding.lexicon import Roots, roots_of

_FILE = "near.txt"


@dataclass(frozen=True, slots=True)
class NearWords:
    """The groups of each word or phrase, by its roots; `longest` in words."""

    groups: dict[Roots, frozenset[int]]
    longest: int

    def spans(self, roots: Sequence[str]) -> list[tuple[int, int, frozenset[int]]]:
        """Return each phrase of some group: its first word, the word behind it, its groups."""
        found: list[tuple[int, int, frozenset[int]]] = []
        for first in range(len(roots)):
            for behind in range(first + 1, min(first + self.longest, len(roots)) + 1):
                groups = self.groups.get(tuple(roots[first:behind]))
                if groups is not None:
                    found.append((first, behind, groups))
        return found


@cache
def near_words() -> NearWords:
    """Return the groups, read once."""
    written = files("navis_api.generation.grounding.closeness").joinpath(_FILE).read_text("utf-8")
    lines = [line for line in written.splitlines() if line and not line.startswith("#")]
    groups: dict[Roots, set[int]] = {}
    for number, line in enumerate(lines):
        for phrase in line.split(","):
            groups.setdefault(roots_of(phrase), set()).add(number)
    return NearWords(
        groups={roots: frozenset(numbers) for roots, numbers in groups.items()},
        longest=max(map(len, groups)),
    )
