"""Where a list ends, as far as it says so itself: web pages made nested lists flat.

"In stage IIIA, one of the following is true:" is completed by "A; or" and "B", and what stands
below these is of other stages. "There are two types of tests:" announces two.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from navis_api.sources.statements import Statement, StatementKind

# The item behind one of these is the last, unless it is one of these itself.
_ONE_MORE = re.compile(r"[;,.]? (?:or|and)$|;$", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?P<count>two|three|four|five|six|[2-6]) (?:\w+ ){0,2}(?:types|kinds|ways|forms|groups"
    r"|methods|procedures|categories|parts|phases|steps|sources|surgeries|tests)\b",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def announced(lead_in: str) -> int | None:
    """Return how many items a lead-in announces; None where it gives no number."""
    found = _ANNOUNCES.search(lead_in)
    if found is None:
        return None
    count = found["count"].lower()
    return _COUNTS.get(count) or int(count)


def end_of_list(text: str, statements: Sequence[Statement], lead_in: int, after: int) -> int:
    """Return where the list under a lead-in ends, at `after` or before it."""
    first = lead_in + 1
    if first >= after:
        return after
    depth = statements[first].depth
    items = [
        at
        for at in range(first, after)
        if statements[at].kind is not StatementKind.SENTENCE and statements[at].depth == depth
    ]
    said = {at: text[statements[at].start : statements[at].end].rstrip() for at in items}
    if any(said[at].endswith(":") for at in items):
        # What such an item introduces stands at the same depth where nesting was lost.
        return after
    for before, at in pairwise(items):
        if _ONE_MORE.search(said[before]) and not _ONE_MORE.search(said[at]):
            return next((later for later in items if later > at), after)
    count = announced(text[statements[lead_in].start : statements[lead_in].end])
    if count is not None and count < len(items):
        return items[count]
    return after
