"""Citations that carry nothing: without them the claim stands as well.

A quote that a claim doesn't rest on would lend it what stands around that quote: its heading, its
place in a list, the patient whom it is said of.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain

from navis_api.answers.drafts import DraftCitation, DraftClaim
from navis_api.generation.llm.resolving import Resolver


def without_needless(
    claim: DraftClaim,
    cited: Resolver,
    *,
    stands: Callable[[DraftClaim], bool],
    heading: str,
) -> DraftClaim:
    """Return a claim that stands with only those citations that it needs for that.

    An item of a list keeps the lines that it completes. Of two that carry the claim alike, the
    one below `heading` stays, and else the first.
    """
    kept = [*cited.cited_together(claim)]
    last_first = kept[::-1]
    last_first.sort(key=lambda one: _stands_below(heading, one, cited))
    for each in last_first:
        fewer = [other for other in kept if other != each]
        left = replace(claim, citations=tuple(dict.fromkeys(chain(*fewer))))
        if fewer and stands(left):
            kept, claim = fewer, left
    return claim


def _stands_below(heading: str, citations: Iterable[DraftCitation], cited: Resolver) -> bool:
    return any(heading in cited.passage(each).headings[1:] for each in citations)
