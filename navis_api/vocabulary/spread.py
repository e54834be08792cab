"""Where a cancer has spread: "it spread to my lungs", "hasn't spread to the lymph nodes"."""

import re
from collections.abc import Iterator

_SPREAD = re.compile(
    r"\b(?P<lead>(?:[\w'’]+\s+){0,5})spread(?P<to>\s+(?:out\s+)?(?:to|into|beyond|through|throughout|from|outside"
    r"|within|elsewhere|widely|and)\b(?P<where>(?:[\s,(/-]+[\w-]+){0,6}))?",
    re.IGNORECASE,
)
_MIGHT_SPREAD = re.compile(
    r"\b(?:can|could|may|might|will|would|likely\s+to|to|does|do|did|how|if|often|usually|that\s+tends?\s+to|the|of"
    r"|commonly|whether)\s+(?:[\w'’]+\s+){0,3}$",
    re.IGNORECASE,
)
_HAS_SPREAD = re.compile(
    r"(?:\b(?:has|have|had|is|was|are|were|it)|['’]s)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_NOT_SPREAD = re.compile(
    r"(?:\bnot|n['’]t|\bnever|\bwithout|\bno)\s+(?:[\w'’]+\s+){0,2}$", re.IGNORECASE
)
_LYMPH = re.compile(r"\b(?:lymph|nodes?)\b", re.IGNORECASE)
_NEARBY = re.compile(
    r"\b(?:near|nearby|regional|surrounding|local|adjacent|neighboring|closest|tissues?|muscles?|wall|layers?|lining|skin"
    r"|into|within|through|outside|beyond|from)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:other|distant|elsewhere|throughout|liver|lungs?|bones?|brain|spine|far|different|rest|organs?|places|parts"
    r"|peritoneum|abdomen|widely|adrenal|pleura|body)\b",
    re.IGNORECASE,
)


def spread_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Give where a text says that a cancer has spread, or that it hasn't.

    Each is a key ("metastatic", "nonmetastatic", "regional", "node_positive", "node_negative")
    with its start and end; what a cancer might do isn't read.
    """
    for found in _SPREAD.finditer(text):
        lead, to = found["lead"], found["to"] or ""
        is_negated = _NOT_SPREAD.search(lead) is not None
        if _MIGHT_SPREAD.search(lead) or not (is_negated or to or _HAS_SPREAD.search(lead)):
            continue
        start, end = found.end("lead"), found.end()
        has_lymph = _LYMPH.search(to) is not None
        is_elsewhere = _ELSEWHERE.search(to) is not None
        if has_lymph:
            nodes = "node_negative" if is_negated else "node_positive"
            yield nodes, start, end
        if is_elsewhere or (not has_lymph and not _NEARBY.search(to)):
            extent = "nonmetastatic" if is_negated else "metastatic"
            yield extent, start, end
        elif not is_negated:
            yield "regional", start, end
