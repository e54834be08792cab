"""Items of lists, which say little without the line above them.

"Five men would die of it" goes on from "Of 1,000 men who are screened:". Copied alone it is a
sentence about something else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from navis_api.answers.drafts import DraftCitation, DraftClaim
from navis_api.answers.models import ClaimStyle
from navis_api.generation.llm.denials import denies
from navis_api.generation.llm.resolving import Resolver

# "Heat ablation: Needles heat the tumor." names what it is about itself.
_NAMING_ITSELF = re.compile(r"[^.:;\d]{3,80}: [A-Z]")


def is_copied_item(claim: DraftClaim, cited: Resolver) -> bool:
    """Whether a claim is an item of a list, word by word, that needs the line above it."""
    item = claim.citations[-1]
    return (
        claim.text == " ".join(item.quote.split())
        and bool(cited.lines_above(item))
        and not _NAMING_ITSELF.match(claim.text)
    )


def with_lead_ins(
    claims: Iterable[DraftClaim | None],
    cited: Resolver,
    may_be_quoted: Callable[[DraftCitation], bool],
) -> Iterator[DraftClaim | None]:
    """Yield claims in which copied items are bullets below a line: the model's, or their own.

    A line that the model wrote and that fell isn't replaced.
    """
    lead_in: DraftClaim | None = None
    fell = False
    for claim in claims:
        if claim is None:
            lead_in, fell = None, True
            yield None
            continue
        is_item = is_copied_item(claim, cited)
        if claim.style is not ClaimStyle.BULLET and not is_item:
            if lead_in is not None and claim.text == lead_in.text:
                # The model's own comes behind an item that it belongs above.
                continue
            lead_in, fell = (claim if claim.style is ClaimStyle.LEAD_IN else None), False
            yield claim
            continue
        bullet = replace(claim, style=ClaimStyle.BULLET)
        if is_item and lead_in is None and not fell:
            lead_in = _own_line(bullet, cited, may_be_quoted)
            if lead_in is not None:
                yield lead_in
        yield bullet


def _own_line(
    bullet: DraftClaim, cited: Resolver, may_be_quoted: Callable[[DraftCitation], bool]
) -> DraftClaim | None:
    above = cited.lines_above(bullet.citations[-1])
    line = above[-1]
    text = " ".join(line.quote.split())
    if len(above) > 1 or not text.endswith(":") or denies(text) or not may_be_quoted(line):
        return None
    return DraftClaim(text, ClaimStyle.LEAD_IN, (line,), bullet.facts)
