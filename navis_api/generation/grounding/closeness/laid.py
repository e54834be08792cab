"""A claim laid along the sentences that say most of it: where each of its words is said."""

from dataclasses import dataclass

from navis_api.generation.grounding.closeness.alignment import Alignment
from navis_api.generation.grounding.closeness.lines import Line, joined


@dataclass(frozen=True)
class Laid:
    """A claim and the sentences that say most of it as lines.

    `said_at` has each token of the claim that tells something and is said there, with the places.
    """

    claim: Line
    evidence: Line
    said_at: dict[int, tuple[int, ...]]


def lay(aligned: Alignment) -> Laid:
    """Lay a claim beside its evidence, in the order in which that stands there."""
    claim = aligned.claim.line
    numbers = sorted({aligned.first, aligned.second})
    evidence = joined([aligned.sentences[number].line for number in numbers])
    said_at: dict[int, tuple[int, ...]] = {}
    for at, tells in enumerate(claim.tells):
        if not tells:
            continue
        said = {place for key in claim.keys[at] for place in evidence.said.get(key, ())}
        said = said or {
            place for group in claim.groups[at] for place in evidence.grouped.get(group, ())
        }
        if said:
            said_at[at] = tuple(sorted(said))
    return Laid(claim, evidence, said_at)
